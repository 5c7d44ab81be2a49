using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Operations.SavedFilters;

/// <summary>One's own saved filters, by name; of one list or of all. Those of lists that one may no longer see are left out.</summary>
public static class ListSavedFilters
{
    private sealed record Row(SavedFilterId Id, string List, string Name, string Query);

    internal static void Map(IEndpointRouteBuilder filters) => filters
        .MapGet("/", async (Caller caller, Database database, CancellationToken stop, string? list = null) => TypedResults.Json(await Run(database, caller, list, stop), JsonRules.Options))
        .WithName(nameof(ListSavedFilters)).Requires(OperationsPermissions.DashboardView).Produces<IReadOnlyList<SavedFilter>>();

    /// <param name="list">Name of a list; null: all.</param>
    public static async Task<IReadOnlyList<SavedFilter>> Run(Database database, Caller caller, string? list, CancellationToken stop) =>
        [.. from row in await database.List<Row>(Read, new { owner = caller.AccountId, list, most = SaveFilter.Most }, stop)
            let known = FilteredList.Find(row.List)
            where known is not null && caller.May(known.Needs)
            select new SavedFilter(row.Id, row.List, row.Name, row.Query, $"{known.Address}?{row.Query}")];

    private const string Read = """
        select id, list, name, query from operations.saved_filters where account_id = @owner and (@list is null or list = @list) order by lower(name), id limit @most
        """;
}
