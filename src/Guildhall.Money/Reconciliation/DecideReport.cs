using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Reconciliation;

/// <summary>held → matching: a person has looked at the preview.</summary>
public static class StartReport
{
    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapPost("/reconciliation/runs/{id}/start", async (ReconciliationId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp())
        .WithName(nameof(StartReport)).Requires(MoneyPermissions.ReconciliationRun);

    public static Task<Result<Done>> Run(Database database, Caller caller, ReconciliationId id, CancellationToken stop) => database.InTransaction<Result<Done>>(async tx =>
    {
        if (await Runs.Lock(tx, id) is not { } run) return MoneyRefusals.ReconciliationNotFound;
        if (run.State == RunState.Matching) return default(Done);
        if (run.State != RunState.Held) return MoneyRefusals.ReconciliationNotHeld;
        await Runs.Move(tx, id, RunState.Held, RunState.Matching);
        await tx.Audit(caller, "reconciliation.started", "reconciliation", id.ToString());
        await tx.Enqueue(new Reconcile(id), uniqueKey: id.ToString());
        return default(Done);
    }, stop);
}

/// <summary>held → discarded: it was the wrong file. Nothing of it was matched or booked.</summary>
public static class DiscardReport
{
    private const int Chunk = 50_000;

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapPost("/reconciliation/runs/{id}/discard", async (ReconciliationId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp())
        .WithName(nameof(DiscardReport)).Requires(MoneyPermissions.ReconciliationRun);

    public static async Task<Result<Done>> Run(Database database, Caller caller, ReconciliationId id, CancellationToken stop)
    {
        var done = await database.InTransaction<Result<Done>>(async tx =>
        {
            if (await Runs.Lock(tx, id) is not { } run) return MoneyRefusals.ReconciliationNotFound;
            if (run.State == RunState.Discarded) return default(Done);
            if (run.State != RunState.Held) return MoneyRefusals.ReconciliationNotHeld;
            await Runs.Move(tx, id, RunState.Held, RunState.Discarded);
            await tx.Audit(caller, "reconciliation.discarded", "reconciliation", id.ToString());
            return default(Done);
        }, stop);
        if (done.Granted) await Rows(database, id, stop);
        return done;
    }

    /// <summary>Forgets staged rows, some at a time.</summary>
    internal static async Task Rows(Database database, ReconciliationId id, CancellationToken stop)
    {
        for (var from = 0; from < StageReport.MaxRows; from += Chunk)
            if (await database.Change("delete from money.report_staged where reconciliation_id = @id and no > @start and no <= @to", new { id, start = from, to = from + Chunk }, stop) == 0) return;
    }
}
