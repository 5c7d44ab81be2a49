using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Settings;

namespace Guildhall.Money.Reconciliation.Matching;

/// <summary>Some thousands of rows in one transaction: judged, written, their fees and settlements booked, their exceptions opened, the place kept. A crash
/// undoes all of it or none.</summary>
internal static class MatchChunk
{
    public const int Rows = 20_000;

    public sealed record Total(Currency Currency, string State, long Rows, long GrossMinor, long FeeMinor, long NetMinor, long CostMinor, long ExpectedMinor);
    private sealed record KnownTotal(Currency Currency, long Rows, long GrossMinor, long FeeMinor, long NetMinor);
    private sealed record MergedRow(long Id, Currency Currency, long GrossMinor, long FeeMinor, Guid[] Others);
    private sealed record Parts(long Count, long Minor);
    private sealed record Settled(Guid Id, string Reference, Currency Currency, long Minor);

    /// <summary>The rows after <paramref name="from"/>. False when they are no longer staged.</summary>
    public static async Task<bool> Match(Transaction tx, Run run, int from, int to)
    {
        await tx.Find<string>(GatewaySql.Steady);
        await tx.ChangeNow(ChunkSql.Turn, new { source = run.Source });
        var due = tx.Now.AddDays(await tx.Setting(MoneySettings.ExceptionDueDays));
        var chunk = new { run = run.Id, source = run.Source, start = from, to, journal = $"gateway_fee:{run.Id}:{to}:", team = await tx.Setting(MoneySettings.ExceptionTeam), due, now = tx.Now };
        if (await tx.Get<long>(ChunkSql.Staged, new { run = run.Id, start = from, to }) != to - from) return false;

        // Rows that stood in an earlier report: mostly there is none, and nothing of the rest looks for one.
        var known = await tx.List<KnownTotal>(GatewaySql.Known, new { chunk.run, chunk.source, start = from, to });
        foreach (var k in known) await tx.ChangeOne(ChunkSql.Total, new { run = run.Id, k.Currency, outcome = "known", k.Rows, k.GrossMinor, k.FeeMinor, k.NetMinor });
        var anyKnown = known.Count > 0;
        if (anyKnown) await tx.Change(GatewaySql.Changed, new { chunk.run, chunk.source, start = from, to, chunk.team, due, now = tx.Now });
        var totals = run.Side == ReportSide.Bank
            ? await tx.List<Total>(BankSql.Insert, new { chunk.run, chunk.source, start = from, to, anyKnown })
            : await tx.List<Total>(GatewaySql.Insert, new { chunk.run, chunk.source, start = from, to, chunk.journal, anyKnown, asked = false });
        foreach (var t in totals)
            await tx.ChangeOne(ChunkSql.Total, new { run = run.Id, t.Currency, outcome = t.State, t.Rows, t.GrossMinor, t.FeeMinor, t.NetMinor });
        if (run.Side == ReportSide.Gateway) await Gateway(tx, run, from, to, chunk.journal, totals);
        else await MatchBank.OfRun(tx, run.Id, from, to);
        await tx.Change(ChunkSql.Except, new { chunk.run, start = from, to, chunk.team, due, now = tx.Now });
        await tx.Change(ChunkSql.Forget, new { chunk.run, start = from, to });
        await tx.ChangeOne(ChunkSql.Progress, new { chunk.run, start = from, to, now = tx.Now });
        return true;
    }

    private static async Task Gateway(Transaction tx, Run run, int from, int to, string journal, IReadOnlyList<Total> totals)
    {
        var chunk = new { run = run.Id, start = from, to };
        var costs = totals.GroupBy(t => t.Currency).ToDictionary(g => g.Key, g => (Cost: g.Sum(t => t.CostMinor), Expected: g.Sum(t => t.ExpectedMinor)));
        foreach (var row in await tx.List<MergedRow>(ChunkSql.Merged, chunk))
        {
            var parts = await tx.Get<Parts>(ChunkSql.PartsOfMerged, new { row.Others, source = run.Source, row.Currency });
            if (parts.Count != row.Others.Length || parts.Minor != row.GrossMinor) continue;
            await tx.Change(ChunkSql.LinkMerged, new { row.Id, row.Others });
            await tx.ChangeOne(ChunkSql.TakeMerged, new { row.Id, journal });
            var sum = costs.GetValueOrDefault(row.Currency);
            costs[row.Currency] = (sum.Cost + row.FeeMinor, sum.Expected + row.FeeMinor);
            await Outcomes.Moved(tx, [row.Id]);
        }
        foreach (var (currency, sum) in costs) await GatewayFees.Book(tx, journal + currency, new Amount(sum.Cost, currency), new Amount(sum.Expected, currency));
        foreach (var sent in await tx.List<Settled>(ChunkSql.Settle, chunk)) await GatewaySettlements.Book(tx, run.Source, sent.Id, new Amount(sent.Minor, sent.Currency));
        foreach (var back in await tx.List<Settled>(ChunkSql.SettledBack, chunk)) await GatewaySettlements.BookBack(tx, run.Source, back.Id, new Amount(back.Minor, back.Currency));
    }
}

/// <summary>Moves lines from open to what they are now, in the totals of their runs, and resolves their exceptions.</summary>
internal static class Outcomes
{
    public static async Task Moved(Transaction tx, long[] lines, string reason = "A row of ours agrees with it now.")
    {
        if (lines.Length == 0) return;
        await tx.Change(ChunkSql.Leave, new { lines });
        await tx.Change(ChunkSql.Join, new { lines });
        await tx.Change(ChunkSql.Follow, new { lines });
        await tx.Change(ChunkSql.Resolve, new { lines, reason, now = tx.Now });
    }
}
