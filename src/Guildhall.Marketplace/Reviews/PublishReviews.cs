using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;

namespace Guildhall.Marketplace.Reviews;

/// <summary>The time of a booking's reviews is over: what was written is published, all of it in one statement. Before that only the second of two reviews does it.</summary>
internal sealed record PublishReviews(BookingId Booking) : IJob
{
    public static string Kind => "publish_reviews";

    public static async Task Run(Transaction tx, PublishReviews job)
    {
        if (await ReviewWindows.Lock(tx, job.Booking) is not { PublishedAt: null, WithdrawnAt: null } window || tx.Now < window.ClosesAt) return;
        await All(tx, Caller.System("marketplace"), (await BookingRows.Find(tx, job.Booking))!, window);
    }

    /// <summary>The window is locked and nothing of it is published.</summary>
    public static async Task All(Transaction tx, Caller caller, Booking booking, ReviewWindow window)
    {
        await tx.ChangeOne("update marketplace.review_windows set published_at = @now where booking_id = @Id and published_at is null and withdrawn_at is null", new { booking.Id, now = tx.Now });
        await tx.Change("update marketplace.reviews set published_at = @now where booking_id = @Id and published_at is null", new { booking.Id, now = tx.Now });
        await tx.Audit(caller, "review.published", "booking", booking.Id.ToString());
        foreach (var side in Enum.GetValues<ReviewAuthor>()) await TellOfReview.Side(tx, booking, side, "reviews_published", window.ClosesAt);
    }
}
