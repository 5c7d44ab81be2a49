using System.Text;
using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Protocol;

namespace Guildhall.Sandbox.Twilio;

/// <summary>The Messages resource: create, read, list. Basic authentication with account and token, form bodies, Twilio's own error numbers.</summary>
internal static class TwilioRoutes
{
    private const string Messages = "/2010-04-01/Accounts/{account}/Messages";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Messages + ".json", Create);
        routes.MapGet(Messages + ".json", (HttpContext http, World world, SandboxOptions options, string account, string? To, int? PageSize) =>
            Refuse(http, options, account) is { } refusal ? refusal.ToHttp() : Results.Json(new
            {
                messages = world.Read(w => w.Texts.NewestFirst(string.IsNullOrEmpty(To) ? null : TextMessage.KeyOf(To)).Take(Math.Clamp(PageSize ?? 50, 1, 1000)).Select(t => t.OnTheWire()).ToArray()),
                page = 0, page_size = Math.Clamp(PageSize ?? 50, 1, 1000), next_page_uri = (string?)null,
            }, SandboxJson.Wire));
        routes.MapGet(Messages + "/{sid}.json", (HttpContext http, World world, SandboxOptions options, string account, string sid) =>
            Refuse(http, options, account) is { } refusal ? refusal.ToHttp()
                : world.Read(w => w.Texts.Find(sid)) is { } text ? Results.Json(text.OnTheWire(), SandboxJson.Wire) : TwilioRefusal.NotFound.ToHttp());
        routes.Map("/2010-04-01/{**rest}", () => TwilioRefusal.NotFound.ToHttp());
    }

    private static async Task<IResult> Create(HttpContext http, World world, SandboxOptions options, TellStatus status, string account)
    {
        if (Refuse(http, options, account) is { } notLetIn) return notLetIn.ToHttp();
        if (!http.Request.HasFormContentType) return new TwilioRefusal(415, 20415, "Unsupported Media Type").ToHttp();
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var faults = world.Read(w => w.Faults);
        if (faults.DelayMs > 0) await Task.Delay(faults.DelayMs, http.RequestAborted);
        if (await world.Change(w => Take(w, f => f.SmsTooMany, (f, n) => f with { SmsTooMany = n }))) return TwilioRefusal.TooMany.ToHttp();
        if (await world.Change(w => Take(w, f => f.SmsBroken, (f, n) => f with { SmsBroken = n }))) return TwilioRefusal.Broken.ToHttp();
        if (CheckText.Run(form, options.SmsFrom) is { } wrong) return wrong.ToHttp();
        if (await world.Change(w => Take(w, f => f.SmsLostBefore, (f, n) => f with { SmsLostBefore = n }))) return await Lose(http);

        var text = new TextMessage("SM" + Convert.ToHexStringLower(Guid.NewGuid().ToByteArray()), account, form["From"]!, form["To"]!, Body(form), "queued", null,
            form["StatusCallback"] is [{ Length: > 0 } callback] ? callback : null, world.Read(w => w.Now));
        var lost = await world.Change(w =>
        {
            w.Texts.Put(text with { IsFree = form["ContentSid"].Count == 0, WillFail = Take(w, f => f.SmsUndelivered, (f, n) => f with { SmsUndelivered = n }) });
            return Take(w, f => f.SmsLostAfter, (f, n) => f with { SmsLostAfter = n });
        });
        status.Watch(text.Sid);
        return lost ? await Lose(http) : Results.Json(text.OnTheWire(), SandboxJson.Wire, statusCode: 201);
    }

    private static string Body(IFormCollection form) => form["ContentSid"] is [{ Length: > 0 } content]
        ? WhatsAppContents.Fill(content, WhatsAppContents.Variables(form["ContentVariables"].ToString()) ?? new Dictionary<string, string>())! : form["Body"].ToString();

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

    private static TwilioRefusal? Refuse(HttpContext http, SandboxOptions options, string account)
    {
        var header = http.Request.Headers.Authorization.ToString();
        var expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.TwilioSid}:{options.TwilioToken}"));
        if (!string.Equals(header, expected, StringComparison.Ordinal)) return TwilioRefusal.NotLetIn;
        return string.Equals(account, options.TwilioSid, StringComparison.Ordinal) ? null : TwilioRefusal.NotFound;
    }
}
