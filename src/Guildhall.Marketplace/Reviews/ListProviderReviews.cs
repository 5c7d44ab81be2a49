using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Identity.Accounts;
using Guildhall.Marketplace.Contacts;
using Guildhall.Marketplace.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Reviews;

/// <summary>What customers wrote of a provider, for everybody: newest first, 10 at a time, with how it adds up.</summary>
public static class ListProviderReviews
{
    private const int PageSize = 10;

    /// <param name="Customer">The first word of the customer's name; null when they had themselves erased.</param>
    /// <param name="TextHidden">Staff hid the words; the stars count.</param>
    public sealed record Line(ReviewId Id, int Rating, string? Text, bool TextHidden, string? Customer, string ServiceName, DateTimeOffset PublishedAt, string? Reply, DateTimeOffset? RepliedAt);

    /// <param name="Next">Given as <c>after</c> for the next page; null on the last.</param>
    public sealed record Page(RatingSummary Rating, IReadOnlyList<Line> Items, ReviewId? Next);

    private sealed record Row(ReviewId Id, int Rating, string? Text, bool TextHidden, Guid? CustomerId, string ServiceName, DateTimeOffset PublishedAt, string? Reply, DateTimeOffset? RepliedAt);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/providers/{id}/reviews", async (ProviderId id, Database database, CancellationToken stop, string? after = null) => (await Run(database, id, after, stop)).ToHttp())
        .WithName(nameof(ListProviderReviews)).ForAnyone().Produces<Page>();

    /// <param name="after">The <c>next</c> of the page before.</param>
    public static async Task<Result<Page>> Run(Database database, ProviderId id, string? after, CancellationToken stop)
    {
        if (await ProviderRows.Find(database, id, stop) is null) return MarketplaceRefusals.ProviderNotFound;
        var last = default(ReviewId);
        if (!string.IsNullOrEmpty(after) && !Id.TryParse(after, out last)) return FoundationRefusals.InvalidInput.With(("field", "after"));
        var rating = (await database.Find<ReviewRows.Counted>(Summed, new { id }, stop))!;
        var rows = await database.List<Row>(Select, new { id, after = string.IsNullOrEmpty(after) ? (ReviewId?)null : last, limit = PageSize + 1 }, stop);
        var people = await Accounts.Summaries(database, [.. rows.Select(r => r.CustomerId).OfType<Guid>().Distinct()], stop);
        return new Page(rating.ToSummary(), [.. rows.Take(PageSize).Select(r => Show(r, people))], rows.Count > PageSize ? rows[PageSize - 1].Id : null);
    }

    private static Line Show(Row r, IReadOnlyDictionary<Guid, AccountSummary> people) => new(r.Id, r.Rating, r.Text is { } text ? PublicText.Shown(text, asWritten: false) : null, r.TextHidden,
        r.CustomerId is { } customer && people.TryGetValue(customer, out var who) ? who.DisplayName.Split(' ')[0] : null, r.ServiceName, r.PublishedAt, r.Reply is { } reply ? PublicText.Shown(reply, asWritten: false) : null, r.RepliedAt);

    private const string Summed = ReviewRows.Counts + """
         where r.provider_id = @id and r.author = 'customer' and r.published_at is not null and r.hidden_rule is distinct from 'not_genuine'
        """;

    // A mark that is of no published review of this provider leads nowhere.
    private const string Select = """
        select r.id, r.rating, case when r.hidden_rule is null then r.text end as text, r.hidden_rule is not null as text_hidden,
            case when r.author_known then b.customer_id end as customer_id, b.service_name, r.published_at, r.reply, r.replied_at
        from marketplace.reviews r join marketplace.bookings b on b.id = r.booking_id
        where r.provider_id = @id and r.author = 'customer' and r.published_at is not null and r.hidden_rule is distinct from 'not_genuine'
            and (@after is null or (r.published_at, r.id) < (
                select m.published_at, m.id from marketplace.reviews m where m.id = @after and m.provider_id = @id and m.author = 'customer' and m.published_at is not null))
        order by r.published_at desc, r.id desc limit @limit
        """;
}
