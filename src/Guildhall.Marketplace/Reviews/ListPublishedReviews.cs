using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Reviews;

/// <summary>A published review as staff see it, also a hidden one. Blind ones are shown to nobody but their authors.</summary>
public sealed record StaffReview(ReviewId Id, BookingId BookingId, ReviewAuthor Author, int Rating, string? Text, string? Reply, DateTimeOffset PublishedAt, string ServiceName, string ProviderName,
    Guid ProviderAccountId, Guid CustomerId, HidingRule? Hidden, string? HiddenWhy, Guid? HiddenBy, DateTimeOffset? HiddenAt);

/// <summary>Published reviews of both sides, for staff, newest first, 50 at a time.</summary>
public static class ListPublishedReviews
{
    private const int PageSize = 50;

    public sealed record Page(IReadOnlyList<StaffReview> Items, ReviewId? Next);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/admin/reviews", async (Database database, CancellationToken stop, bool hidden = false, string? after = null) => (await Run(database, hidden, after, stop)).ToHttp())
        .WithName(nameof(ListPublishedReviews)).Requires(MarketplacePermissions.ReviewHide).Produces<Page>();

    /// <param name="hidden">Only those that staff hid.</param>
    /// <param name="after">The <c>next</c> of the page before.</param>
    public static async Task<Result<Page>> Run(Database database, bool hidden, string? after, CancellationToken stop)
    {
        var last = default(ReviewId);
        if (!string.IsNullOrEmpty(after) && !Id.TryParse(after, out last)) return FoundationRefusals.InvalidInput.With(("field", "after"));
        var rows = await database.List<StaffReview>(ReadPublishedReview.Select + Filter, new { hidden, after = string.IsNullOrEmpty(after) ? (ReviewId?)null : last, limit = PageSize + 1 }, stop);
        return new Page([.. rows.Take(PageSize)], rows.Count > PageSize ? rows[PageSize - 1].Id : null);
    }

    private const string Filter = """
         and (not @hidden or r.hidden_at is not null)
            and (@after is null or (r.published_at, r.id) < (select m.published_at, m.id from marketplace.reviews m where m.id = @after and m.published_at is not null))
        order by r.published_at desc, r.id desc limit @limit
        """;
}
