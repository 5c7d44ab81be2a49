using System.Text.Json;
using Guildhall.Foundation;

namespace Guildhall.Money.Gateways.Stripe;

/// <summary>What Stripe's objects mean to us. An object that does not name one of our ids in its metadata is not ours: null.</summary>
internal static class StripeReading
{
    /// <summary>A checkout session, with its payment intent when that was expanded.</summary>
    public static PaymentFact? Session(JsonElement session)
    {
        if (!Id.TryParse<PaymentId>(Metadata(session, "payment_id") ?? GatewayJson.Text(session, "client_reference_id"), out var id)) return null;
        if (!TryAmount(session, "amount_total", out var amount)) return null;
        var intent = session.TryGetProperty("payment_intent", out var found) ? found : default;
        if (intent.ValueKind == JsonValueKind.Object && Intent(intent) is { State: not FactState.Open } settled) return settled;
        var reference = intent.ValueKind == JsonValueKind.Object ? GatewayJson.Text(intent, "id") : intent.ValueKind == JsonValueKind.String ? intent.GetString() : null;
        return (GatewayJson.Text(session, "status"), GatewayJson.Text(session, "payment_status")) switch
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
        var reference = GatewayJson.Text(intent, "id");
        var received = TryAmount(intent, "amount_received", out var got) ? got : asked;
        var error = intent.TryGetProperty("last_payment_error", out var last) ? last : default;
        return GatewayJson.Text(intent, "status") switch
        {
            "succeeded" => new PaymentFact(id, FactState.Captured, received, reference),
            "requires_capture" => new PaymentFact(id, FactState.Authorized, asked, reference),
            "canceled" => new PaymentFact(id, GatewayJson.Text(intent, "cancellation_reason") is "automatic" ? FactState.Expired : FactState.Cancelled, asked, reference),
            // Charged with a kept card there is no page for another try, and nobody else can confirm it.
            "requires_payment_method" when error.ValueKind == JsonValueKind.Object && Metadata(intent, "method_id") is not null =>
                new PaymentFact(id, FactState.Failed, asked, reference, GatewayJson.Text(error, "decline_code") ?? GatewayJson.Text(error, "code"), GatewayJson.Sentence(error, "message")),
            _ => new PaymentFact(id, FactState.Open, asked, reference, GatewayJson.Text(error, "decline_code") ?? GatewayJson.Text(error, "code"), GatewayJson.Sentence(error, "message"),
                Declined: error.ValueKind == JsonValueKind.Object),
        };
    }

    public static RefundFact? Refund(JsonElement refund)
    {
        if (!Id.TryParse<RefundId>(Metadata(refund, "refund_id"), out var id) || !TryAmount(refund, "amount", out var amount)) return null;
        var state = GatewayJson.Text(refund, "status") switch { "succeeded" => RefundFactState.Completed, "failed" or "canceled" => RefundFactState.Failed, _ => RefundFactState.Pending };
        return new RefundFact(id, state, amount, GatewayJson.Text(refund, "id")!, GatewayJson.Sentence(refund, "failure_reason"));
    }

    public static PayoutFact? Payout(JsonElement payout, string? transfer = null)
    {
        if (!Id.TryParse<PayoutId>(Metadata(payout, "payout_id"), out var id) || !TryAmount(payout, "amount", out var amount)) return null;
        var state = GatewayJson.Text(payout, "status") switch { "paid" => PayoutFactState.Completed, "failed" or "canceled" => PayoutFactState.Failed, _ => PayoutFactState.InTransit };
        return new PayoutFact(id, state, amount, transfer ?? Metadata(payout, "transfer"), GatewayJson.Text(payout, "id"), GatewayJson.Sentence(payout, "failure_message") ?? GatewayJson.Text(payout, "failure_code"));
    }

    /// <summary>Something of ours whose amount or currency we do not know; null when it can be read or is not ours.</summary>
    public static UnreadableFact? Unreadable(JsonElement subject, string amount)
    {
        PaymentId? payment = Id.TryParse<PaymentId>(Metadata(subject, "payment_id") ?? GatewayJson.Text(subject, "client_reference_id"), out var p) ? p : null;
        RefundId? refund = Id.TryParse<RefundId>(Metadata(subject, "refund_id"), out var r) ? r : null;
        if (payment is null && refund is null || TryAmount(subject, amount, out _)) return null;
        var raw = subject.TryGetProperty(amount, out var value) ? value.GetRawText() : "?";
        return new UnreadableFact(payment, refund, $"{(raw.Length > 40 ? raw[..40] : raw)} {GatewayJson.Sentence(subject, "currency") ?? "?"} {GatewayJson.Text(subject, "id")} {GatewayJson.Text(subject, "status")}");
    }

    public static string? Metadata(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty("metadata", out var metadata) ? GatewayJson.Text(metadata, name) : null;

    // Stripe writes currencies in lower case, and amounts in a minor unit of its own.
    public static bool TryAmount(JsonElement element, string name, out Amount amount)
    {
        amount = default;
        if (!Currency.TryParse(GatewayJson.Text(element, "currency"), out var currency) || !element.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var minor)) return false;
        return StripeAmounts.TryRead(minor, currency, out amount);
    }
}

/// <summary>How amounts are written for Stripe: in ISO 4217's minor unit, but ISK and UGX have two decimals there and none here, MGA none there and
/// two here, and currencies of three decimals end in zero. Source: docs.stripe.com/currencies.</summary>
internal static class StripeAmounts
{
    /// <summary>The smallest step Stripe can move, in our minor units.</summary>
    public static long Step(Currency currency) => currency.Exponent == 3 ? 10 : Divisor(currency);

    public static string Write(Amount amount) =>
        (checked(amount.Minor * Factor(amount.Currency)) / Divisor(amount.Currency)).ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>False when the number is none that this currency can have.</summary>
    public static bool TryRead(long theirs, Currency currency, out Amount amount)
    {
        amount = new Amount(0, currency);
        if (theirs % Factor(currency) != 0 || theirs > long.MaxValue / Divisor(currency) || theirs < long.MinValue / Divisor(currency)) return false;
        amount = new Amount(theirs / Factor(currency) * Divisor(currency), currency);
        return true;
    }

    private static long Factor(Currency currency) => currency.Code is "ISK" or "UGX" ? 100 : 1;

    private static long Divisor(Currency currency) => currency.Code is "MGA" ? 100 : 1;

    public static string Write(Currency currency) => currency.Code.ToLowerInvariant();
}
