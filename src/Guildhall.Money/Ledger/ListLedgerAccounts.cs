using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Ledger;

/// <summary>Accounts of the books with their balances now, in the order of their numbers; by kind, currency and owner. Keyset: <c>after</c>.</summary>
public static class ListLedgerAccounts
{
    public const int PageSize = 50;

    public sealed record Page(IReadOnlyList<Account> Accounts, long? Next);

    /// <summary>One account.</summary>
    /// <param name="Balance">Positive on its normal side.</param>
    public sealed record Account(long Id, string Kind, AccountClass Class, Side Normal, Guid? Owner, Amount Balance);

    /// <summary>One account at a posting moment, by effective date when that is given.</summary>
    public sealed record Standing(Account Account, DateTimeOffset At, DateTimeOffset? Effective);

    private sealed record Row(long Id, string Kind, Guid? OwnerId, Currency Currency);

    internal static void Map(IEndpointRouteBuilder ledger)
    {
        ledger.MapGet("/accounts", async (string? kind, string? currency, Guid? owner, long? after, Database database, CancellationToken stop) =>
            Results.Ok(await Run(database, kind, currency, owner, after, stop))).WithName(nameof(ListLedgerAccounts)).Requires(MoneyPermissions.LedgerView).Produces<Page>();
        ledger.MapGet("/accounts/{id:long}", async (long id, DateTimeOffset? at, DateTimeOffset? effective, Database database, CancellationToken stop) =>
            (await At(database, id, at, effective, stop)).ToHttp()).WithName("ReadLedgerAccount").Requires(MoneyPermissions.LedgerView).Produces<Standing>();
    }

    public static async Task<Page> Run(Database database, string? kind, string? currency, Guid? owner, long? after, CancellationToken stop)
    {
        var rows = await database.List<Row>(ListSql, new { kind, currency, owner, after = after ?? 0, limit = PageSize + 1 }, stop);
        var shown = rows.Take(PageSize).ToList();
        var balances = await BookSums.Now(database, [.. shown.Select(r => r.Id)], stop);
        return new Page([.. shown.Select(r => Of(r, balances[r.Id]))], rows.Count > PageSize ? shown[^1].Id : null);
    }

    /// <summary>One account now.</summary>
    public static async Task<Result<Account>> One(Database database, long id, CancellationToken stop) =>
        await database.Find<Row>(OneSql, new { id }, stop) is { } row ? Of(row, (await BookSums.Now(database, [id], stop))[id]) : MoneyRefusals.LedgerAccountNotFound;

    /// <summary>One account as of a posting moment: asked again later, the same digits.</summary>
    public static async Task<Result<Standing>> At(Database database, long id, DateTimeOffset? at, DateTimeOffset? effective, CancellationToken stop)
    {
        if (await database.Find<Row>(OneSql, new { id }, stop) is not { } row) return MoneyRefusals.LedgerAccountNotFound;
        if (!(await Moments.At(database, at, stop)).Is(out var moment, out var refusal)) return refusal;
        return new Standing(Of(row, await BookSums.Account(database, id, moment, effective, stop)), moment.At, effective);
    }

    /// <summary>The account of somebody's own, by its kind without <c>provider_</c>.</summary>
    internal static async Task<Result<Account>> Own(Database database, Caller caller, string kind, string currency, CancellationToken stop) =>
        await database.Find<Row>(OwnSql, new { owner = caller.AccountId, kind = "provider_" + kind, currency }, stop) is { } row
            ? Of(row, (await BookSums.Now(database, [row.Id], stop))[row.Id]) : MoneyRefusals.LedgerAccountNotFound;

    private static Account Of(Row row, long minor)
    {
        var kind = Chart.Of(row.Kind);
        return new Account(row.Id, row.Kind, kind.Class, kind.Normal, row.OwnerId, new Amount(kind.Normal is Side.Debit ? minor : checked(-minor), row.Currency));
    }

    private const string ListSql = """
        select a.id, a.kind, a.owner_id, a.currency from money.accounts a
        where (@kind is null or a.kind = @kind) and (@currency is null or a.currency = @currency) and (@owner is null or a.owner_id = @owner) and a.id > @after
        order by a.id limit @limit
        """;

    private const string OneSql = "select a.id, a.kind, a.owner_id, a.currency from money.accounts a where a.id = @id";
    private const string OwnSql = "select a.id, a.kind, a.owner_id, a.currency from money.accounts a where a.owner_id = @owner and a.kind = @kind and a.currency = @currency";
}
