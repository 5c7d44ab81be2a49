using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Moderation;

/// <summary>Reports of one state, for staff, 50 at a time: what waits oldest first, what was decided newest first.</summary>
public static class ListTalkReports
{
    private const int PageSize = 50;

    public sealed record Page(IReadOnlyList<TalkReportView> Items, TalkReportId? Next);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/admin/talk-reports", async (Database database, CancellationToken stop, string? state = null, string? after = null) => (await Run(database, state, after, stop)).ToHttp())
        .WithName(nameof(ListTalkReports)).Requires(MarketplacePermissions.TalkModerate).Produces<Page>();

    /// <param name="state">One state; <c>open</c>, which waits for a decision, when null.</param>
    /// <param name="after">The <c>next</c> of the page before.</param>
    public static async Task<Result<Page>> Run(Database database, string? state, string? after, CancellationToken stop)
    {
        if (state is not (null or "" or "open" or "decided")) return FoundationRefusals.InvalidInput.With(("field", "state"));
        var last = default(TalkReportId);
        if (!string.IsNullOrEmpty(after) && !Id.TryParse(after, out last)) return FoundationRefusals.InvalidInput.With(("field", "after"));
        var rows = await database.List<TalkReportView>(state is "decided" ? Decided : Open, new { after = string.IsNullOrEmpty(after) ? (TalkReportId?)null : last, limit = PageSize + 1 }, stop);
        return new Page([.. rows.Take(PageSize)], rows.Count > PageSize ? rows[PageSize - 1].Id : null);
    }

    private const string Open = TalkReportRows.Select + " where r.state = 'open' and (@after is null or r.id > @after) order by r.id limit @limit";

    private const string Decided = TalkReportRows.Select + " where r.state = 'decided' and (@after is null or r.id < @after) order by r.id desc limit @limit";
}
