using System.Text.Json;
using System.Text.Json.Nodes;
using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Control;

/// <summary>PUT changes only the knobs it names.</summary>
internal static class FaultRoutes
{
    public static void Map(IEndpointRouteBuilder sandbox)
    {
        sandbox.MapGet("/faults", (World world) => Control.Json(world.Read(w => w.Faults)));
        sandbox.MapPut("/faults", async (World world, JsonObject wanted) =>
        {
            try
            {
                return Control.Json(await world.Change(w => Set(w, Merge(w.Faults, wanted))));
            }
            catch (Exception wrong) when (wrong is JsonException or FormatException or InvalidOperationException)
            {
                return Control.Refuse(wrong.Message);
            }
        });
        sandbox.MapPost("/faults/reset", async (World world) => Control.Json(await world.Change(w => Set(w, new Faults()))));
    }

    public static Faults Set(World world, Faults faults)
    {
        var reseed = faults.Seed != world.Faults.Seed || faults == new Faults();
        world.FaultSettings.Put(faults);
        if (reseed) world.Reseed();
        return faults;
    }

    private static Faults Merge(Faults now, JsonObject wanted)
    {
        var merged = JsonSerializer.SerializeToNode(now, SandboxJson.Control)!.AsObject();
        foreach (var (name, value) in wanted)
        {
            if (!merged.ContainsKey(name)) throw new FormatException($"There is no fault called {name}.");
            merged[name] = name == "timeoutAfterEffect" ? AsTimeout(now.TimeoutAfterEffect, value) : value?.DeepClone();
        }

        var faults = merged.Deserialize<Faults>(SandboxJson.Control)!;
        int[] percentages = [faults.DuplicateWebhooks, faults.DropWebhooks, faults.TimeoutAfterEffect.Percent];
        if (percentages.Any(percent => percent is < 0 or > 100)) throw new FormatException("A percentage is 0 to 100.");
        if (faults.DelayMs is < 0 or > 60_000 || faults.DelayWebhooksMs is < 0 or > 600_000)
            throw new FormatException("A delay is 0 to 60000 ms (webhooks 600000).");
        if (faults.HoldMinutes is < 0 or > 43_200) throw new FormatException("A hold lasts 1 to 43200 minutes; 0 is as usual.");
        if (faults.DeclineNext < 0 || faults.PayoutsLostBefore < 0 || faults.AuthenticateNext < 0 || faults.TimeoutAfterEffect.Next < 0) throw new FormatException("A count is not negative.");
        int[] texts = [faults.SmsLostBefore, faults.SmsLostAfter, faults.SmsTooMany, faults.SmsBroken, faults.SmsUndelivered, faults.MailTooMany, faults.MailBroken, faults.MailGarbage, faults.MailLostBefore, faults.MailBounces,
            faults.PushLostBefore, faults.PushLostAfter, faults.PushTooMany, faults.PushBusy];
        if (texts.Any(count => count < 0)) throw new FormatException("A count is not negative.");
        return faults;
    }

    /// <summary>A number is a percentage; an object says <c>percent</c>, <c>next</c> or both.</summary>
    private static JsonObject AsTimeout(TimeoutFault now, JsonNode? value) => value is JsonObject parts
        ? new JsonObject { ["percent"] = (int?)parts["percent"] ?? now.Percent, ["next"] = (int?)parts["next"] ?? now.Next }
        : new JsonObject { ["percent"] = (int?)value ?? 0, ["next"] = 0 };
}
