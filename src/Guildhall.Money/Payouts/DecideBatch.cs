using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Money.Withdrawals;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Payouts;

/// <summary>built → approved, by another person than who built it, bound to the revision that person saw.</summary>
public static class ApproveBatch
{
    public sealed record Body(int Revision);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapPost("/payout-batches/{id}/actions/approve", async (PayoutBatchId id, Body body, Caller caller, Database database, CancellationToken stop) =>
            (await Run(database, caller, id, body.Revision, stop)).ToHttp())
        .WithName(nameof(ApproveBatch)).Requires(MoneyPermissions.WithdrawalDecide).Idempotent().Produces<BatchView>();

    public static async Task<Result<BatchView>> Run(Database database, Caller caller, PayoutBatchId id, int revision, CancellationToken stop)
    {
        var done = await database.InTransaction<Result<Done>>(async tx =>
        {
            var batch = await BatchRows.Lock(tx, id);
            if (batch is null) return MoneyRefusals.BatchNotFound;
            if (caller.AccountId is not { } who || await Accounts.AreOnePerson(tx, who, batch.BuiltBy)) return MoneyRefusals.BatchOwn;
            if (batch.State == BatchState.Approved && batch.ApprovedBy == who) return default(Done);
            if (batch.State != BatchState.Built) return MoneyRefusals.BatchStateWrong;
            if (batch.Revision != revision) return MoneyRefusals.BatchChangedMeanwhile;
            await tx.ChangeOne("update money.payout_batches set state = 'approved', approved_by = @who, approved_at = @now, revision = revision + 1 where id = @id and state = 'built'", new { id, who, now = tx.Now });
            await tx.Audit(caller, "batch.approved", "payout_batch", id.ToString(), after: new { batch.Items, batch.Total });
            return default(Done);
        }, stop);
        return done.Is(out _, out var no) ? (await BatchRows.Find(database, id, stop))!.ToView() : no;
    }
}

/// <summary>built or approved → discarded: nothing of it was sent; its payouts may go into another batch.</summary>
public static class DiscardBatch
{
    public sealed record Body(int Revision);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapPost("/payout-batches/{id}/actions/discard", async (PayoutBatchId id, Body body, Caller caller, Database database, CancellationToken stop) =>
            (await Run(database, caller, id, body.Revision, stop)).ToHttp())
        .WithName(nameof(DiscardBatch)).Requires(MoneyPermissions.WithdrawalDecide).Idempotent().Produces<BatchView>();

    public static async Task<Result<BatchView>> Run(Database database, Caller caller, PayoutBatchId id, int revision, CancellationToken stop)
    {
        var done = await database.InTransaction<Result<Done>>(async tx =>
        {
            var batch = await BatchRows.Lock(tx, id);
            if (batch is null) return MoneyRefusals.BatchNotFound;
            if (batch.State == BatchState.Discarded) return default(Done);
            if (batch.State is not (BatchState.Built or BatchState.Approved)) return MoneyRefusals.BatchStateWrong;
            if (batch.Revision != revision) return MoneyRefusals.BatchChangedMeanwhile;
            await tx.ChangeOne("update money.payout_batches set state = 'discarded', discarded_by = @by, revision = revision + 1 where id = @id and state in ('built', 'approved')", new { id, by = caller.AccountId });
            await TakeOut(tx, caller, id, null, "discarded");
            await tx.Audit(caller, "batch.discarded", "payout_batch", id.ToString(), before: new { batch.State });
            return default(Done);
        }, stop);
        return done.Is(out _, out var no) ? (await BatchRows.Find(database, id, stop))!.ToView() : no;
    }

    // All that is in it, or these.
    internal static async Task TakeOut(Transaction tx, Caller caller, PayoutBatchId id, Guid[]? payouts, string reason)
    {
        var gone = await tx.List<WithdrawalId>("""
            select p.withdrawal_id from money.payout_batch_items i join money.payouts p on p.id = i.payout_id
            where i.batch_id = @id and i.state = 'included' and (@payouts::uuid[] is null or i.payout_id = any (@payouts)) limit 10000
            """, new { id, payouts });
        await tx.Change("""
            update money.payout_batch_items set state = 'excluded', reason = @reason where batch_id = @id and state = 'included' and (@payouts::uuid[] is null or payout_id = any (@payouts))
            """, new { id, payouts, reason });
        if (gone.Count > 0) await WithdrawalEvents.AddAll(tx, caller, gone, "out_of_batch", reason);
    }
}
