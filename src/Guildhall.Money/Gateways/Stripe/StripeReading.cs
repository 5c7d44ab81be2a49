using System.Text.Json;
using Guildhall.Foundation;

namespace Guildhall.Money.Gateways.Stripe;

/// <summary>What Stripe's objects mean to us. An object that does not name one of our ids in its metadata is not ours: null.</summary>
internal static class StripeReading
{
    /// <summary>A checkout session, with its payment intent when that was expanded.</summary>
    public static PaymentFact? Session(JsonElement session)
    {
        if (!Id.TryParse<PaymentId>(Metadata(session, "payment_id") ?? StripeApi.Text(session, "client_reference_id"), out var id)) return null;
        if (!TryAmount(session, "amount_total", out var amount)) return null;
        var intent = session.TryGetProperty("payment_intent", out var found) ? found : default;
        if (intent.ValueKind == JsonValueKind.Object && Intent(intent) is { State: not FactState.Open } settled) return settled;
        var reference = intent.ValueKind == JsonValueKind.Object ? StripeApi.Text(intent, "id") : intent.ValueKind == JsonValueKind.String ? intent.GetString() : null;
        return (StripeApi.Text(session, "status"), StripeApi.Text(session, "payment_status")) switch
        {
            ("complete", "paid") => new PaymentFact(id, FactState.Captured, amount, reference),
            ("expired", _) => new PaymentFact(id, FactState.Expired, amount, reference),
            _ => intent.ValueKind == JsonValueKind.Object && Intent(intent) is { } open ? open : new PaymentFact(id, FactState.Open, amount, reference),
        };
    }

    /// <summary>A payment intent. A refused card leaves it open for another try; it is cancelled only for good.</summary>
    public static PaymentFact? Intent(JsonElement intent)
    {
        if (!Id.TryParse<PaymentId>(Metadata(intent, "payment_id"), out var id) || !TryAmount(intent, "amount", out var asked)) return null;
        var reference = StripeApi.Text(intent, "id");
        var received = TryAmount(intent, "amount_received", out var got) && got.IsPositive ? got : asked;
        var error = intent.TryGetProperty("last_payment_error", out var last) ? last : default;
        return StripeApi.Text(intent, "status") switch
        {
            "succeeded" => new PaymentFact(id, FactState.Captured, received, reference),
            "requires_capture" => new PaymentFact(id, FactState.Authorized, asked, reference),
            "canceled" => new PaymentFact(id, FactState.Cancelled, asked, reference),
            _ => new PaymentFact(id, FactState.Open, asked, reference, StripeApi.Text(error, "decline_code") ?? StripeApi.Text(error, "code"), StripeApi.Text(error, "message"),
                Declined: error.ValueKind == JsonValueKind.Object),
        };
    }

    public static RefundFact? Refund(JsonElement refund)
    {
        if (!Id.TryParse<RefundId>(Metadata(refund, "refund_id"), out var id) || !TryAmount(refund, "amount", out var amount)) return null;
        var state = StripeApi.Text(refund, "status") switch { "succeeded" => RefundFactState.Completed, "failed" or "canceled" => RefundFactState.Failed, _ => RefundFactState.Pending };
        return new RefundFact(id, state, amount, StripeApi.Text(refund, "id")!, StripeApi.Text(refund, "failure_reason"));
    }

    public static PayoutFact? Payout(JsonElement payout, string? transfer = null)
    {
        if (!Id.TryParse<PayoutId>(Metadata(payout, "payout_id"), out var id) || !TryAmount(payout, "amount", out var amount)) return null;
        var state = StripeApi.Text(payout, "status") switch { "paid" => PayoutFactState.Completed, "failed" or "canceled" => PayoutFactState.Failed, _ => PayoutFactState.InTransit };
        return new PayoutFact(id, state, amount, transfer ?? Metadata(payout, "transfer"), StripeApi.Text(payout, "id"), StripeApi.Text(payout, "failure_message") ?? StripeApi.Text(payout, "failure_code"));
    }

    public static string? Metadata(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty("metadata", out var metadata) ? StripeApi.Text(metadata, name) : null;

    // Stripe writes currencies in lower case, and amounts in its own minor unit: for ISK and UGX that has two decimals although ISO 4217 has none.
    private static bool TryAmount(JsonElement element, string name, out Amount amount)
    {
        amount = default;
        if (!Currency.TryParse(StripeApi.Text(element, "currency"), out var currency) || !element.TryGetProperty(name, out var value) || !value.TryGetInt64(out var minor)) return false;
        var scale = StripeAmounts.Scale(currency);
        if (minor % scale != 0) return false;
        amount = new Amount(minor / scale, currency);
        return true;
    }
}

/// <summary>How amounts are written for Stripe.</summary>
internal static class StripeAmounts
{
    public static long Scale(Currency currency) => currency.Code is "ISK" or "UGX" ? 100 : 1;

    public static string Write(Amount amount) => (amount.Minor * Scale(amount.Currency)).ToString(System.Globalization.CultureInfo.InvariantCulture);

    public static string Write(Currency currency) => currency.Code.ToLowerInvariant();
}
