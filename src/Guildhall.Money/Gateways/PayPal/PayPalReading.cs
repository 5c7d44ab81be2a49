using System.Text.Json;
using Guildhall.Foundation;
using static Guildhall.Money.Gateways.GatewayJson;

namespace Guildhall.Money.Gateways.PayPal;

/// <summary>What PayPal's objects mean to us. An object that does not name one of our ids in its <c>custom_id</c> is not ours: null.</summary>
internal static class PayPalReading
{
    /// <summary>The payment that an order, a capture or an authorization names.</summary>
    public static PaymentId? PaymentOf(JsonElement subject)
    {
        var unit = First(subject, "purchase_units");
        var payments = Child(unit, "payments");
        var name = Text(subject, "custom_id") ?? Text(unit, "custom_id") ?? Text(First(payments, "captures"), "custom_id") ?? Text(First(payments, "authorizations"), "custom_id");
        return Id.TryParse<PaymentId>(name, out var id) ? id : null;
    }

    /// <summary>The customer has agreed, and nothing was taken or held yet.</summary>
    public static bool IsApproved(JsonElement order) => Text(order, "status") is "APPROVED";

    public static bool Holds(JsonElement order) => Text(order, "intent") is "AUTHORIZE";

    /// <summary>An order: what was taken of it, else what is under way, else what is held, else what failed, else how it stands itself.</summary>
    public static PaymentFact? Order(JsonElement order)
    {
        var unit = First(order, "purchase_units");
        if (PaymentOf(order) is not { } id || !PayPalAmounts.TryRead(Child(unit, "amount"), out var asked)) return null;
        var payments = Child(unit, "payments");
        var captures = Items(payments, "captures").Select(c => Capture(c, id)).ToArray();
        if (captures.Any(c => c is null)) return null;
        var taken = captures.Where(c => c!.State == FactState.Captured).ToArray();
        if (taken is [{ } first, .. var more]) return more.Any(c => c!.Amount.Currency != first.Amount.Currency) ? null : first with { Amount = first.Amount with { Minor = taken.Sum(c => c!.Amount.Minor) } };
        if (captures.FirstOrDefault(c => c!.State == FactState.Open) is { } underWay) return underWay;
        if (Items(payments, "authorizations") is [.., var last]) return Authorization(last, id);
        if (captures is [.., { } failed]) return failed;
        return Text(order, "status") switch
        {
            "CREATED" or "SAVED" or "APPROVED" or "PAYER_ACTION_REQUIRED" => new PaymentFact(id, FactState.Open, asked),
            "VOIDED" => new PaymentFact(id, FactState.Expired, asked),
            _ => null, // completed, and it does not say by what
        };
    }

    /// <summary>Money that was taken, is on its way or was refused. The call may succeed while the capture did not: only its status counts.</summary>
    public static PaymentFact? Capture(JsonElement capture, PaymentId? of = null)
    {
        if (Named(capture, of) is not { } id || !PayPalAmounts.TryRead(Child(capture, "amount"), out var amount) || Text(capture, "id") is not { } reference) return null;
        var why = Text(Child(capture, "status_details"), "reason");
        return Text(capture, "status") switch
        {
            "COMPLETED" or "PARTIALLY_REFUNDED" or "REFUNDED" => new PaymentFact(id, FactState.Captured, amount, reference),
            "DECLINED" or "FAILED" => new PaymentFact(id, FactState.Failed, amount, reference, why ?? Text(capture, "status"), "PayPal could not take the money."),
            _ => new PaymentFact(id, FactState.Open, amount, reference, why),
        };
    }

    public static PaymentFact? Authorization(JsonElement authorization, PaymentId? of = null)
    {
        if (Named(authorization, of) is not { } id || !PayPalAmounts.TryRead(Child(authorization, "amount"), out var amount) || Text(authorization, "id") is not { } reference) return null;
        return Text(authorization, "status") switch
        {
            "CREATED" => new PaymentFact(id, FactState.Authorized, amount, reference),
            "DENIED" => new PaymentFact(id, FactState.Failed, amount, reference, "DENIED", "PayPal could not hold the money."),
            "VOIDED" => new PaymentFact(id, FactState.Cancelled, amount, reference),
            "EXPIRED" => new PaymentFact(id, FactState.Expired, amount, reference),
            "CAPTURED" or "PARTIALLY_CAPTURED" => null, // its captures say how much
            _ => new PaymentFact(id, FactState.Open, amount, reference),
        };
    }

    /// <summary>A refund. The answer to our own request for one may name it or not, but not name another.</summary>
    public static RefundFact? Refund(JsonElement refund, RefundId? of = null)
    {
        var named = Id.TryParse<RefundId>(Text(refund, "custom_id"), out var found) ? found : of;
        if (named is not { } id || of is { } wanted && wanted != id || !PayPalAmounts.TryRead(Child(refund, "amount"), out var amount) || Text(refund, "id") is not { } reference) return null;
        var state = Text(refund, "status") switch { "COMPLETED" => RefundFactState.Completed, "FAILED" or "CANCELLED" => RefundFactState.Failed, _ => RefundFactState.Pending };
        return new RefundFact(id, state, amount, reference, Sentence(Child(refund, "status_details"), "reason"));
    }

    /// <summary>For a message about something of ours whose amount we cannot read, or that tells what we have no books for.</summary>
    public static UnreadableFact? ForAPerson(string type, JsonElement subject)
    {
        RefundId? refund = Id.TryParse<RefundId>(Text(subject, "custom_id"), out var r) ? r : null;
        if (PaymentOf(subject) is not { } payment) return refund is null ? null : new UnreadableFact(null, refund, Said());
        return new UnreadableFact(payment, null, Said());

        string Said() => $"{type}: {Cut(Text(Child(subject, "amount"), "value"))} {Cut(Text(Child(subject, "amount"), "currency_code"))} {Cut(Text(subject, "id"))} {Cut(Text(subject, "status"))}";
    }

    /// <summary>A dispute about a payment of ours, opened or ended: for a person, who answers it at PayPal. What it moves is told as a reversal or refund; from this nothing is booked. One that names no payment
    /// of ours is null.</summary>
    public static UnreadableFact? Dispute(string type, JsonElement dispute)
    {
        if (!Id.TryParse<PaymentId>(Text(First(dispute, "disputed_transactions"), "custom"), out var payment)) return null;
        var amount = Child(dispute, "dispute_amount");
        string[] said = [Cut(Text(amount, "value")), Cut(Text(amount, "currency_code")), Cut(Text(dispute, "dispute_id")), Cut(Text(dispute, "status")), Cut(Text(dispute, "reason"))];
        return new UnreadableFact(payment, null, $"{type}: {string.Join(' ', said)}{(Text(dispute, "seller_response_due_date") is { } due ? $", answer by {Cut(due)}" : "")}");
    }

    private static string Cut(string? text) => text is null ? "?" : text.Length > 40 ? text[..40] : text;

    // What was asked for by our own id may leave it out, but not name another.
    private static PaymentId? Named(JsonElement subject, PaymentId? of) =>
        Text(subject, "custom_id") is not { } name ? of : Id.TryParse<PaymentId>(name, out var id) && (of is not { } wanted || wanted == id) ? id : null;
}
