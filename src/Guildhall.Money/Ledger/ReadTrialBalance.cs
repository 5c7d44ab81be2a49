using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Money.Ledger.Periods;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Ledger;

/// <summary>Every kind of account with its balance on its side; debits and credits are equal in every currency. As of a posting moment (the same
/// digits whenever it is asked again), by effective date, or at the end of a closed period, which is frozen.</summary>
public static class ReadTrialBalance
{
    /// <param name="At">The posting moment; null for a closed period.</param>
    /// <param name="Effective">Only what was effective before this.</param>
    /// <param name="Period">The closed month.</param>
    public sealed record View(DateTimeOffset? At, DateTimeOffset? Effective, string? Period, bool Balanced, IReadOnlyList<Row> Rows, IReadOnlyList<Total> Totals);

    /// <summary>One kind of account in one currency: its balance stands on one side, the other is zero.</summary>
    public sealed record Row(string Account, AccountClass Class, Side Normal, Amount Debit, Amount Credit);

    /// <summary>The sums of one currency.</summary>
    public sealed record Total(Amount Debit, Amount Credit);

    internal static void Map(IEndpointRouteBuilder ledger)
    {
        ledger.MapGet("/trial-balance", async (DateTimeOffset? at, DateTimeOffset? effective, string? period, string? format, Database database, CancellationToken stop) =>
        {
            var result = period is null ? await Run(database, at, effective, stop) : await Of(database, period, stop);
            return format is "csv" && result.Is(out var view, out _) ? ToCsv(view).ToHttp($"trial-balance-{Named(view)}.csv") : result.ToHttp();
        }).WithName(nameof(ReadTrialBalance)).Requires(MoneyPermissions.LedgerView).Produces<View>();
        ledger.MapGet("/chart", () => Chart.Kinds).WithName("ReadChart").Requires(MoneyPermissions.LedgerView).Produces<IReadOnlyList<Chart.Kind>>();
    }

    public static async Task<Result<View>> Run(Database database, DateTimeOffset? at, DateTimeOffset? effective, CancellationToken stop)
    {
        if (!(await Moments.At(database, at, stop)).Is(out var moment, out var refusal)) return refusal;
        return Make(await BookSums.Kinds(database, moment, effective, stop), moment.At, effective, null);
    }

    /// <summary>At the end of a closed month, such as <c>2026-10</c>.</summary>
    public static async Task<Result<View>> Of(Database database, string period, CancellationToken stop)
    {
        if (!Period.TryParse(period, out var month)) return MoneyRefusals.PeriodUnknown;
        if (!await database.Find<bool>("select exists (select 1 from money.closings where until >= @until)", new { until = month.Until }, stop)) return MoneyRefusals.PeriodOpen;
        if (!await database.Find<bool>("select exists (select 1 from money.period_freezes where until = @until)", new { until = month.Until }, stop)) return MoneyRefusals.PeriodBeingFrozen;
        return Make(await database.List<BookSums.OfKind>(PeriodSql, new { until = month.Until }, stop), null, null, month.ToString());
    }

    internal static Csv ToCsv(View view)
    {
        var csv = new Csv().Row("account", "class", "normal_side", "currency", "debit", "credit");
        foreach (var row in view.Rows) csv.Row(row.Account, Names.Of(row.Class), Names.Of(row.Normal), row.Debit.Currency.Code, row.Debit, row.Credit);
        foreach (var total in view.Totals) csv.Row("total", "", "", total.Debit.Currency.Code, total.Debit, total.Credit);
        return csv;
    }

    private static string Named(View view) => view.Period ?? view.At!.Value.UtcDateTime.ToString("yyyyMMdd-HHmmss", System.Globalization.CultureInfo.InvariantCulture);

    private static View Make(IReadOnlyList<BookSums.OfKind> sums, DateTimeOffset? at, DateTimeOffset? effective, string? period)
    {
        var order = Chart.Kinds.Select((kind, index) => (kind.Name, index)).ToDictionary(k => k.Name, k => k.index, StringComparer.Ordinal);
        var rows = sums.Where(s => s.Minor != 0).OrderBy(s => s.Currency.Code, StringComparer.Ordinal).ThenBy(s => order[s.Kind]).Select(sum =>
        {
            var (kind, zero, value) = (Chart.Of(sum.Kind), Amount.Zero(sum.Currency), new Amount(sum.Minor, sum.Currency));
            return new Row(sum.Kind, kind.Class, kind.Normal, value.IsPositive ? value : zero, value.IsPositive ? zero : -value);
        }).ToList();
        var totals = rows.GroupBy(r => r.Debit.Currency).Select(g => new Total(
            g.Aggregate(Amount.Zero(g.Key), (sum, row) => sum + row.Debit), g.Aggregate(Amount.Zero(g.Key), (sum, row) => sum + row.Credit))).ToList();
        return new View(at, effective, period, totals.All(t => t.Debit == t.Credit), rows, totals);
    }

    private const string PeriodSql = "select kind, currency, minor::bigint as minor from money.period_totals where until = @until order by currency, kind limit 10000";
}
