namespace Guildhall.Operations.Webhooks;

/// <summary>One kind of event that endpoints may listen to.</summary>
/// <param name="Version">Goes up when a field changes its meaning or goes; new fields do not change it.</param>
/// <param name="Object">What the event happened to; its events are numbered without gaps.</param>
/// <param name="Fields">What <c>data</c> holds besides <c>version</c>, <c>object</c>, <c>id</c> and <c>sequence</c>.</param>
public sealed record WebhookEventType(string Name, int Version, string Object, string Says, IReadOnlyList<string> Fields);

/// <summary>Every event of the product; docs/webhooks.md has the same table, a test compares.</summary>
public static class WebhookCatalogue
{
    /// <summary>Sent by the button only, to one endpoint; cannot be listened to.</summary>
    public static readonly WebhookEventType Test = new("webhook.test", 1, "endpoint", "Somebody pressed the test button.", ["note"]);

    private static readonly string[] OfPayment = ["order", "amount"], OfRefund = ["payment", "order", "amount"], OfWithdrawal = ["provider", "amount"],
        OfPayout = ["withdrawal", "provider", "amount"], OfDispute = ["order", "payment", "provider", "amount", "dueAt"],
        OfReview = ["purpose", "subject", "payUntil"], OfInvoice = ["order", "buyer", "provider", "amount"], OfReserve = ["order", "provider", "amount", "releaseAt"],
        OfBooking = ["customer", "provider"];

    public static IReadOnlyList<WebhookEventType> All { get; } =
    [
        new("order.paid", 1, "order", "Money for the order has been captured.", ["purpose", "subject", "payment", "amount"]),
        new("payment.authorized", 1, "payment", "The amount is reserved at the gateway.", OfPayment),
        new("payment.captured", 1, "payment", "The amount was captured; also when the order had been paid by another attempt and the money goes back.", OfPayment),
        new("payment.failed", 1, "payment", "The attempt failed; nothing was charged.", OfPayment),
        new("payment.cancelled", 1, "payment", "The attempt was cancelled; nothing was charged.", OfPayment),
        new("payment.expired", 1, "payment", "The payment page was not used in time.", OfPayment),
        new("refund.requested", 1, "refund", "A refund was accepted and is being sent.", OfRefund),
        new("refund.completed", 1, "refund", "The gateway confirmed the refund.", OfRefund),
        new("refund.failed", 1, "refund", "The refund failed, perhaps after it had completed; the money is back where it was taken from.", OfRefund),
        new("withdrawal.requested", 1, "withdrawal", "A provider asked for money.", OfWithdrawal),
        new("withdrawal.approved", 1, "withdrawal", "Staff approved it.", OfWithdrawal),
        new("withdrawal.rejected", 1, "withdrawal", "Staff rejected it.", OfWithdrawal),
        new("withdrawal.cancelled", 1, "withdrawal", "The provider cancelled it.", OfWithdrawal),
        new("withdrawal.held", 1, "withdrawal", "It is approved but not sent; why says what has to end first.", [.. OfWithdrawal, "why"]),
        new("withdrawal.resumed", 1, "withdrawal", "It may be sent after all.", OfWithdrawal),
        new("withdrawal.processing", 1, "withdrawal", "Its payout is on its way.", OfWithdrawal),
        new("withdrawal.unknown", 1, "withdrawal", "The bank's side has not answered; it is asked again.", OfWithdrawal),
        new("withdrawal.completed", 1, "withdrawal", "It was paid out.", OfWithdrawal),
        new("withdrawal.failed", 1, "withdrawal", "Its payout failed; the amount is back in the balance.", OfWithdrawal),
        new("withdrawal.returned", 1, "withdrawal", "The bank sent it back; the amount is back in the balance.", OfWithdrawal),
        new("payout.created", 1, "payout", "A transfer was made for an approved withdrawal; nothing is sent yet.", OfPayout),
        new("payout.sending", 1, "payout", "The gateway is being asked; the money has left the reserve.", OfPayout),
        new("payout.in_transit", 1, "payout", "The transfer was taken by the gateway or bank.", OfPayout),
        new("payout.unknown", 1, "payout", "The gateway has not answered; it is asked again, and nothing is sent twice.", OfPayout),
        new("payout.completed", 1, "payout", "The transfer has arrived.", OfPayout),
        new("payout.failed", 1, "payout", "The transfer failed.", OfPayout),
        new("payout.returned", 1, "payout", "The transfer came back after it had arrived.", OfPayout),
        new("payout.stopped", 1, "payout", "Its withdrawal was rejected before anything was sent.", OfPayout),
        new("dispute.warning_needs_response", 1, "dispute", "The bank asks before it disputes; nothing is taken yet.", OfDispute),
        new("dispute.warning_under_review", 1, "dispute", "Our answer to the question is being looked at.", OfDispute),
        new("dispute.warning_closed", 1, "dispute", "The question ended without a dispute.", OfDispute),
        new("dispute.needs_response", 1, "dispute", "The customer disputes the payment; evidence is due at dueAt. The amount is set aside.", OfDispute),
        new("dispute.under_review", 1, "dispute", "The evidence is being looked at.", OfDispute),
        new("dispute.won", 1, "dispute", "It was decided for us; what was set aside is free again.", OfDispute),
        new("dispute.lost", 1, "dispute", "It was decided for the customer.", OfDispute),
        new("dispute.accepted", 1, "dispute", "We gave it up; it is lost.", OfDispute),
        new("dispute.prevented", 1, "dispute", "It was prevented at the gateway; nothing is taken.", OfDispute),
        new("invoice.issued", 1, "invoice", "An invoice has its number. Its file follows.", OfInvoice),
        new("invoice.paid", 1, "invoice", "Its order is paid; for what is sold at a price this follows the issue at once.", OfInvoice),
        new("invoice.void", 1, "invoice", "Credit notes have taken all of it back.", OfInvoice),
        new("credit_note.issued", 1, "credit_note", "A credit note takes this much of an invoice back.", OfInvoice),
        new("receipt.issued", 1, "receipt", "A receipt of a payment or of a refund.", OfInvoice),
        new("risk_review.waiting", 1, "order", "A payment was held; a person decides until payUntil.", OfReview),
        new("risk_review.approved", 1, "order", "The order may be paid until payUntil.", OfReview),
        new("risk_review.rejected", 1, "order", "The order may not be paid.", OfReview),
        new("reserve.held", 1, "reserve", "Part of a release is kept back until releaseAt.", OfReserve),
        new("reserve.released", 1, "reserve", "What was kept back is available to the provider.", OfReserve),
        new("booking.confirmed", 1, "booking", "A paid slot is the customer's.", [.. OfBooking, "startsAt", "endsAt", "zone"]),
        new("booking.moved", 1, "booking", "A booking has another time; the sale is the same.", [.. OfBooking, "by", "before", "startsAt", "endsAt", "zone"]),
        new("booking.cancelled", 1, "booking", "A confirmed booking ended before it took place.", [.. OfBooking, "by"]),
        new("booking.completed", 1, "booking", "The provider delivered.", OfBooking),
    ];

    private static readonly Dictionary<string, WebhookEventType> ByName = All.Append(Test).ToDictionary(t => t.Name, StringComparer.Ordinal);

    /// <summary>The event of this name, or null.</summary>
    public static WebhookEventType? Find(string name) => ByName.GetValueOrDefault(name);

    internal static bool CanBeHeard(string name) => Find(name) is { } type && type != Test;
}
