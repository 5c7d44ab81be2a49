using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Settings;

namespace Guildhall.Money.Reconciliation;

/// <summary>The other way round: what we have and the report lacks. Then the run adds itself up and is done.</summary>
internal static class Compare
{
    private const int Batch = 50_000;

    private sealed record Place(DateTimeOffset At, Guid Id);
    private sealed record Scope(Run Run, DateTimeOffset From, DateTimeOffset To, DateTimeOffset LateFrom, string Team, DateTimeOffset Due);
    private sealed record Stated(Currency Currency, long Rows, long NetMinor, long? OpeningMinor, long? ClosingMinor, long Sorted, long SortedNet);

    public static async Task Run(Database database, Run run, CancellationToken stop)
    {
        if (await database.InTransaction(tx => ScopeOf(tx, run), stop) is { } scope)
        {
            await All(database, scope, CompareSql.PlacePayment, CompareSql.Payments, stop);
            await All(database, scope, CompareSql.PlaceRefund, CompareSql.Refunds, stop);
            await All(database, scope, CompareSql.PlacePayout, CompareSql.Payouts, stop);
            await All(database, scope, CompareSql.PlaceDispute, CompareSql.Disputes, stop);
            await All(database, scope, CompareSql.PlaceDisputeBack, CompareSql.DisputesBack, stop);
            await database.InTransaction(async tx =>
            {
                await tx.Change(CompareSql.Arrived, new { run.Source, now = tx.Now });
                await tx.Change(CompareSql.NoLongerLate, new { run.Source, scope.LateFrom });
                await tx.Change(CompareSql.Merged, new { run = run.Id });
                await tx.Change(CompareSql.MergedLines, new { run = run.Id });
            }, stop);
        }
        await database.InTransaction(tx => Finish(tx, run), stop);
    }

    private static async Task<Scope?> ScopeOf(Transaction tx, Run run)
    {
        if (run.Side == ReportSide.Bank || run.FromAt is not { } from || run.ToAt is not { } to) return null;
        return new Scope(run, from, to, to.AddHours(-await tx.Setting(MoneySettings.LateHours)), await tx.Setting(MoneySettings.ExceptionTeam),
            tx.Now.AddDays(await tx.Setting(MoneySettings.ExceptionDueDays)));
    }

    // In the order of time, some at a time. Repeating it after a crash adds nothing.
    private static async Task All(Database database, Scope scope, string place, string insert, CancellationToken stop)
    {
        var (at, id) = (scope.From, Guid.Empty);
        while (true)
        {
            var next = await database.Find<Place>(place, new { source = scope.Run.Source, at, id, to = scope.To, Batch }, stop);
            var (end, endId) = next is null ? (scope.To, new Guid(Enumerable.Repeat((byte)255, 16).ToArray())) : (next.At, next.Id);
            await database.InTransaction(async tx =>
            {
                await tx.Find<string>(Matching.GatewaySql.Steady);
                await tx.Change(insert, new { run = scope.Run.Id, source = scope.Run.Source, at, id, end, endId, scope.LateFrom, scope.Team, scope.Due, now = tx.Now });
            }, stop);
            if (next is null) return;
            (at, id) = (next.At, next.Id);
        }
    }

    private static async Task Finish(Transaction tx, Run run)
    {
        var (team, due) = (await tx.Setting(MoneySettings.ExceptionTeam), tx.Now.AddDays(await tx.Setting(MoneySettings.ExceptionDueDays)));
        if (await Runs.Lock(tx, run.Id) is not { State: RunState.Comparing }) return;
        foreach (var c in await tx.List<Stated>(CompareSql.Stated, new { run = run.Id }))
        {
            if (c.Sorted != c.Rows || c.SortedNet != c.NetMinor) throw new InvalidOperationException($"Rows of {run.Id} in {c.Currency} are lost: {c.Rows} read, {c.Sorted} sorted.");
            if (c.OpeningMinor is { } opening && c.ClosingMinor is { } closing && opening + c.NetMinor != closing)
                await tx.Change(CompareSql.DoesNotAddUp, new { run = run.Id, run.Source, c.Currency, expected = opening + c.NetMinor, reported = closing, team, due, now = tx.Now });
        }
        if (run.Side == ReportSide.Bank && run.ToAt is { } to)
            await tx.Change(CompareSql.NotAtBank, new { run = run.Id, now = tx.Now, team, due, day = DateOnly.FromDateTime(to.UtcDateTime).AddDays(-await tx.Setting(MoneySettings.BankDays)) });
        await tx.Change(CompareSql.AtBankAfterAll, new { now = tx.Now });
        await Runs.Move(tx, run.Id, RunState.Comparing, RunState.Done, run.Repaired > 0 ? $"{run.Repaired} of ours were settled by asking the gateway." : null);
        tx.Hint("reconciliation");
    }
}
