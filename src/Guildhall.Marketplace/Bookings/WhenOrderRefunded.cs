using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Reviews;
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
        if (fact.InFull) await ReviewWindows.Withdraw(tx, booking.Id);
        if (fact.InFull && booking.State == BookingState.Confirmed)
            await EndBooking.Cancel(tx, Caller.System("marketplace"), booking, CancelledBy.Refund, "The payment was refunded in full.");
    }

    /// <summary>It did not go back after all and can be refunded again. A booking that ended with it stays ended: its slot may be somebody else's.</summary>
    public static async Task Failed(Transaction tx, OrderRefundFailed fact)
    {
        if (fact.Purpose is not HoldSlot.Purpose) return;
        if (await BookingRows.Lock(tx, new BookingId(fact.Subject)) is not { } booking) return;
        await tx.ChangeOne("update marketplace.bookings set refund_minor = refund_minor - @minor where id = @Id", new { booking.Id, minor = fact.Amount.Minor });
    }
}
