using System.Text.Json;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Messaging.Delivery;
using Guildhall.Messaging.Suppressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Guildhall.Messaging.Email.Ses;

/// <summary>SES tells what became of mails, through a topic of SNS. A message has to come from our topic, signed with a certificate from Amazon's own address. A subscription
/// is confirmed by calling the address that such a message names.</summary>
public static class ReceiveSesEvents
{
    private const int MaxBytes = 256 * 1024;

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/webhooks/ses", async (HttpContext http, Database database, MessagingOptions options, SnsLine line, ILogger<MessagingOptions> log) => await Run(http, database, options.Ses, line, log))
        .WithName(nameof(ReceiveSesEvents)).ForAnyone().Limited(RateClass.Webhook).WithMetadata(new RawBody(), new ForeignQuery());

    private static async Task<IResult> Run(HttpContext http, Database database, SesOptions? ses, SnsLine line, ILogger log)
    {
        if (ses is null) return FoundationRefusals.NotFound.ToHttp();
        if (await WholeBody.Read(http.Request, MaxBytes) is not { } body) return FoundationRefusals.BodyTooLarge.ToHttp();
        // The topic first: only who names ours makes us fetch a certificate.
        if (SnsMessage.Read(body) is not { } message || !string.Equals(message.TopicArn, ses.Topic, StringComparison.Ordinal)) return MessagingRefusals.EventsNotTrusted.ToHttp();
        var now = database.Clock.GetUtcNow();
        if (await line.Certificates!.Find(message.CertificateUrl, now, http.RequestAborted) is not { } certificate || !message.Holds(certificate)) return MessagingRefusals.EventsNotTrusted.ToHttp();
        if (message.At is not { } at || (now - at).Duration() > ses.Tolerance)
        {
            log.LogWarning("mail_events_out_of_time {Sender} {SignedAt}", SesSender.Called, message.At);
            return MessagingRefusals.EventsNotTrusted.ToHttp();
        }
        switch (message.Type)
        {
            case SnsMessage.SubscriptionConfirmation:
                if (!SnsCertificates.IsConfirmation(message.SubscribeUrl, ses)) return MessagingRefusals.EventsNotTrusted.ToHttp();
                var confirmed = await line.Http.Text(new Uri(message.SubscribeUrl!), http.RequestAborted) is not null;
                log.LogInformation("mail_events_subscription {Sender} {Confirmed}", SesSender.Called, confirmed);
                return confirmed ? Results.Ok() : MessagingRefusals.SubscriptionNotConfirmed.ToHttp();
            case SnsMessage.Notification when Read(message.Message) is { } told:
                await database.InTransaction(tx => MailFate.Take(tx, SesSender.Called, told.Delivery, told.Reference, told.Fate, told.Said, told.Blame), http.RequestAborted);
                break;
        }
        return Results.Ok();
    }

    private sealed record Told(DeliveryId? Delivery, string? Reference, Fate Fate, string Said, Blame? Blame);

    private static Told? Read(string text)
    {
        JsonElement told;
        try { told = JsonSerializer.Deserialize<JsonElement>(text); }
        catch (JsonException) { return null; } // SES says hello in plain words when a topic is set
        // Events of a configuration set, or the older notifications of an identity.
        if ((Text(told, "eventType") ?? Text(told, "notificationType")) is not { } said || Object(told, "mail") is not { } mail) return null;
        var reference = Text(mail, "messageId") is { Length: > 0 and <= 64 } id ? id : null;
        DeliveryId? delivery = Object(mail, "tags") is { } tags && tags.TryGetProperty(SesSender.DeliveryTag, out var values) && values.ValueKind is JsonValueKind.Array && values.GetArrayLength() > 0
            && values[0].ValueKind is JsonValueKind.String && DeliveryId.TryParse(values[0].GetString(), null, out var named) ? named : null;
        var bounce = Object(told, "bounce");
        Fate? fate = said switch
        {
            "Send" => Fate.Taken,
            "Delivery" => Fate.Delivered,
            "Bounce" => OfBounce(bounce),
            "Reject" => Fate.Dropped,
            "Complaint" => Fate.Complained,
            _ => null,
        };
        var blamed = First(bounce, "bouncedRecipients") ?? First(Object(told, "complaint"), "complainedRecipients");
        return fate is { } known
            ? new Told(delivery, reference, known, $"{said} {Text(bounce, "bounceType")} {Text(bounce, "bounceSubType")} {Text(First(bounce, "bouncedRecipients"), "diagnosticCode")}".Trim(),
                ReasonOf(known, Text(bounce, "bounceType")) is { } why ? new Blame(why, Text(blamed, "emailAddress")) : null)
            : null;
    }

    // What they reject is the mail, for a virus; a bounce that passes, or that they do not understand, says nothing that lasts.
    private static SuppressionReason? ReasonOf(Fate fate, string? bounceType) => fate switch
    {
        Fate.Complained => SuppressionReason.Complained,
        Fate.Bounced when bounceType is "Permanent" => SuppressionReason.Bounced,
        Fate.Dropped when bounceType is not null => SuppressionReason.Dropped,
        _ => null,
    };

    // A passing bounce of the general kind may be an answer of somebody on holiday, whose mailbox has the mail.
    private static Fate? OfBounce(JsonElement? bounce) => (Text(bounce, "bounceType"), Text(bounce, "bounceSubType")) switch
    {
        (_, "Suppressed" or "OnAccountSuppressionList") => Fate.Dropped,
        ("Transient", null or "General") => null,
        _ => Fate.Bounced,
    };

    // Each mail has one recipient.
    private static JsonElement? First(JsonElement? of, string name) =>
        of is { } found && found.TryGetProperty(name, out var all) && all.ValueKind is JsonValueKind.Array && all.GetArrayLength() > 0 ? all[0] : null;

    private static JsonElement? Object(JsonElement of, string name) =>
        of.ValueKind is JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Object ? value : null;

    private static string? Text(JsonElement? of, string name) =>
        of is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}

/// <summary>The line to SNS; without SES there are no certificates.</summary>
internal sealed record SnsLine(ProviderHttp Http, SnsCertificates? Certificates);
