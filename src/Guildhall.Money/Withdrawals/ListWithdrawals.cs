using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Withdrawals;

/// <summary>Withdrawals, newest first: a provider's own, or for staff all of them, by state. Keyset: pass the last id as <c>after</c>.</summary>
public static class ListWithdrawals
{
    public const int PageSize = 50;

    public sealed record Page(IReadOnlyList<WithdrawalView> Withdrawals, string? Next);

    internal static void Map(IEndpointRouteBuilder withdrawals) => withdrawals
        .MapGet("/", async (WithdrawalId? after, Caller caller, Database database, CancellationToken stop) => Results.Json(await Own(database, caller, after, stop), JsonRules.Options))
        .WithName(nameof(ListWithdrawals)).RequiresSignIn().Produces<Page>();

    internal static void MapAdmin(IEndpointRouteBuilder admin)
    {
        admin.MapGet("/withdrawals", async ([AsParameters] ListFilter filter, WithdrawalId? after, Database database, CancellationToken stop) =>
                Results.Json(await All(database, filter, after, stop), JsonRules.Options))
            .WithName("ListAllWithdrawals").Requires(MoneyPermissions.WithdrawalView).Produces<Page>();
        admin.MapGet("/withdrawals.csv", async ([AsParameters] ListFilter filter, Database database, CancellationToken stop) => (await Csv(database, filter, stop)).ToHttp("withdrawals.csv"))
            .WithName("ExportWithdrawals").Requires(MoneyPermissions.WithdrawalView).UnderQuota(Quotas.Exports).Produces(200, contentType: "text/csv");
    }

    public static Task<Page> Own(Database database, Caller caller, WithdrawalId? after, CancellationToken stop) => All(database, new ListFilter { Provider = caller.AccountId!.Value }, after, stop);

    public static async Task<Page> All(Database database, ListFilter filter, WithdrawalId? after, CancellationToken stop)
    {
        var rows = await Read(database, filter, after, PageSize + 1, stop);
        return new Page([.. rows.Take(PageSize).Select(r => r.ToView())], rows.Count > PageSize ? rows[PageSize - 1].Id.ToString() : null);
    }

    /// <summary>One withdrawal for its provider or staff.</summary>
    public static async Task<Result<WithdrawalView>> One(Database database, Caller caller, WithdrawalId id, CancellationToken stop) =>
        await WithdrawalRows.Find(database, id, stop) is { } found && (caller.Is(found.ProviderId) || caller.May(MoneyPermissions.WithdrawalView)) ? found.ToView() : MoneyRefusals.WithdrawalNotFound;

    /// <summary>Those of at most <see cref="Bulk.Most"/> ids that there are, for staff.</summary>
    public static async Task<IReadOnlyList<WithdrawalView>> Some(Database database, IReadOnlyList<WithdrawalId> ids, CancellationToken stop) =>
        [.. (await database.List<Withdrawal>($"{WithdrawalRows.Select} where w.id = any (@ids) limit @most", new { ids = ids.Select(i => i.Value).ToArray(), most = Bulk.Most }, stop)).Select(w => w.ToView())];

    /// <summary>The same as a table, at most the newest 10,000; of the bank details only what the lists show.</summary>
    private static async Task<Csv> Csv(Database database, ListFilter filter, CancellationToken stop)
    {
        var csv = new Csv().Row("withdrawal", "state", "held", "rail", "payout", "reference", "requested_at", "decided_at", "provider", "destination", "currency", "amount", "fee", "net", "reason");
        foreach (var w in (await Read(database, filter, null, ListFilter.MaxExport, stop)).Select(r => r.ToView()))
            csv.Row(w.Id, Names.Of(w.State), w.Held is { } held ? Names.Of(held) : null, w.Rail, w.Payout, w.PayoutReference, w.RequestedAt, w.DecidedAt, w.ProviderId, w.Destination, w.Amount.Currency.Code,
                w.Amount, w.Fee, w.Net, w.Reason);
        return csv;
    }

    private static Task<IReadOnlyList<Withdrawal>> Read(Database database, ListFilter filter, WithdrawalId? after, int limit, CancellationToken stop)
    {
        var f = filter.Given;
        return database.List<Withdrawal>($"""
            {WithdrawalRows.Select}
            where (@State is null or w.state = @State) and (@Gateway is null or p.gateway = @Gateway) and (@Currency is null or w.currency = @Currency) and (@Least is null or w.minor >= @Least)
                and (@Most is null or w.minor <= @Most) and (@Provider is null or w.provider_id = @Provider) and (@From is null or w.requested_at >= @From) and (@Until is null or w.requested_at < @Until)
                and (@after is null or w.id < @after)
            order by w.id desc limit @limit
            """, new { f.State, f.Gateway, f.Currency, f.Least, f.Most, f.Provider, f.From, f.Until, after, limit }, stop);
    }
}
