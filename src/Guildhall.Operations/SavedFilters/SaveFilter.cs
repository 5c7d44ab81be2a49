using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Operations.SavedFilters;

/// <summary>(none) → saved, for oneself alone. The same name on the same list is the same filter with a new query. At most <see cref="Most"/> a person.</summary>
public static class SaveFilter
{
    public const int Most = 20, MostName = 60;

    /// <param name="List">payments, withdrawals, bookings, people, deliveries or audit.</param>
    /// <param name="Name">1 to 60 characters.</param>
    /// <param name="Query">Parameters of the list's page, such as <c>state=failed&amp;currency=KWD</c>.</param>
    public sealed record Body(string List, string Name, string Query);

    internal static void Map(IEndpointRouteBuilder filters) => filters
        .MapPost("/", async (Body body, Caller caller, Database database, CancellationToken stop) => (await database.InTransaction(tx => Run(tx, caller, body), stop)).ToHttp(success: 201))
        .WithName(nameof(SaveFilter)).Requires(OperationsPermissions.DashboardView).Produces<SavedFilter>(201);

    public static async Task<Result<SavedFilter>> Run(Transaction tx, Caller caller, Body body)
    {
        if (FilteredList.Find(body.List) is not { } list) return OperationsRefusals.FilterListUnknown;
        if (!caller.May(list.Needs)) return FoundationRefusals.NotAllowed.With(("permission", list.Needs.Name));
        var name = body.Name.Trim();
        if (name.Length is 0 or > MostName || name.Any(char.IsControl)) return OperationsRefusals.FilterNameInvalid;
        if (!list.Read(body.Query.TrimStart('?')).Is(out var query, out var refusal)) return refusal;

        var owner = caller.AccountId!.Value;
        await tx.Change("select pg_advisory_xact_lock(hashtextextended('saved_filters:' || @owner, 0))", new { owner = owner.ToString() });
        if (await tx.Get<long>(CountOthers, new { owner, list = list.Name, name }) >= Most) return OperationsRefusals.FiltersFull;
        var id = await tx.Get<SavedFilterId>(Save, new { id = tx.NewId<SavedFilterId>(), owner, list = list.Name, name, query, now = tx.Now });
        await tx.Audit(caller, "saved_filter.saved", "saved_filter", id.ToString(), after: new { list = list.Name, query });
        return new SavedFilter(id, list.Name, name, query, $"{list.Address}?{query}");
    }

    private const string CountOthers = "select count(*) from operations.saved_filters where account_id = @owner and (list, name) <> (@list, @name)";

    private const string Save = """
        insert into operations.saved_filters (id, account_id, list, name, query, created_at) values (@id, @owner, @list, @name, @query, @now)
        on conflict (account_id, list, name) do update set query = excluded.query returning id
        """;
}
