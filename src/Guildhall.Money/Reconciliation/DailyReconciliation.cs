using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;

namespace Guildhall.Money.Reconciliation;

/// <summary>Every day at 02:00 UTC each gateway that reports by its API is read for the day before, from two hours earlier or from where the last such
/// window ended. One job waits at a time, whichever node put it there; a day that was missed is made up by a longer window.</summary>
public sealed record DailyReconciliation(string Source) : IJob
{
    public static string Kind => "daily_reconciliation";

    private const int Hour = 2;
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(2);
    private static readonly Caller Self = Caller.System("daily_reconciliation");

    /// <summary>Puts the next one of each gateway in its place; said every hour.</summary>
    internal static async Task Plan(Transaction tx, IEnumerable<IGatewayReports> reports)
    {
        var today = new DateTimeOffset(tx.Now.UtcDateTime.Date, TimeSpan.Zero).AddHours(Hour);
        foreach (var gateway in reports) await tx.Enqueue(new DailyReconciliation(gateway.Gateway), tx.Now < today ? today : today.AddDays(1), uniqueKey: gateway.Gateway);
    }

    internal static async Task Run(Transaction tx, DailyReconciliation job)
    {
        var to = new DateTimeOffset(tx.Now.UtcDateTime.Date, TimeSpan.Zero);
        var last = await tx.Find<DateTimeOffset?>("""
            select max(to_at) from money.reconciliations where source = @Source and format = 'api' and started_by is null and state <> 'discarded'
            """, new { job.Source });
        if (last >= to) return;
        var from = last is { } end && end < to.AddDays(-1) ? end : to.AddDays(-1);
        if (to - from > ReadWindow.Longest - Overlap) from = to - ReadWindow.Longest + Overlap;
        await ReadWindow.Open(tx, Self, new ReadWindow.Body(job.Source, from - Overlap, to));
    }
}
