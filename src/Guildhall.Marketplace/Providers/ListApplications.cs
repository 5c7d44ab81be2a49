using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Providers;

/// <summary>The queue of staff: applications of one state, newest first, by pages.</summary>
public static class ListApplications
{
    private const int MaxPage = 50;

    /// <param name="Next">Pass it as <c>after</c> for the next page; null on the last.</param>
    public sealed record Page(IReadOnlyList<ApplicationView> Items, ProviderApplicationId? Next);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/admin/provider-applications", async (Database database, CancellationToken stop, string? state = null, ProviderApplicationId? after = null) => (await Run(database, state, after, stop)).ToHttp())
        .WithName(nameof(ListApplications)).Requires(MarketplacePermissions.ProviderApprove).Produces<Page>();

    /// <param name="state">Those that wait when it is left out.</param>
    public static async Task<Result<Page>> Run(Database database, string? state, ProviderApplicationId? after, CancellationToken stop)
    {
        var wanted = Enum.GetValues<ApplicationState>().Where(s => state is null ? s is ApplicationState.Submitted : string.Equals(Names.Of(s), state, StringComparison.Ordinal)).Select(s => (ApplicationState?)s).FirstOrDefault();
        if (wanted is null) return FoundationRefusals.InvalidInput.With(("field", "state"));
        var rows = await database.List<ApplicationView>($"{Applications.Select} where p.state = @wanted and (@after is null or p.id < @after) order by p.id desc limit @limit", new { wanted, after, limit = MaxPage + 1 }, stop);
        return new Page([.. rows.Take(MaxPage)], rows.Count > MaxPage ? rows[MaxPage - 1].Id : null);
    }
}

/// <summary>One application, for staff.</summary>
public static class ReadApplication
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/admin/provider-applications/{id}", async (ProviderApplicationId id, Database database, CancellationToken stop) => (await Run(database, id, stop)).ToHttp())
        .WithName(nameof(ReadApplication)).Requires(MarketplacePermissions.ProviderApprove).Produces<ApplicationView>();

    public static async Task<Result<ApplicationView>> Run(Database database, ProviderApplicationId id, CancellationToken stop) =>
        await database.Find<ApplicationView>($"{Applications.Select} where p.id = @id", new { id }, stop) is { } found ? found : MarketplaceRefusals.ApplicationNotFound;
}
