using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Money.Orders;

namespace Guildhall.Marketplace.Bookings;

/// <summary>held → expired, once its time is over and nobody paid. The order is cancelled first, which closes an open payment page by a job.</summary>
internal sealed record ExpireHold(BookingId Booking) : IJob
{
    public static string Kind => "expire_hold";

    public static async Task Run(Transaction tx, ExpireHold job)
    {
        if (await BookingRows.Find(tx, job.Booking) is not { State: BookingState.Held } seen || seen.HoldUntil > tx.Now) return;
        var caller = Caller.System("marketplace");
        if (!(await CancelOrder.Run(tx, caller, seen.OrderId, "The hold expired unpaid.")).Granted) return; // paid: that decided

        if (await BookingRows.Lock(tx, job.Booking) is not { State: BookingState.Held } booking) return;
        await Claims.Lock(tx, Claims.Resource(booking.ProviderId));
        await Claims.Release(tx, booking.Id);
        await tx.ChangeOne(Expire, new { booking.Id });
        await tx.Audit(caller, "booking.expired", "booking", booking.Id.ToString());
    }

    internal const string Expire = "update marketplace.bookings set state = 'expired', revision = revision + 1 where id = @Id and state = 'held'";
}
