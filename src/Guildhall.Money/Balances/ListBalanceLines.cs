using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Balances;

/// <summary>The ledger lines of a provider's accounts in one currency, newest first, of all of them or of one. Keyset: pass <c>next</c> as <c>after</c>. Each
/// account is read from its own index, so a page costs the same at any depth.</summary>
public static class ListBalanceLines
{
    public const int PageSize = 100;

    public sealed record Page(IReadOnlyList<ReadBalance.Line> Lines, string? Next);

    private sealed record Row(DateTimeOffset At, string Journal, string Reference, OrderId? OrderId, string Account, long Minor, long JournalId, short No);

    internal static void Map(IEndpointRouteBuilder providers, IEndpointRouteBuilder admin)
    {
        providers.MapGet("/me/balance/lines", async (Currency currency, string? account, string? after, Caller caller, Database database, CancellationToken stop) =>
            Results.Ok(await Run(database, caller.AccountId!.Value, currency, account, after, stop))).WithName(nameof(ListBalanceLines)).RequiresSignIn().ChecksSessionRow().Produces<Page>();
        admin.MapGet("/providers/{provider:guid}/balance/lines", async (Guid provider, Currency currency, string? account, string? after, Database database, CancellationToken stop) =>
            Results.Ok(await Run(database, provider, currency, account, after, stop))).WithName("ListProviderBalanceLines").Requires(MoneyPermissions.PaymentView).Produces<Page>();
    }

    public static async Task<Page> Run(Database database, Guid provider, Currency currency, string? account, string? after, CancellationToken stop)
    {
        var (journal, no) = Cursor(after);
        var rows = await database.List<Row>(Sql, new { provider, currency, account, journal, no, limit = PageSize + 1 }, stop);
        return new Page([.. rows.Take(PageSize).Select(l => new ReadBalance.Line(l.At, l.Journal, l.Reference, l.OrderId, l.Account, new Amount(-l.Minor, currency)))],
            rows.Count > PageSize ? string.Create(CultureInfo.InvariantCulture, $"{rows[PageSize - 1].JournalId}-{rows[PageSize - 1].No}") : null);
    }

    // Anything that is no cursor of ours starts at the newest line.
    private static (long Journal, short No) Cursor(string? after) =>
        after?.Split('-') is [var left, var right] && long.TryParse(left, NumberStyles.None, CultureInfo.InvariantCulture, out var journal)
        && short.TryParse(right, NumberStyles.None, CultureInfo.InvariantCulture, out var no) ? (journal, no) : (long.MaxValue, (short)0);

    private const string Sql = """
        select j.posted_at as at, j.kind as journal, j.reference, j.order_id, l.kind as account, l.minor, l.journal_id, l.no
        from (
            select a.kind, e.journal_id, e.no, e.minor from money.accounts a cross join lateral (
                select e.journal_id, e.no, e.minor from money.entries e
                where e.account_id = a.id and e.journal_id <= @journal and (e.journal_id < @journal or e.no > @no) order by e.journal_id desc, e.no limit @limit) e
            where a.owner_id = @provider and a.currency = @currency and (@account is null or a.kind = @account)
            order by e.journal_id desc, e.no limit @limit) l
        join money.journals j on j.id = l.journal_id order by l.journal_id desc, l.no
        """;
}
