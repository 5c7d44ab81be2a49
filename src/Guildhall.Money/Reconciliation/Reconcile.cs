using System.Diagnostics;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Money.Reconciliation.Matching;

namespace Guildhall.Money.Reconciliation;

/// <summary>Carries a run on from wherever it stands, a chunk a transaction, and lets other work in after some seconds. Killed anywhere, it goes on there.</summary>
public sealed record Reconcile(ReconciliationId Run) : IJob
{
    public static string Kind => "reconcile";

    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(20);

    internal static async Task Work(JobContext context, Reconcile job)
    {
        var started = Stopwatch.GetTimestamp();
        while (await Runs.Find(context.Database, job.Run, context.Stop) is { IsMoving: true } run)
        {
            await Step(context, run);
            if (Stopwatch.GetElapsedTime(started) > AtOnce) throw new RunAgainException(TimeSpan.Zero);
        }
    }

    private static Task Step(JobContext context, Run run) => run.State switch
    {
        RunState.Receiving when run.Format == ReportFormat.Api => ReadWindow.Page(context, run),
        RunState.Matching => Match(context.Database, run, context.Stop),
        RunState.Repairing => Repair.Some(context, run),
        RunState.Comparing => Compare.Run(context.Database, run, context.Stop),
        _ => throw new InvalidOperationException($"A run that is {run.State} has no next step."),
    };

    private static Task Match(Database database, Run run, CancellationToken stop) => database.InTransaction(async tx =>
    {
        if (run.DoneRows == run.Rows) { await Runs.Move(tx, run.Id, RunState.Matching, RunState.Repairing); return; }
        if (await MatchChunk.Match(tx, run, run.DoneRows, Math.Min(run.Rows, run.DoneRows + MatchChunk.Rows))) return;
        if (await Runs.Lock(tx, run.Id) is not { State: RunState.Matching } now || now.DoneRows != run.DoneRows) return; // another node was quicker
        await Runs.Move(tx, run.Id, RunState.Matching, RunState.Lost, "The rows are no longer staged: the database was restarted after a crash. Give the report in again.");
    }, stop);
}
