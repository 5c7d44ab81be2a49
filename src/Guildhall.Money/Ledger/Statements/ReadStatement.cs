using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Money.Invoices.Pdf;
using Guildhall.Money.Ledger.Periods;
using Guildhall.Money.Ledger.Seal;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Ledger.Statements;

/// <summary>A month of somebody's accounts in one currency: opening balance, every line the books count in it, closing balance. Each line has its place
/// in the sealed log; the receipts that prove it are a file of their own. Final once the month is closed.</summary>
public static class ReadStatement
{
    private const int MaxLines = 20_000;
    private const int MaxReceipts = 500;

    /// <param name="Final">False while the month is open: lines can still come.</param>
    public sealed record View(string Period, string Currency, bool Final, IReadOnlyList<Section> Accounts);

    /// <summary>One account: opening + lines = closing, positive on its normal side.</summary>
    public sealed record Section(long Id, string Account, Amount Opening, IReadOnlyList<Line> Lines, Amount Closing);

    /// <param name="Position">Where the journal stands in the sealed log, with its leaf (base 64); null while it waits to be sealed.</param>
    public sealed record Line(DateTimeOffset Counted, DateTimeOffset Effective, long Journal, string Kind, string Reference, OrderId? Order, Amount Amount, long? Position, string? Leaf);

    /// <param name="Next">Ask again with it as <c>after</c>.</param>
    public sealed record Proofs(IReadOnlyList<ReadReceipt.Receipt> Receipts, long? Next);

    private sealed record AccountRow(long Id, string Kind);
    private sealed record LineRow(DateTimeOffset Counted, DateTimeOffset Effective, long Journal, string Kind, string Reference, OrderId? OrderId, long Minor, long? Position, byte[]? Leaf);

    internal static void MapOwn(IEndpointRouteBuilder providers)
    {
        providers.MapGet("/me/statements/{period}", async (string period, string currency, string? format, string? language, Caller caller, Database database, RenderPdf pdf, CheckpointFile file, CancellationToken stop) =>
            await Answer(await Own(database, caller, period, currency, stop), format, language, database, pdf, file, stop)).WithName("ReadOwnStatement").RequiresSignIn().ChecksSessionRow().Produces<View>();
        providers.MapGet("/me/statements/{period}/receipts", async (string period, string currency, long? after, Caller caller, Database database, CancellationToken stop) =>
            (await OwnReceipts(database, caller, period, currency, after, stop)).ToHttp()).WithName("ReadOwnStatementReceipts").RequiresSignIn().ChecksSessionRow().Produces<Proofs>();
    }

    internal static void Map(IEndpointRouteBuilder ledger) => ledger
        .MapGet("/accounts/{id:long}/statements/{period}", async (long id, string period, string? format, string? language, Database database, RenderPdf pdf, CheckpointFile file, CancellationToken stop) =>
            await Answer(await OfAccount(database, id, period, stop), format, language, database, pdf, file, stop)).WithName(nameof(ReadStatement)).Requires(MoneyPermissions.LedgerView).Produces<View>();

    /// <summary>All accounts of a provider in one currency.</summary>
    public static async Task<Result<View>> Own(Database database, Caller caller, string period, string currency, CancellationToken stop)
    {
        if (!Period.TryParse(period, out var month)) return MoneyRefusals.PeriodUnknown;
        if (!Currency.TryParse(currency, out var money)) return MoneyRefusals.LedgerAccountNotFound;
        var accounts = await database.List<AccountRow>(OwnSql, new { owner = caller.AccountId, currency = money }, stop);
        return accounts.Count == 0 ? MoneyRefusals.LedgerAccountNotFound : await Make(database, month, money, accounts, stop);
    }

    /// <summary>Any one account, such as one of the platform's own.</summary>
    public static async Task<Result<View>> OfAccount(Database database, long account, string period, CancellationToken stop)
    {
        if (!Period.TryParse(period, out var month)) return MoneyRefusals.PeriodUnknown;
        return (await ListLedgerAccounts.One(database, account, stop)).Is(out var found, out var refusal)
            ? await Make(database, month, found.Balance.Currency, [new AccountRow(found.Id, found.Kind)], stop) : refusal;
    }

    /// <summary>The receipts of a provider's statement, at most 500 at a time, for the journals that are under a signed checkpoint.</summary>
    public static async Task<Result<Proofs>> OwnReceipts(Database database, Caller caller, string period, string currency, long? after, CancellationToken stop)
    {
        if (!(await Own(database, caller, period, currency, stop)).Is(out var statement, out var refusal)) return refusal;
        var journals = statement.Accounts.SelectMany(a => a.Lines).Where(l => l.Position is not null && l.Journal > (after ?? 0)).Select(l => l.Journal).Distinct().Order().Take(MaxReceipts + 1).ToList();
        var receipts = new List<ReadReceipt.Receipt>();
        await database.InTransaction(async tx =>
        {
            receipts.Clear();
            foreach (var journal in journals.Take(MaxReceipts))
                if ((await ReadReceipt.Make(tx, journal, caller.AccountId)).Is(out var receipt, out _)) receipts.Add(receipt);
        }, stop);
        return new Proofs(receipts, journals.Count > MaxReceipts ? journals[MaxReceipts - 1] : null);
    }

    /// <summary>The statement as a file.</summary>
    internal static Csv ToCsv(View view)
    {
        var csv = new Csv().Row("row", "account", "counted_at", "effective_at", "journal", "kind", "reference", "order", "currency", "amount", "log_position", "leaf");
        foreach (var section in view.Accounts)
        {
            csv.Row("opening", section.Account, null, null, null, null, null, null, view.Currency, section.Opening, null, null);
            foreach (var line in section.Lines)
                csv.Row("line", section.Account, line.Counted, line.Effective, line.Journal, line.Kind, line.Reference, line.Order?.ToString(), view.Currency, line.Amount, line.Position, line.Leaf);
            csv.Row("closing", section.Account, null, null, null, null, null, null, view.Currency, section.Closing, null, null);
        }
        return csv;
    }

    private static async Task<IResult> Answer(Result<View> result, string? format, string? language, Database database, RenderPdf pdf, CheckpointFile file, CancellationToken stop)
    {
        if (format is not ("csv" or "pdf") || !result.Is(out var view, out _)) return result.ToHttp();
        var name = $"statement-{view.Period}-{view.Currency}.{format}";
        if (format is "csv") return ToCsv(view).ToHttp(name);
        var seal = await ReadSeal.Run(database, file, stop);
        return (await StatementPdf.Run(pdf, view, seal, language ?? "en", database.Clock.GetUtcNow(), stop)).Is(out var bytes, out var refusal) ? Results.File(bytes, "application/pdf", name) : refusal.ToHttp();
    }

    private static async Task<Result<View>> Make(Database database, Period month, Currency currency, IReadOnlyList<AccountRow> accounts, CancellationToken stop)
    {
        var sections = new List<Section>();
        foreach (var account in accounts)
        {
            var sign = Chart.Of(account.Kind).Normal is Side.Debit ? 1 : -1;
            var opening = sign * await database.Find<long>(OpeningSql, new { account = account.Id, start = month.From }, stop);
            var rows = await database.List<LineRow>(LinesSql, new { account = account.Id, start = month.From, until = month.Until, limit = MaxLines + 1 }, stop);
            if (rows.Count > MaxLines) return MoneyRefusals.StatementTooLong;
            var lines = rows.Select(r => new Line(r.Counted, r.Effective, r.Journal, r.Kind, r.Reference, r.OrderId, new Amount(sign * r.Minor, currency), r.Position, r.Leaf is null ? null : Convert.ToBase64String(r.Leaf))).ToList();
            sections.Add(new Section(account.Id, account.Kind, new Amount(opening, currency), lines, new Amount(opening + lines.Sum(l => l.Amount.Minor), currency)));
        }
        var final = await database.Find<bool>("select exists (select 1 from money.closings where until >= @until)", new { until = month.Until }, stop);
        return new View(month.ToString(), currency.Code, final, sections);
    }

    private const string OwnSql = "select a.id, a.kind from money.accounts a where a.owner_id = @owner and a.currency = @currency order by a.id limit 20";

    // From the newest frozen period before; nothing is effective after it is posted, so older journals need not be read.
    private const string OpeningSql = """
        with f as (select max(z.until) as until from money.period_freezes z where z.until <= @start),
        d as (select coalesce(max(m.floor_id), 0) as floor_id from money.moments m, f where m.at < f.until - interval '1 hour')
        select (coalesce((select p.minor from money.period_accounts p, f where p.account_id = @account and p.until <= f.until order by p.until desc limit 1), 0)
            + coalesce((select sum(e.minor) from d, f, money.entries e join money.journals j on j.id = e.journal_id
                where e.account_id = @account and e.journal_id > d.floor_id and coalesce(j.counted_at, j.effective_at) < @start
                  and (f.until is null or coalesce(j.counted_at, j.effective_at) >= f.until)), 0))::bigint
        """;

    private const string LinesSql = """
        with d as (select coalesce(max(m.floor_id), 0) as floor_id from money.moments m where m.at < @start - interval '1 hour'),
        l as materialized (
            select coalesce(j.counted_at, j.effective_at) as counted, j.effective_at as effective, j.id, j.epoch, j.tx, j.kind, j.reference, j.order_id, e.no, e.minor
            from d, money.entries e join money.journals j on j.id = e.journal_id
            where e.account_id = @account and e.journal_id > d.floor_id and coalesce(j.counted_at, j.effective_at) >= @start and coalesce(j.counted_at, j.effective_at) < @until
            order by 1, e.journal_id, e.no limit @limit)
        select l.counted, l.effective, l.id as journal, l.kind, l.reference, l.order_id, l.minor, s.position, s.leaf
        from l left join lateral (
            select c.first + array_position(c.journals, l.id) - 1 as position, substr(c.leaves, 32 * (array_position(c.journals, l.id) - 1) + 1, 32) as leaf
            from money.seal_chunks c where (c.epoch, c.tx, c.journal_id) >= (l.epoch, l.tx, l.id) order by c.epoch, c.tx, c.journal_id limit 1) s on true
        order by l.counted, l.id, l.no
        """;
}
