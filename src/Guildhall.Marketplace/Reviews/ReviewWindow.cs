using Guildhall.Foundation.Data;

namespace Guildhall.Marketplace.Reviews;

/// <summary>The time in which both sides of a booking may review each other: open → published, or withdrawn when all the money goes back.</summary>
internal sealed record ReviewWindow(BookingId BookingId, DateTimeOffset OpenedAt, DateTimeOffset ClosesAt, DateTimeOffset? PublishedAt, DateTimeOffset? WithdrawnAt)
{
    /// <summary>Whether something may be written or changed: nothing is published and there is time left.</summary>
    public bool TakesReviews(DateTimeOffset now) => PublishedAt is null && WithdrawnAt is null && now < ClosesAt;
}

internal static class ReviewWindows
{
    private const string Select = "select booking_id, opened_at, closes_at, published_at, withdrawn_at from marketplace.review_windows where booking_id = @booking";

    public static Task<ReviewWindow?> Find(Transaction tx, BookingId booking) => tx.Find<ReviewWindow>(Select, new { booking });

    /// <summary>Locks it: the two sides write one after the other, so that the second sees the first.</summary>
    public static Task<ReviewWindow?> Lock(Transaction tx, BookingId booking) => tx.Find<ReviewWindow>(Select + " for update", new { booking });

    /// <summary>All the money went back: what is blind is never published. What is published stays.</summary>
    public static Task Withdraw(Transaction tx, BookingId booking) => tx.Change(
        "update marketplace.review_windows set withdrawn_at = @now where booking_id = @booking and published_at is null and withdrawn_at is null", new { booking, now = tx.Now });
}
