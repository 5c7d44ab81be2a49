using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Contacts;

/// <summary>Appeals of one state, for staff, newest first, 50 at a time.</summary>
public static class ListMaskAppeals
{
    private const int PageSize = 50;

    public sealed record Page(IReadOnlyList<MaskAppealView> Items, MaskAppealId? Next);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/admin/mask-appeals", async (Database database, CancellationToken stop, string? state = null, string? after = null) => (await Run(database, state, after, stop)).ToHttp())
        .WithName(nameof(ListMaskAppeals)).Requires(MarketplacePermissions.TalkModerate).Produces<Page>();

    /// <param name="state">One state; <c>open</c>, which waits for a decision, when null.</param>
    /// <param name="after">The <c>next</c> of the page before.</param>
    public static async Task<Result<Page>> Run(Database database, string? state, string? after, CancellationToken stop)
    {
        MaskAppealState? wanted = string.IsNullOrEmpty(state) ? MaskAppealState.Open : null;
        foreach (var known in Enum.GetValues<MaskAppealState>())
            if (string.Equals(Names.Of(known), state, StringComparison.Ordinal)) wanted = known;
        if (wanted is not { } of) return FoundationRefusals.InvalidInput.With(("field", "state"));
        var last = default(MaskAppealId);
        if (!string.IsNullOrEmpty(after) && !Id.TryParse(after, out last)) return FoundationRefusals.InvalidInput.With(("field", "after"));
        var rows = await MaskAppealRows.Page(database, of, string.IsNullOrEmpty(after) ? null : last, PageSize + 1, stop);
        return new Page([.. rows.Take(PageSize)], rows.Count > PageSize ? rows[PageSize - 1].Id : null);
    }
}
