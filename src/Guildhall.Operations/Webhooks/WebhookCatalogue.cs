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
        OfPayout = ["withdrawal", "provider", "amount"], OfBooking = ["customer", "provider"];

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
        new("withdrawal.processing", 1, "withdrawal", "Its payout is on its way.", OfWithdrawal),
        new("withdrawal.unknown", 1, "withdrawal", "The bank's side has not answered; it is asked again.", OfWithdrawal),
        new("withdrawal.completed", 1, "withdrawal", "It was paid out.", OfWithdrawal),
        new("withdrawal.failed", 1, "withdrawal", "Its payout failed; the amount is back in the balance.", OfWithdrawal),
        new("withdrawal.returned", 1, "withdrawal", "The bank sent it back; the amount is back in the balance.", OfWithdrawal),
        new("payout.in_transit", 1, "payout", "The transfer was taken by the gateway or bank.", OfPayout),
        new("payout.completed", 1, "payout", "The transfer has arrived.", OfPayout),
        new("payout.failed", 1, "payout", "The transfer failed.", OfPayout),
        new("payout.returned", 1, "payout", "The transfer came back after it had arrived.", OfPayout),
        new("booking.confirmed", 1, "booking", "A paid slot is the customer's.", [.. OfBooking, "startsAt", "endsAt", "zone"]),
        new("booking.cancelled", 1, "booking", "A confirmed booking ended before it took place.", [.. OfBooking, "by"]),
        new("booking.completed", 1, "booking", "The provider delivered.", OfBooking),
    ];

    private static readonly Dictionary<string, WebhookEventType> ByName = All.Append(Test).ToDictionary(t => t.Name, StringComparer.Ordinal);

    /// <summary>The event of this name, or null.</summary>
    public static WebhookEventType? Find(string name) => ByName.GetValueOrDefault(name);

    internal static bool CanBeHeard(string name) => Find(name) is { } type && type != Test;
}
