using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Guildhall.Sandbox.Mail;
using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Protocol;

namespace Guildhall.Sandbox.SendGrid;

/// <summary>SendGrid's mail send, version 3: bearer key, its error lists, 202 with <c>X-Message-Id</c>. What it takes stands in the mailbox.</summary>
internal static class SendGridRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v3/mail/send", Send);
        routes.MapGet("/sandbox/sendgrid/key", (SendGridSigner signer) => Control.Control.Json(new { publicKey = signer.PublicKey }));
    }

    private static async Task<IResult> Send(HttpContext http, World world, SandboxOptions options)
    {
        if (!string.Equals(http.Request.Headers.Authorization, "Bearer " + options.SendGrid.Key, StringComparison.Ordinal)) return SendGridRefusal.NotLetIn.ToHttp();
        if (world.Read(w => w.Faults.DelayMs) is > 0 and var wait) await Task.Delay(wait, http.RequestAborted);
        switch (await world.Change(MailMishaps.Take))
        {
            case MailMishap.TooMany: return SendGridRefusal.TooMany.ToHttp();
            case MailMishap.Broken: return Results.StatusCode(500);
            case MailMishap.Garbage: return MailMishaps.Garbage();
            case MailMishap.LostBefore: return await Lose(http);
            case MailMishap.None: break;
        }
        if (!http.Request.HasJsonContentType()) return new SendGridRefusal(400, "Content-Type should be application/json.").ToHttp();
        JsonElement body;
        try { body = await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body, cancellationToken: http.RequestAborted); }
        catch (JsonException) { return new SendGridRefusal(400, "Bad Request").ToHttp(); }
        var (mail, wrong) = CheckMail.Run(body);
        if (wrong is not null) return wrong.ToHttp();
        if (mail!.OnlyChecked) return Results.StatusCode(200);

        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        var lost = await world.Change(w =>
        {
            SendGridEvents.Tell(w, options.SendGrid, mail, id, MailMishaps.TakeBounce(w));
            return TakeTimeoutFault.From(w);
        });
        if (lost) return await Lose(http);
        http.Response.Headers["X-Message-Id"] = id;
        return Results.StatusCode(202);
    }

    private static async Task<IResult> Lose(HttpContext http)
    {
        await TakeTimeoutFault.HoldAndClose(http);
        return Results.Empty;
    }
}
