using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Protocol;

namespace Guildhall.Sandbox.Firebase;

/// <summary>Google's token endpoint and the send of Firebase Cloud Messaging, HTTP version 1. A token that begins with <c>gone</c> is one of an app that was taken off its device,
/// one that begins with <c>other</c> belongs to another project.</summary>
internal static partial class FirebaseRoutes
{
    private const int MostBytes = 4096;
    private const string Grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/google/token", Token);
        routes.MapPost("/v1/projects/{project}/messages:send", Send);
        routes.MapGet("/sandbox/firebase/account", (FirebaseAccount account) => Results.Text(account.KeyFile, "application/json"));
    }

    private static async Task<IResult> Token(HttpContext http, World world, FirebaseAccount account)
    {
        if (!http.Request.HasFormContentType) return Refused("invalid_request", "Missing required parameter: grant_type");
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (form["grant_type"] != Grant) return Refused("unsupported_grant_type", $"Invalid grant_type: {form["grant_type"]}");
        var (token, wrong) = account.Exchange(form["assertion"].ToString(), world.Read(w => w.UnixNow));
        return token is null ? Refused("invalid_grant", wrong) : Results.Json(new { access_token = token, expires_in = FirebaseAccount.Lives, token_type = "Bearer" });

        static IResult Refused(string error, string says) => Results.Json(new { error, error_description = says }, statusCode: 400);
    }

    private static async Task<IResult> Send(HttpContext http, World world, FirebaseAccount account, string project)
    {
        var bearer = http.Request.Headers.Authorization.ToString();
        if (!bearer.StartsWith("Bearer ", StringComparison.Ordinal) || !account.Knows(bearer["Bearer ".Length..], world.Read(w => w.UnixNow))) return FirebaseRefusal.NotLetIn.ToHttp();
        if (project != FirebaseAccount.Project) return FirebaseRefusal.NoProject.ToHttp();
        if (world.Read(w => w.Faults.DelayMs) is > 0 and var wait) await Task.Delay(wait, http.RequestAborted);
        if (await world.Change(w => Take(w, f => f.PushTooMany, (f, n) => f with { PushTooMany = n }))) return Later(http, FirebaseRefusal.TooMany, "120");
        if (await world.Change(w => Take(w, f => f.PushBusy, (f, n) => f with { PushBusy = n }))) return Later(http, FirebaseRefusal.Busy, "30");
        if (await world.Change(w => Take(w, f => f.PushLostBefore, (f, n) => f with { PushLostBefore = n }))) return await Lose(http);
        JsonElement body;
        try { body = await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body, cancellationToken: http.RequestAborted); }
        catch (JsonException) { return FirebaseRefusal.Wrong("message", "Invalid JSON payload received.").ToHttp(); }
        if (Read(body, world.Read(w => w.Now), out var message) is { } wrong) return wrong.ToHttp();
        var name = $"projects/{project}/messages/{message!.Id}";
        if (body.TryGetProperty("validateOnly", out var only) && only.ValueKind is JsonValueKind.True) return Results.Json(new { name = $"projects/{project}/messages/fake_message_id" });
        var lost = await world.Change(w =>
        {
            w.Pushes.Put(message);
            return Take(w, f => f.PushLostAfter, (f, n) => f with { PushLostAfter = n });
        });
        return lost ? await Lose(http) : Results.Json(new { name });
    }

    private static FirebaseRefusal? Read(JsonElement body, DateTimeOffset now, out PushMessage? message)
    {
        message = null;
        if (Child(body, "message") is not { } asked) return FirebaseRefusal.Wrong("message", "Message is not set.");
        if (Text(asked, "token") is not { } token || !Registered().IsMatch(token)) return FirebaseRefusal.NoToken;
        if (token.StartsWith("gone", StringComparison.Ordinal)) return FirebaseRefusal.Unregistered;
        if (token.StartsWith("other", StringComparison.Ordinal)) return FirebaseRefusal.OtherSender;
        if (Encoding.UTF8.GetByteCount(asked.GetRawText()) > MostBytes) return FirebaseRefusal.Wrong("message", "Android message is too big");
        if (Child(Child(asked, "android"), "ttl") is { } && !Seconds().IsMatch(Text(Child(asked, "android")!.Value, "ttl") ?? "")) return FirebaseRefusal.Wrong("message.android.ttl", "Illegal duration format");
        var data = Child(asked, "data");
        if (data is { } pairs && pairs.EnumerateObject().Where(p => p.Value.ValueKind is not JsonValueKind.String || p.Name is "from" || p.Name.StartsWith("google", StringComparison.Ordinal)).Select(p => p.Name).FirstOrDefault() is { } odd)
            return FirebaseRefusal.Wrong($"message.data[{odd}].value", "Invalid value");
        var shown = Child(asked, "notification");
        var tag = Child(Child(asked, "android"), "notification") is { } android ? Text(android, "tag") : null;
        message = new PushMessage($"0:{Guid.NewGuid():n}", token, shown is { } a ? Text(a, "title") ?? "" : "", shown is { } b ? Text(b, "body") ?? "" : "", tag, data is { } d ? Text(d, "link") : null, now);
        return null;
    }

    private static IResult Later(HttpContext http, FirebaseRefusal refusal, string seconds)
    {
        http.Response.Headers.RetryAfter = seconds;
        return refusal.ToHttp();
    }

    private static bool Take(World world, Func<Faults, int> left, Func<Faults, int, Faults> with)
    {
        if (left(world.Faults) is not (> 0 and var count)) return false;
        world.FaultSettings.Put(with(world.Faults, count - 1));
        return true;
    }

    private static async Task<IResult> Lose(HttpContext http)
    {
        await TakeTimeoutFault.HoldAndClose(http);
        return Results.Empty;
    }

    private static JsonElement? Child(JsonElement? of, string name) => of is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement of, string name) => of.ValueKind is JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    [GeneratedRegex("^[A-Za-z0-9_:-]{20,4096}$", RegexOptions.None, 200)]
    private static partial Regex Registered();

    [GeneratedRegex("^[0-9]{1,7}s$", RegexOptions.None, 200)]
    private static partial Regex Seconds();
}
