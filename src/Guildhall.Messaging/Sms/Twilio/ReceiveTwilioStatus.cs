using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Messaging.Delivery;
using Guildhall.Messaging.Suppressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Messaging.Sms.Twilio;

/// <summary>Twilio tells what became of a text message, in any order and perhaps twice. The address names our delivery, so that a message whose answer was lost is found
/// again. The first final word stays: delivered, or not delivered and why.</summary>
public static class ReceiveTwilioStatus
{
    private const string Path = "/api/v1/webhooks/twilio";
    private const int MaxBytes = 32 * 1024;

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/webhooks/twilio", async (HttpContext http, Database database, TwilioOptions twilio, MessagingOptions options) => await Run(http, database, twilio, options))
        .WithName(nameof(ReceiveTwilioStatus)).ForAnyone().Limited(RateClass.Webhook).WithMetadata(new RawBody(), new ForeignQuery());

    /// <summary>Where they tell what became of a delivery.</summary>
    internal static Uri Address(MessagingOptions options, DeliveryId delivery) => new(options.Product, $"{Path}?delivery={delivery}");

    private static async Task<IResult> Run(HttpContext http, Database database, TwilioOptions twilio, MessagingOptions options)
    {
        if (!twilio.CanText) return FoundationRefusals.NotFound.ToHttp();
        if (!http.Request.HasFormContentType) return FoundationRefusals.UnsupportedMediaType.ToHttp();
        if (http.Request.ContentLength is not (>= 0 and <= MaxBytes)) return FoundationRefusals.BodyTooLarge.ToHttp();
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        // The address as we gave it, not as a proxy or the sender's Host header says.
        var address = options.Product.GetLeftPart(UriPartial.Authority) + http.Request.Path + http.Request.QueryString;
        if (!TwilioSignature.Fits(twilio.Token, address, http.Request.Headers["X-Twilio-Signature"], form, [])) return MessagingRefusals.StatusNotTrusted.ToHttp();
        if (!string.Equals(form["AccountSid"], twilio.Sid, StringComparison.Ordinal)) return MessagingRefusals.StatusNotTrusted.ToHttp();

        DeliveryId.TryParse(http.Request.Query["delivery"], null, out var delivery);
        int? error = int.TryParse(form["ErrorCode"], NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : null;
        await database.InTransaction(tx => Take(tx, delivery, form["MessageSid"].ToString(), form["MessageStatus"].ToString(), error, form["To"].ToString()), http.RequestAborted);
        return Results.NoContent();
    }

    private sealed record Known(DeliveryId Id, DeliveryState State, int Attempts, DateTimeOffset? DeliveredAt, string? Sender);

    private static async Task Take(Transaction tx, DeliveryId delivery, string sid, string status, int? error, string to)
    {
        if (sid.Length is 0 or > 64 || await tx.Find<Known>(FindSql, new { delivery, sid }) is not { } known) return;
        switch (status)
        {
            case "failed" or "undelivered" or "canceled" when known is { State: not (DeliveryState.Failed or DeliveryState.Queued or DeliveryState.Suppressed), DeliveredAt: null }:
                var reason = TwilioApi.Reason(error, DeliveryReasons.NotDelivered);
                await SendText.Become(tx, known.Id, known.State, DeliveryState.Failed, known.Attempts, reason, $"{status} {error}".TrimEnd(), sid);
                if (known.Sender is TwilioApi.Called && SuppressionReasons.OfText(reason) is { } blamed) await SuppressionList.Put(tx, known.Id, SuppressionList.Sms, TwilioApi.Called, new Blame(blamed, to));
                break;
            case "queued" or "accepted" or "sending" or "sent" or "delivered" or "read" when known.State is DeliveryState.Sending or DeliveryState.Unknown:
                await SendText.Become(tx, known.Id, known.State, DeliveryState.Sent, known.Attempts, null, status, sid);
                break;
        }
        if (status is "delivered" or "read")
            await tx.Change("update messaging.deliveries set delivered_at = @now where id = @id and state = 'sent' and delivered_at is null", new { known.Id, now = tx.Now });
    }

    private const string FindSql = """
        select id, state, attempts, delivered_at, sender from messaging.deliveries
        where channel = 'sms' and (provider_ref = @sid or (id = @delivery and provider_ref is null)) limit 1 for update
        """;
}
