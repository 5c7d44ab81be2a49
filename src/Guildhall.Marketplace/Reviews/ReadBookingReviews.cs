using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Reviews;

/// <summary>The reviews of a booking as one of its sides may see them: its own always, the other's when both are published.</summary>
public static class ReadBookingReviews
{
    /// <param name="Until">Until when reviews are taken; null when the booking takes none.</param>
    /// <param name="MayWrite">Whether the caller may write now, or change what they wrote.</param>
    /// <param name="Customer">How providers rated this customer so far; for the provider alone.</param>
    public sealed record View(ReviewView? Mine, ReviewView? Theirs, DateTimeOffset? Until, bool MayWrite, RatingSummary? Customer);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/bookings/{id}/reviews", async (BookingId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp())
        .WithName(nameof(ReadBookingReviews)).RequiresSignIn().Produces<View>();

    public static Task<Result<View>> Run(Database database, Caller caller, BookingId id, CancellationToken stop) => database.InTransaction<Result<View>>(async tx =>
    {
        if (await BookingRows.Find(tx, id) is not { } booking || booking.RoleOf(caller) is not { } role || role is BookingRole.Staff) return MarketplaceRefusals.BookingNotFound;
        var (mine, other) = role == BookingRole.Customer ? (ReviewAuthor.Customer, ReviewAuthor.Provider) : (ReviewAuthor.Provider, ReviewAuthor.Customer);
        var window = await ReviewWindows.Find(tx, id) is { WithdrawnAt: null } open ? open : null;
        var rated = role == BookingRole.Provider ? (await tx.Get<ReviewRows.Counted>(CustomerSql, new { booking.CustomerId })).ToSummary() : null;
        return new View(await ReviewRows.Of(tx, id, mine), ReviewRows.Shown(await ReviewRows.Of(tx, id, other)), window?.ClosesAt, window?.TakesReviews(tx.Now) ?? false, rated);
    }, stop);

    private const string CustomerSql = ReviewRows.Counts + """
         join marketplace.bookings b on b.id = r.booking_id
        where b.customer_id = @CustomerId and r.author = 'provider' and r.published_at is not null and r.hidden_rule is distinct from 'not_genuine'
        """;
}
