using System.Diagnostics;
using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Money.Reconciliation.Matching;

namespace Guildhall.Money.Reconciliation;

/// <summary>Rows that name something of ours which has not happened here: the gateway is asked and its answer settled on the one path that webhooks go; what a
/// bank says of payouts is handed to them.
/// Then every row that found nothing is judged again, whatever brought the news.</summary>
internal static class Repair
{
    private const int Batch = 200;
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(10); // a gateway may take twenty more for its last answer, and all of it has to fit a lease

    private sealed record Line(long Id, string Kind, Guid? AboutId, string? GatewayRef);
    private sealed record Moved(long Id, ReconciliationId ReconciliationId, Currency Currency, string State, long GrossMinor, long FeeMinor, long NetMinor, long CostMinor, long ExpectedMinor);

    public static async Task Some(JobContext context, Run run)
    {
        var after = long.TryParse(run.CursorText, CultureInfo.InvariantCulture, out var place) ? place : 0;
        var lines = await context.Database.List<Line>("""
            select l.id, l.kind, l.about_id, l.gateway_ref from money.report_lines l
            where l.source = @Source and l.state = 'open' and l.subject_id is null and l.class = 'missing_here' and l.id > @after order by l.id limit @Batch
            """, new { run.Source, after, Batch }, context.Stop);
        var (started, seen, answered) = (Stopwatch.GetTimestamp(), 0, new List<long>());
        for (; seen < lines.Count && Stopwatch.GetElapsedTime(started) < AtOnce; seen++)
            if (await Ask(context, run, lines[seen])) answered.Add(lines[seen].Id);
        await context.Database.InTransaction(tx => JudgeAgain(tx, run, [.. answered], seen == lines.Count && seen < Batch ? null : lines[seen - 1].Id), context.Stop);
    }

    // False: the gateway may know more than it said, and the row waits for the next run.
    private static async Task<bool> Ask(JobContext context, Run run, Line line)
    {
        if (run.Side == ReportSide.Bank)
        {
            if (line.AboutId is not null) await BankResult.Hand(context.Database, run, line.Id, context.Stop);
            return true;
        }
        var asked = await AskGateway.About(context, run.Source, line.Kind, line.AboutId, line.GatewayRef);
        if (asked.Change is not { } change) return asked.Answered;
        await context.Database.InTransaction(async tx =>
        {
            await tx.Change("update money.reconciliations set repaired = repaired + 1, changed_at = @now where id = @Id", new { run.Id, now = tx.Now });
            await tx.Change("""
                insert into money.reconciliation_notes (exception_id, at, actor, kind, text)
                select e.id, @now, 'reconciliation', 'repaired', @change from money.reconciliation_exceptions e where e.line_id = @Id and e.state = 'open'
                """, new { line.Id, change, now = tx.Now });
        }, context.Stop);
        return asked.Answered;
    }

    private static async Task JudgeAgain(Transaction tx, Run run, long[] lines, long? last)
    {
        await tx.ChangeNow(ChunkSql.Turn, new { source = run.Source });
        if (lines.Length > 0 && run.Side == ReportSide.Gateway) await Judge(tx, run, lines);
        if (last is { } place)
        {
            await tx.ChangeOne("update money.reconciliations set cursor_text = @after, changed_at = @now where id = @Id and state = 'repairing'",
                new { run.Id, after = place.ToString(CultureInfo.InvariantCulture), now = tx.Now });
            return;
        }
        await MatchBank.All(tx);
        await ExplainByRule(tx, run.Source);
        await tx.ChangeOne("update money.reconciliations set state = 'comparing', cursor_text = null, changed_at = @now where id = @Id and state = 'repairing'", new { run.Id, now = tx.Now });
    }

    private static async Task Judge(Transaction tx, Run run, long[] lines)
    {
        await tx.Find<string>(GatewaySql.Steady);
        var journal = $"gateway_fee:{run.Id}:again:{lines[0]}:";
        var moved = await tx.List<Moved>(GatewaySql.Update, new { source = run.Source, lines, journal, asked = true });
        foreach (var fees in moved.GroupBy(m => m.Currency))
            await GatewayFees.Book(tx, journal + fees.Key, new Amount(fees.Sum(m => m.CostMinor), fees.Key), new Amount(fees.Sum(m => m.ExpectedMinor), fees.Key));
        await Outcomes.Moved(tx, [.. moved.Select(m => m.Id)]);
    }

    private static async Task ExplainByRule(Transaction tx, string source)
    {
        var lines = await tx.List<long>("""
            with rule as (
                select distinct on (l.id) l.id, r.name from money.report_lines l join money.explain_rules r
                    on r.source = l.source and r.line_kind = l.kind and r.retired_at is null and position(lower(r.text_part) in lower(coalesce(l.text, ''))) > 0
                where l.source = @source and l.state = 'open' and l.subject_id is null and l.class = 'missing_here' order by l.id, r.id limit 100000)
            update money.report_lines l set state = 'explained', class = null, how = 'rule: ' || rule.name from rule where l.id = rule.id returning l.id
            """, new { source });
        await Outcomes.Moved(tx, [.. lines], "A rule explains it.");
    }
}
