using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Guildhall.Money.Orders;

namespace Guildhall.Marketplace.Moderation;

/// <summary>held → cancelled, since one side blocked the other. Money that comes all the same goes back by itself; what was paid before stays.</summary>
internal sealed record LetGoOfHold(BookingId Booking, Guid Blocker) : IJob
{
    public static string Kind => "let_go_of_hold";

    public static async Task Run(Transaction tx, LetGoOfHold job)
    {
        if (await BookingRows.Find(tx, job.Booking) is not { State: BookingState.Held } seen) return;
        var caller = Caller.System("marketplace");
        if (!(await CancelOrder.Run(tx, caller, seen.OrderId, "One side blocked the other.")).Granted) return; // paid: that decided
        if (await BookingRows.Lock(tx, job.Booking) is not { State: BookingState.Held } booking) return;
        await EndBooking.Cancel(tx, caller, booking, booking.CustomerId == job.Blocker ? CancelledBy.Customer : CancelledBy.Provider, reason: null);
    }
}
