using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;

namespace Guildhall.Money.Reconciliation;

/// <summary>receiving → lost: an upload whose node or client is gone has not written in time. Its rows are forgotten, and the same file can be given in
/// again. Every minute, with what an ended run left behind when it was cut off in turn.</summary>
public sealed record EndUploads : IJob
{
    public static string Kind => "end_uploads";

    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    /// <summary>By when an upload has to have written again. Real time: the clock of the business may leap.</summary>
    internal static DateTimeOffset NextLease => TimeProvider.System.GetUtcNow() + Lease;

    internal const string CutOff = "The upload was cut off. Nothing of it was kept: give the report in again.";

    internal static async Task Run(JobContext context, EndUploads _)
    {
        var realNow = TimeProvider.System.GetUtcNow();
        var late = await context.Database.List<ReconciliationId>("""
            select id from money.reconciliations where state = 'receiving' and lease_until < @realNow order by lease_until limit 100
            """, new { realNow }, context.Stop);
        foreach (var upload in late) await End(context.Database, upload, RunState.Lost, CutOff, context.Stop, realNow);
        var left = await context.Database.List<ReconciliationId>("""
            select r.id from money.reconciliations r where r.state in ('discarded', 'lost') and r.changed_at > @since
                and exists (select 1 from money.report_staged s where s.reconciliation_id = r.id) order by r.id limit 100
            """, new { since = context.Database.Clock.GetUtcNow().AddDays(-2) }, context.Stop);
        foreach (var ended in left) await DiscardReport.Rows(context.Database, ended, context.Stop);
    }

    /// <summary>Ends an upload that is still one. Its rows go afterwards: a run that got on keeps them.</summary>
    /// <param name="late">Only when it has not written by then.</param>
    internal static async Task End(Database database, ReconciliationId id, RunState to, string note, CancellationToken stop, DateTimeOffset? late = null)
    {
        var ended = await database.Change("""
            update money.reconciliations set state = @to, note = @note, lease_until = null, changed_at = @now
            where id = @id and state = 'receiving' and format <> 'api' and (@late is null or lease_until < @late)
            """, new { id, to, note, late, now = database.Clock.GetUtcNow() }, stop);
        if (ended == 1) await DiscardReport.Rows(database, id, stop);
    }
}
