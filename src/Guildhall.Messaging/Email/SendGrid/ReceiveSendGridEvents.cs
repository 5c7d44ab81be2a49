using System.Text.Json;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Messaging.Suppressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Guildhall.Messaging.Email.SendGrid;

/// <summary>SendGrid tells what became of mails, many at once, in any order and perhaps twice. Signed over the raw body. An event names our delivery, so that a mail whose
/// answer was lost is found again; events that say nothing about arriving are left.</summary>
public static class ReceiveSendGridEvents
{
    private const int MaxBytes = 1024 * 1024, MostEvents = 10_000;
    private const string SignatureHeader = "X-Twilio-Email-Event-Webhook-Signature", TimestampHeader = "X-Twilio-Email-Event-Webhook-Timestamp";

    private sealed record Limit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/webhooks/sendgrid", async (HttpContext http, Database database, MessagingOptions options, ILogger<MessagingOptions> log) => await Run(http, database, options.SendGrid, log))
        .WithName(nameof(ReceiveSendGridEvents)).ForAnyone().Limited(RateClass.Webhook).WithMetadata(new RawBody(), new ForeignQuery(), new Limit(MaxBytes));

    private static async Task<IResult> Run(HttpContext http, Database database, SendGridOptions? sendGrid, ILogger log)
    {
        if (sendGrid is null) return FoundationRefusals.NotFound.ToHttp();
        if (await WholeBody.Read(http.Request, MaxBytes) is not { } body) return FoundationRefusals.BodyTooLarge.ToHttp();
        var (timestamp, signature) = (http.Request.Headers[TimestampHeader].ToString(), http.Request.Headers[SignatureHeader].ToString());
        if (!sendGrid.WebhookKeys.Any(key => SendGridSignature.Holds(key, timestamp, body, signature))) return MessagingRefusals.EventsNotTrusted.ToHttp();
        if (SendGridSignature.At(timestamp) is not { } at || (database.Clock.GetUtcNow() - at).Duration() > sendGrid.Tolerance)
        {
            log.LogWarning("mail_events_out_of_time {Sender} {SignedAt}", SendGridSender.Called, timestamp);
            return MessagingRefusals.EventsNotTrusted.ToHttp();
        }
        // Each in a transaction of its own: none holds a lock while it waits for another. A repeat of all of them changes nothing.
        foreach (var told in Events(body))
            await database.InTransaction(tx => MailFate.Take(tx, SendGridSender.Called, told.Delivery, told.Reference, told.Fate, told.Said, told.Blame), http.RequestAborted);
        return Results.Ok();
    }

    private readonly record struct Told(DeliveryId? Delivery, string? Reference, Fate Fate, string Said, Blame? Blame);

    private static IReadOnlyList<Told> Events(byte[] body)
    {
        try
        {
            using var all = JsonDocument.Parse(body);
            return all.RootElement.ValueKind is JsonValueKind.Array ? [.. all.RootElement.EnumerateArray().Take(MostEvents).Select(Read).OfType<Told>()] : [];
        }
        catch (JsonException) { return []; }
    }

    private static Told? Read(JsonElement told)
    {
        if (told.ValueKind is not JsonValueKind.Object) return null;
        // Their id of an event is that of the answer with the places it went through behind a dot.
        var reference = Text(told, "sg_message_id") is { Length: > 0 } id && id.Split('.', 2)[0] is { Length: <= 64 } first ? first : null;
        DeliveryId? delivery = DeliveryId.TryParse(Text(told, SendGridSender.DeliveryArgument), null, out var named) ? named : null;
        if (delivery is null && reference is null) return null;
        var said = Text(told, "event") ?? "";
        Fate? fate = said switch
        {
            "processed" => Fate.Taken,
            "delivered" => Fate.Delivered,
            "bounce" => Fate.Bounced,
            "dropped" => Fate.Dropped,
            "spamreport" => Fate.Complained,
            _ => null,
        };
        if (fate is not { } known) return null;
        var blame = ReasonOf(told, known) is { } why ? new Blame(why, Text(told, "email")) : null;
        return new Told(delivery, reference, known, $"{said} {Text(told, "type")} {Text(told, "status")} {Text(told, "reason")}".Trim(), blame);
    }

    // "blocked" is a refusal that passes, as is a status of the class 4. They drop for reasons of their own too, which say nothing about the address.
    private static SuppressionReason? ReasonOf(JsonElement told, Fate fate) => fate switch
    {
        Fate.Complained => SuppressionReason.Complained,
        Fate.Bounced => Text(told, "type") is "blocked" || Text(told, "status") is ['4', ..] ? null : SuppressionReason.Bounced,
        Fate.Dropped => Text(told, "reason") switch
        {
            "Bounced Address" or "Invalid" => SuppressionReason.Dropped,
            "Spam Reporting Address" => SuppressionReason.Complained,
            "Unsubscribed Address" => SuppressionReason.Unsubscribed,
            _ => null,
        },
        _ => null,
    };

    private static string? Text(JsonElement told, string name) => told.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
