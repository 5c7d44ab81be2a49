using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;

namespace Guildhall.Marketplace.Bookings;

/// <summary>Finds holds that have run out, whether or not somebody needs their time.</summary>
internal sealed record SweepHolds : IJob
{
    private const int BatchSize = 500;

    public static string Kind => "sweep_holds";

    public static async Task Run(Transaction tx, SweepHolds _)
    {
        foreach (var booking in await tx.List<BookingId>(Expired, new { now = tx.Now, limit = BatchSize }))
            await tx.Enqueue(new ExpireHold(booking), uniqueKey: booking.ToString());
    }

    private const string Expired = "select id from marketplace.bookings where state = 'held' and hold_until <= @now order by hold_until limit @limit";
}
