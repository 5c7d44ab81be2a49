using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Series;
using Guildhall.Marketplace.Waiting;
using Guildhall.Money.Orders;

namespace Guildhall.Marketplace.Bookings;

/// <summary>held → expired, once its time is over and nobody paid. The order is cancelled first, which closes an open payment page by a job.</summary>
internal sealed record ExpireHold(BookingId Booking) : IJob
{
    public static string Kind => "expire_hold";

    public static async Task Run(Transaction tx, ExpireHold job)
    {
        if (await End(tx, job.Booking, evenBefore: false) is not { } booking) return;
        if (booking.AwaitsApproval) await RequestTimes.Answer(tx, booking, "booking_request_expired", tx.Now);
        if (booking.SeriesId is { } series) await tx.Enqueue(new KeepSeries(series, booking.SeriesNo), uniqueKey: $"{series}:{booking.SeriesNo}");
    }

    /// <summary>Ends a hold whose time is over; null when there is nothing to end.</summary>
    /// <param name="evenBefore">Also one that has time left: its series has ended.</param>
    internal static async Task<Booking?> End(Transaction tx, BookingId id, bool evenBefore)
    {
        if (await BookingRows.Find(tx, id) is not { State: BookingState.Held } seen || (!evenBefore && seen.HoldUntil > tx.Now)) return null;
        var caller = Caller.System("marketplace");
        await Orders.Lock(tx, seen.OrderId);
        // While the order was waited for, the provider may have said yes, or the hold was given more time.
        if (await BookingRows.Find(tx, id) is not { State: BookingState.Held } current || (!evenBefore && current.HoldUntil > tx.Now)) return null;
        if (!(await CancelOrder.Run(tx, caller, seen.OrderId, "The hold expired unpaid.")).Granted) return null; // paid: that decided

        var booking = (await BookingRows.Lock(tx, id))!;
        await Claims.Lock(tx, booking.Claimed);
        await Claims.Release(tx, booking.Id);
        await WaitRows.Freed(tx, booking);
        await tx.ChangeOne(Expire, new { booking.Id });
        await tx.Audit(caller, "booking.expired", "booking", booking.Id.ToString());
        return booking;
    }

    internal const string Expire = "update marketplace.bookings set state = 'expired', revision = revision + 1 where id = @Id and state = 'held'";
}
