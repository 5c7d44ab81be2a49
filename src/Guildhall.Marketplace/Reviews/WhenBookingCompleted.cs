using Guildhall.Foundation.Data;
using Guildhall.Foundation.Settings;
using Guildhall.Marketplace.Bookings;

namespace Guildhall.Marketplace.Reviews;

/// <summary>Both sides may review each other from now on, for as long as the setting says today; who has not is reminded once.</summary>
internal static class WhenBookingCompleted
{
    private static readonly TimeSpan RemindAfter = TimeSpan.FromDays(3);

    public static async Task Run(Transaction tx, BookingCompleted fact)
    {
        var open = TimeSpan.FromDays(await tx.Setting(MarketplaceSettings.ReviewDays));
        await tx.ChangeOne("insert into marketplace.review_windows (booking_id, opened_at, closes_at) values (@Booking, @now, @closesAt)", new { fact.Booking, now = tx.Now, closesAt = tx.Now + open });
        await tx.Enqueue(new AskForReview(fact.Booking), runAt: tx.Now + (open > 2 * RemindAfter ? RemindAfter : open / 2), uniqueKey: fact.Booking.ToString());
    }
}
