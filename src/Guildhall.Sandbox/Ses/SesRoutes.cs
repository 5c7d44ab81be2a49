using System.Text.Json.Nodes;
using Guildhall.Sandbox.Mail;
using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Protocol;

namespace Guildhall.Sandbox.Ses;

/// <summary>SES version 2, sending only, and the topic that tells of it. What it takes stands in the mailbox.</summary>
internal static class SesRoutes
{
    private const int MostBytes = 256 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v2/email/outbound-emails", Send);
        routes.MapGet("/SimpleNotificationService-{name}.pem", (SnsSigner signer, string name) => signer.Find(name) is { } pem ? Results.Text(pem, "application/x-pem-file") : Results.NotFound());
        routes.MapGet("/sns/", (SesTopic topic, string? Token) => topic.Confirm(Token)
            ? Results.Text($"<ConfirmSubscriptionResponse><ConfirmSubscriptionResult><SubscriptionArn>{SesAccount.Topic}:1</SubscriptionArn></ConfirmSubscriptionResult></ConfirmSubscriptionResponse>", "text/xml")
            : Results.Text("<ErrorResponse><Error><Code>InvalidParameter</Code><Message>Invalid token</Message></Error></ErrorResponse>", "text/xml", statusCode: 400));
        routes.MapPost("/sandbox/ses/subscribe", async (World world, SesTopic topic) =>
            await world.Change(topic.Subscribe) ? Control.Control.Json(new { asked = true }) : Control.Control.Refuse("There is no SANDBOX_SES_WEBHOOK_URL."));
        routes.MapGet("/sandbox/ses/subscription", (SesTopic topic) => Control.Control.Json(new { confirmed = topic.IsConfirmed }));
    }

    private static async Task<IResult> Send(HttpContext http, World world, SesTopic topic)
    {
        using var buffer = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        if (buffer.Length > MostBytes) return new SesRefusal(413, "RequestEntityTooLargeException", "Too long.").ToHttp(http);
        var body = buffer.ToArray();
        if (CheckSignature.Run(http.Request, body, world.Read(w => w.Now)) is { } unproven) return unproven.ToHttp(http);
        if (world.Read(w => w.Faults.DelayMs) is > 0 and var wait) await Task.Delay(wait, http.RequestAborted);
        switch (await world.Change(MailMishaps.Take))
        {
            case MailMishap.TooMany: return SesRefusal.TooMany.ToHttp(http);
            case MailMishap.Broken: return new SesRefusal(500, "InternalFailure", "The request processing has failed because of an unknown error.").ToHttp(http);
            case MailMishap.Garbage: return MailMishaps.Garbage();
            case MailMishap.LostBefore: return await Lose(http);
            case MailMishap.None: break;
        }
        var (mail, wrong) = CheckRawMail.Run(body);
        if (wrong is not null) return wrong.ToHttp(http);
        var id = $"0100{Guid.NewGuid():n}"[..16] + $"-{Guid.NewGuid()}-000000";
        var lost = await world.Change(w =>
        {
            Take(w, topic, mail!, id);
            return TakeTimeoutFault.From(w);
        });
        return lost ? await Lose(http) : Results.Text($$"""{"MessageId":"{{id}}"}""", "application/json");
    }

    private static void Take(World world, SesTopic topic, AskedRawMail mail, string id)
    {
        topic.Tell(world, mail, id, "Send");
        if (MailMishaps.TakeBounce(world))
        {
            topic.Tell(world, mail, id, "Bounce", new JsonObject
            {
                ["bounceType"] = "Permanent", ["bounceSubType"] = "General",
                ["bouncedRecipients"] = new JsonArray((JsonNode)new JsonObject { ["emailAddress"] = mail.To[0], ["status"] = "5.1.1", ["diagnosticCode"] = "smtp; 550 5.1.1 user unknown" }),
            });
            return;
        }
        world.Mail.Put(new StoredMail(id, mail.From, mail.To, mail.Content.Subject, mail.Content.Text, mail.Content.Html, world.Now, Via: "ses", mail.Content.Headers));
        topic.Tell(world, mail, id, "Delivery");
    }

    private static async Task<IResult> Lose(HttpContext http)
    {
        await TakeTimeoutFault.HoldAndClose(http);
        return Results.Empty;
    }
}
