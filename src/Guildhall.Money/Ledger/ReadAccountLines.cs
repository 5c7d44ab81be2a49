using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Ledger;

/// <summary>What a balance is made of: the lines of one account, newest first, each leading to its journal and order. Any account for staff, their own
/// for providers. Keyset: pass <c>next</c> as <c>before</c>; a page costs the same however many lines there are.</summary>
public static class ReadAccountLines
{
    public const int PageSize = 50;

    public sealed record Page(ListLedgerAccounts.Account Account, IReadOnlyList<Line> Lines, string? Next);

    /// <summary>One line.</summary>
    /// <param name="Effective">When it happened; <paramref name="At"/> is when it was posted.</param>
    /// <param name="Counted">Set when its effective date was closed already: the books count it here.</param>
    /// <param name="Amount">Positive adds to the balance on the account's normal side.</param>
    public sealed record Line(long Journal, int No, DateTimeOffset At, DateTimeOffset Effective, DateTimeOffset? Counted, string Kind, string Reference, OrderId? Order, PaymentId? Payment, Amount Amount);

    private sealed record Row(long Journal, short No, DateTimeOffset At, DateTimeOffset Effective, DateTimeOffset? Counted, string Kind, string Reference, OrderId? OrderId, PaymentId? PaymentId, long Minor);

    internal static void Map(IEndpointRouteBuilder ledger) => ledger
        .MapGet("/accounts/{id:long}/lines", async (long id, string? before, Database database, CancellationToken stop) =>
            (await Any(database, id, before, stop)).ToHttp()).WithName(nameof(ReadAccountLines)).Requires(MoneyPermissions.LedgerView).Produces<Page>();

    internal static void MapOwn(IEndpointRouteBuilder providers) => providers
        .MapGet("/me/ledger/{account}/{currency}/lines", async (string account, string currency, string? before, Caller caller, Database database, CancellationToken stop) =>
            (await Own(database, caller, account, currency, before, stop)).ToHttp()).WithName("ReadOwnLedgerLines").RequiresSignIn().ChecksSessionRow().Produces<Page>();

    public static async Task<Result<Page>> Any(Database database, long account, string? before, CancellationToken stop) =>
        (await ListLedgerAccounts.One(database, account, stop)).Is(out var found, out var refusal) ? await Lines(database, found, before, stop) : refusal;

    /// <summary>A provider's own: available, reserved, disputed or rolling.</summary>
    public static async Task<Result<Page>> Own(Database database, Caller caller, string account, string currency, string? before, CancellationToken stop) =>
        (await ListLedgerAccounts.Own(database, caller, account, currency, stop)).Is(out var found, out var refusal) ? await Lines(database, found, before, stop) : refusal;

    private static async Task<Page> Lines(Database database, ListLedgerAccounts.Account account, string? before, CancellationToken stop)
    {
        var (journal, no) = Cursor(before);
        var rows = await database.List<Row>(LinesSql, new { account = account.Id, journal, no }, stop);
        var sign = account.Normal is Side.Debit ? 1 : -1;
        var lines = rows.Take(PageSize).Select(r => new Line(r.Journal, r.No, r.At, r.Effective, r.Counted, r.Kind, r.Reference, r.OrderId, r.PaymentId,
            new Amount(sign * r.Minor, account.Balance.Currency))).ToList();
        return new Page(account, lines, rows.Count > PageSize ? $"{lines[^1].Journal}.{lines[^1].No}" : null);
    }

    private static (long Journal, short No) Cursor(string? before) =>
        before?.Split('.') is [var journal, var no] && long.TryParse(journal, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        && short.TryParse(no, NumberStyles.None, CultureInfo.InvariantCulture, out var line) ? (id, line) : (long.MaxValue, short.MaxValue);

    // The entries first, by their index, and the limit as a number (one more than a page): otherwise a plan made for any limit walks every journal.
    private const string LinesSql = """
        with l as materialized (
            select e.journal_id, e.no, e.minor from money.entries e
            where e.account_id = @account and e.journal_id <= @journal and (e.journal_id, e.no) < (@journal, @no)
            order by e.journal_id desc, e.no desc limit 51)
        select l.journal_id as journal, l.no, j.posted_at as at, j.effective_at as effective, j.counted_at as counted, j.kind, j.reference, j.order_id,
            o.paid_payment_id as payment_id, l.minor
        from l join money.journals j on j.id = l.journal_id left join money.orders o on o.id = j.order_id
        order by l.journal_id desc, l.no desc
        """;
}
