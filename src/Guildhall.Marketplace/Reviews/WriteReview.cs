using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Reviews;

/// <summary>One side of a completed booking reviews the other, or changes what it wrote while that is blind. When the other side has written too, both reviews are published here,
/// in this transaction; else the job does it when the time is over. The same words again are the same review.</summary>
public static class WriteReview
{
    /// <param name="Rating">1 to 5 stars.</param>
    /// <param name="Text">At most 2000 characters.</param>
    public sealed record Body(int Rating, string? Text = null);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/bookings/{id}/review", async (BookingId id, Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, body, stop)).ToHttp())
        .WithName(nameof(WriteReview)).RequiresSignIn().Produces<ReviewView>();

    public static async Task<Result<ReviewView>> Run(Database database, Caller caller, BookingId id, Body body, CancellationToken stop)
    {
        var text = string.IsNullOrWhiteSpace(body.Text) ? null : body.Text.Trim();
        return await database.InTransaction(tx => Write(tx, caller, id, body.Rating, text), stop);
    }

    private static async Task<Result<ReviewView>> Write(Transaction tx, Caller caller, BookingId id, int rating, string? text)
    {
        if (await BookingRows.Find(tx, id) is not { } booking || booking.RoleOf(caller) is not { } role || role is BookingRole.Staff) return MarketplaceRefusals.BookingNotFound;
        if (rating is < 1 or > ReviewRows.MostStars || !ReviewRows.IsText(text)) return MarketplaceRefusals.ReviewInvalid;
        if (await ReviewWindows.Lock(tx, id) is not { WithdrawnAt: null } window) return MarketplaceRefusals.ReviewNotPossible.With(("state", booking.State));
        var (mine, other) = role == BookingRole.Customer ? (ReviewAuthor.Customer, ReviewAuthor.Provider) : (ReviewAuthor.Provider, ReviewAuthor.Customer);
        var before = await ReviewRows.Of(tx, id, mine);
        if (before?.Rating == rating && before.Text == text) return before;
        if (!window.TakesReviews(tx.Now)) return MarketplaceRefusals.ReviewClosed.With(("until", window.ClosesAt));

        await tx.ChangeOne(before is null ? Insert : Change, new { id, reviewId = tx.NewId<ReviewId>(), booking.ProviderId, author = mine, rating, text, now = tx.Now });
        await tx.Audit(caller, before is null ? "review.written" : "review.changed", "booking", id.ToString());
        if (await ReviewRows.Of(tx, id, other) is not null) await PublishReviews.All(tx, caller, booking, window);
        else if (before is null) await tx.Enqueue(new PublishReviews(id), runAt: window.ClosesAt, uniqueKey: id.ToString());
        return (await ReviewRows.Of(tx, id, mine))!;
    }

    private const string Insert = """
        insert into marketplace.reviews (id, booking_id, provider_id, author, rating, text, written_at) values (@reviewId, @id, @ProviderId, @author, @rating, @text, @now)
        """;

    private const string Change = """
        update marketplace.reviews set rating = @rating, text = @text, written_at = @now where booking_id = @id and author = @author and published_at is null
        """;
}
