using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Guildhall.Money;
using Guildhall.Money.Gateways;

namespace Guildhall.Tests.Money;

/// <summary>Events as Stripe would send them, made and signed here, for what the sandbox does not do by itself.</summary>
internal static class StripeEvent
{
    public static string Intent(PaymentId payment, string status, long amount, string currency = "kwd", string? id = null, string? eventId = null, string? account = null) => Of(
        status switch { "succeeded" => "payment_intent.succeeded", "canceled" => "payment_intent.canceled", "requires_capture" => "payment_intent.amount_capturable_updated", _ => "payment_intent.processing" },
        new { id = id ?? $"pi_{Guid.NewGuid():n}", @object = "payment_intent", amount, amount_received = status is "succeeded" ? amount : 0, currency, status, metadata = new { payment_id = payment.ToString() } }, eventId, account);

    public static string Expired(PaymentId payment, long amount, string currency = "kwd") => Of("checkout.session.expired", new
    {
        id = $"cs_{Guid.NewGuid():n}", @object = "checkout.session", amount_total = amount, currency, status = "expired", payment_status = "unpaid", metadata = new { payment_id = payment.ToString() },
    });

    public static string Refund(RefundId refund, string status, long amount, string currency = "kwd", string? id = null) => Of("refund.updated", new
    {
        id = id ?? $"re_{Guid.NewGuid():n}", @object = "refund", amount, currency, status, failure_reason = status is "failed" ? "lost_or_stolen_card" : null, metadata = new { refund_id = refund.ToString() },
    });

    public static string Payout(PayoutId payout, string status, long amount, string currency = "kwd", string? why = null, string? id = null) => Of("payout.updated", new
    {
        id = id ?? "po_" + payout, @object = "payout", amount, currency, status, failure_message = why, metadata = new { payout_id = payout.ToString(), transfer = "tr_" + payout },
    });

    public static string Of(string type, object subject, string? id = null, string? account = null) =>
        JsonSerializer.Serialize(new { id = id ?? $"evt_{Guid.NewGuid():n}", @object = "event", livemode = false, type, account, data = new { @object = subject } });

    /// <summary>Signs and sends it to a node; the answer.</summary>
    public static Task<Answer> Hears(this World world, string body, string secret = World.WebhookSecret, TimeSpan age = default, int? node = null)
    {
        var visitor = world.Visitor();
        visitor.OnlyNode = node;
        return visitor.Send(HttpMethod.Post, "webhooks/stripe", Json(Encoding.UTF8.GetBytes(body)), ("Stripe-Signature", Sign(body, secret, world.Clock.Now - age)));
    }

    /// <summary>Sends it and waits until it was dealt with; the state it was left in.</summary>
    public static async Task<string> Learns(this MoneyWorld world, string body)
    {
        (await world.Hears(body)).Must();
        var id = JsonSerializer.Deserialize<JsonElement>(body).GetProperty("id").GetString()!;
        return await Eventually.Get(() => world.Database.Value<string>("select state from money.webhooks where event_id = $1", id), state => state is not "received", $"The event was not dealt with: {body}");
    }

    public static string Sign(string body, string secret, DateTimeOffset at)
    {
        var time = at.ToUnixTimeSeconds();
        return $"t={time},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{time}.{body}")))}";
    }

    public static ByteArrayContent Json(byte[] body) => new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    public static GatewayFact? Read(this IGateway gateway, string body) => gateway.ReadWebhook(Encoding.UTF8.GetBytes(body));
}
