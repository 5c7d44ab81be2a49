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

    /// <summary>Until when customers may write of these bookings, of those that they have not written of and may.</summary>
    public static async Task<IReadOnlyDictionary<BookingId, DateTimeOffset>> OpenToCustomer(Database database, BookingId[] ids, CancellationToken stop) =>
        (await database.List<ReviewWindow>(OpenSql, new { ids, now = database.Clock.GetUtcNow() }, stop)).ToDictionary(w => w.BookingId, w => w.ClosesAt);

    private const string OpenSql = """
        select w.booking_id, w.opened_at, w.closes_at, w.published_at, w.withdrawn_at from marketplace.review_windows w
        where w.booking_id = any (@ids) and w.published_at is null and w.withdrawn_at is null and w.closes_at > @now
            and not exists (select 1 from marketplace.reviews r where r.booking_id = w.booking_id and r.author = 'customer') limit 100
        """;

    /// <summary>All the money went back: what is blind is never published. What is published stays.</summary>
    public static Task Withdraw(Transaction tx, BookingId booking) => tx.Change(
        "update marketplace.review_windows set withdrawn_at = @now where booking_id = @booking and published_at is null and withdrawn_at is null", new { booking, now = tx.Now });
}
