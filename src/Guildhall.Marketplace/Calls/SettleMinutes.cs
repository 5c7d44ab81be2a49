using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Absences;
using Guildhall.Marketplace.Bookings;

namespace Guildhall.Marketplace.Calls;

/// <summary>Two minutes after the call of a booking by the minute has ended and no other was begun: it is completed, and what was not used goes back. Where nobody met, nothing is settled here: that
/// is for the rules about who did not come. Before its beginning, while a report is open, and while a complaint or a dispute holds the money it waits.</summary>
internal sealed record SettleMinutes(BookingId Booking) : IJob
{
    public static readonly TimeSpan After = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan AskAgain = TimeSpan.FromHours(6);

    public static string Kind => "settle_minutes";

    public static async Task Run(Transaction tx, SettleMinutes job)
    {
        if (await BookingRows.Find(tx, job.Booking) is not { MinuteMinor: not null, State: BookingState.Confirmed } seen) return;
        await BookingRows.LockOrders(tx, seen);
        if (await BookingRows.Lock(tx, job.Booking) is not { State: BookingState.Confirmed } booking) return;
        await CallRoom.Enter(tx, booking.Id);
        if (await tx.Get<bool>(EndedSince, new { booking.Id, since = tx.Now - After })) return; // the end of that one asks again
        if (await CallRows.Live(tx, booking.Id) is not null) return; // so does the end of this one, whether it is taken or not
        if (await CallMinutes.Together(tx, booking) == 0) return;
        if (tx.Now < booking.StartsAt) throw new RunAgainException(booking.StartsAt + After - tx.Now); // they met early: its time is still to come
        if (await AbsenceRows.IsOpen(tx, booking.Id)) throw new RunAgainException(AskAgain);
        if ((await CompleteBooking.Finish(tx, Caller.System("marketplace"), booking)).Refusal is not null) throw new RunAgainException(AskAgain);
    }

    private const string EndedSince = "select exists (select 1 from marketplace.call_events e where e.booking_id = @Id and e.kind = 'ended' and e.at > @since)";
}
