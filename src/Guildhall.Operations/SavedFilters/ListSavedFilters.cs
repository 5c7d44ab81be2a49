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
        [.. (await database.List<Row>(Read, new { owner = caller.AccountId, list, most = SaveFilter.Most }, stop))
            .Select(r => (Row: r, List: FilteredList.Find(r.List)!)) // the table takes no other names
            .Where(r => caller.May(r.List.Needs))
            .Select(r => new SavedFilter(r.Row.Id, r.Row.List, r.Row.Name, r.Row.Query, $"{r.List.Address}?{r.Row.Query}"))];

    private const string Read = """
        select id, list, name, query from operations.saved_filters where account_id = @owner and (@list is null or list = @list) order by lower(name), id limit @most
        """;
}
