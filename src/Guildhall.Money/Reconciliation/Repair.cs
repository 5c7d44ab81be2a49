using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Money.Gateways;
using Guildhall.Money.Payments;
using Guildhall.Money.Reconciliation.Matching;
using Guildhall.Money.Refunds;

namespace Guildhall.Money.Reconciliation;

/// <summary>Rows that name something of ours which has not happened here: the gateway is asked and its answer settled on the one path that webhooks go.
/// Then every row that found nothing is judged again, whatever brought the news.</summary>
internal static class Repair
{
    private const int Batch = 200;

    private static readonly Caller Source = Caller.System("reconciliation");

    private sealed record Line(long Id, string Kind, Guid? AboutId);
    private sealed record Moved(long Id, ReconciliationId ReconciliationId, Currency Currency, string State, long GrossMinor, long FeeMinor, long NetMinor, long CostMinor, long ExpectedMinor);

    public static async Task Some(JobContext context, Run run)
    {
        var after = long.TryParse(run.CursorText, System.Globalization.CultureInfo.InvariantCulture, out var place) ? place : 0;
        var lines = await context.Database.List<Line>("""
            select l.id, l.kind, l.about_id from money.report_lines l
            where l.source = @Source and l.state = 'open' and l.subject_id is null and l.class = 'missing_here' and l.id > @after order by l.id limit @Batch
            """, new { run.Source, after, Batch }, context.Stop);
        if (run.Side == ReportSide.Gateway && context.Get<GatewayBook>().Find(run.Source) is { } gateway)
            foreach (var line in lines) await Ask(context, gateway, run, line);
        await context.Database.InTransaction(tx => JudgeAgain(tx, run, [.. lines.Select(l => l.Id)], lines.Count < Batch), context.Stop);
    }

    private static async Task Ask(JobContext context, IGateway gateway, Run run, Line line)
    {
        if (line.AboutId is not { } about) return;
        var settled = line.Kind switch
        {
            "charge" => await AskPayment(context, gateway, new PaymentId(about)),
            "refund" or "refund_back" => await AskRefund(context, gateway, new RefundId(about)),
            _ => null,
        };
        if (settled is null) return;
        await context.Database.InTransaction(async tx =>
        {
            await tx.Change("update money.reconciliations set repaired = repaired + 1, changed_at = @now where id = @Id", new { run.Id, now = tx.Now });
            await tx.Change("""
                insert into money.reconciliation_notes (exception_id, at, actor, kind, text)
                select e.id, @now, 'reconciliation', 'repaired', @settled from money.reconciliation_exceptions e where e.line_id = @Id and e.state = 'open'
                """, new { line.Id, settled, now = tx.Now });
        }, context.Stop);
    }

    private static async Task<string?> AskPayment(JobContext context, IGateway gateway, PaymentId id)
    {
        if (await Payments.Payments.Find(context.Database, id, context.Stop) is not { } payment || payment.State == PaymentState.Captured || !string.Equals(payment.Gateway, gateway.Name, StringComparison.Ordinal)) return null;
        if (payment.GatewayRef is null && !payment.IsLive) return null; // it was never opened there: its page must not be opened by a report
        var then = await CheckPayment.Ask(context.Database, context.Get<GatewayBook>(), payment, context.Stop);
        return then.State == payment.State ? null : $"The gateway was asked: {Names.Of(payment.State)} became {Names.Of(then.State)}.";
    }

    private static async Task<string?> AskRefund(JobContext context, IGateway gateway, RefundId id)
    {
        if (await ReadRefunds.Find(context.Database, id, context.Stop) is not { } refund) return null;
        var payment = await context.Database.Find<string>("select p.gateway_payment from money.payments p join money.refunds r on r.payment_id = p.id where r.id = @id", new { id }, context.Stop);
        if (payment is null || await gateway.FindRefund(id, payment, context.Stop) is not GatewayAnswer<RefundFact?>.Accepted { Value: { } fact }) return null;
        var then = await context.Database.InTransaction(tx => SettleRefund.Run(tx, Source, fact), context.Stop);
        return then.Is(out var state, out _) && state != refund.State ? $"The gateway was asked: {Names.Of(refund.State)} became {Names.Of(state)}." : null;
    }

    private static async Task JudgeAgain(Transaction tx, Run run, long[] lines, bool last)
    {
        await tx.ChangeNow(ChunkSql.Turn, new { source = run.Source });
        if (lines.Length > 0 && run.Side == ReportSide.Gateway) await Judge(tx, run, lines);
        if (!last)
        {
            await tx.ChangeOne("update money.reconciliations set cursor_text = @after, changed_at = @now where id = @Id and state = 'repairing'",
                new { run.Id, after = lines[^1].ToString(System.Globalization.CultureInfo.InvariantCulture), now = tx.Now });
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
        var moved = await tx.List<Moved>(GatewaySql.Update, new { source = run.Source, lines, journal });
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
