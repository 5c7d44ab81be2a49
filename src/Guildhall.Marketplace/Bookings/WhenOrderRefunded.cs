using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Messaging;
using Guildhall.Money.Orders;

namespace Guildhall.Marketplace.Bookings;

/// <summary>Money of a booking goes back. The booking keeps the sum; when nothing is left of the payment a confirmed booking ends: slot free,
/// chat closed. In the transaction that takes the money out of escrow.</summary>
internal static class WhenOrderRefunded
{
    public static async Task Run(Transaction tx, OrderRefunded fact)
    {
        if (fact.Purpose is not HoldSlot.Purpose) return;
        if (await BookingRows.Lock(tx, new BookingId(fact.Subject)) is not { } booking) return;
        await tx.ChangeOne("update marketplace.bookings set refund_minor = coalesce(refund_minor, 0) + @minor where id = @Id", new { booking.Id, minor = fact.Amount.Minor });
        if (fact.InFull && booking.State == BookingState.Confirmed)
            await EndBooking.Cancel(tx, Caller.System("marketplace"), booking, CancelledBy.Refund, "The payment was refunded in full.");
    }
}

/// <summary>The refund reached the customer, says the gateway.</summary>
internal static class WhenRefundCompleted
{
    public static async Task Run(Transaction tx, RefundCompleted fact)
    {
        if (fact.Purpose is not HoldSlot.Purpose || await BookingRows.Find(tx, new BookingId(fact.Subject)) is not { } booking) return;
        await Notify.Person(tx, fact.Customer, "refund_completed", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["service"] = booking.ServiceName, ["amount"] = fact.Amount.ToString(), ["link"] = $"/bookings/{booking.Id}",
        });
    }
}

/// <summary>The card was refused; the slot is still held, so the customer is told where to try again.</summary>
internal static class WhenOrderPaymentFailed
{
    public static async Task Run(Transaction tx, OrderPaymentFailed fact)
    {
        if (fact.Purpose is not HoldSlot.Purpose || await BookingRows.Find(tx, new BookingId(fact.Subject)) is not { State: BookingState.Held } booking) return;
        await Notify.Person(tx, fact.Customer, "payment_failed", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["service"] = booking.ServiceName, ["reason"] = fact.Reason, ["link"] = $"/bookings/{booking.Id}",
        });
    }
}
