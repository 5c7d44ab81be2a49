using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Money.Ledger;
using Guildhall.Money.Payouts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Withdrawals;

/// <summary>pending → approved: by a person who has no part in it, bound to the revision that person saw; above an amount, by two such people, both of whom may still decide. The
/// payout is made in the same transaction; a unique constraint allows one per withdrawal for ever.</summary>
public static class ApproveWithdrawal
{
    /// <summary>The revision of the withdrawal as it was shown.</summary>
    public sealed record Body(int Revision);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapPost("/withdrawals/{id}/actions/approve", async (WithdrawalId id, Body body, Caller caller, Database database, Rails rails, CancellationToken stop) =>
            (await Run(database, rails, caller, id, body.Revision, stop)).ToHttp())
        .WithName(nameof(ApproveWithdrawal)).Requires(MoneyPermissions.WithdrawalDecide).Idempotent().Produces<WithdrawalView>();

    public static async Task<Result<WithdrawalView>> Run(Database database, Rails rails, Caller caller, WithdrawalId id, int revision, CancellationToken stop)
    {
        var done = await database.InTransaction(tx => Decide(tx, rails, caller, id, revision), stop);
        return done.Is(out _, out var no) ? (await WithdrawalRows.Find(database, id, stop))!.ToView() : no;
    }

    internal static async Task<Result<Done>> Decide(Transaction tx, Rails rails, Caller caller, WithdrawalId id, int revision)
    {
        var found = await Decision.Lock(tx, caller, id, revision, WithdrawalState.Approved);
        if (!found.Is(out var withdrawal, out var refusal)) return refusal;
        if (withdrawal.State == WithdrawalState.Approved) return default(Done);
        var counts = withdrawal.FirstBy is { } who && !await Accounts.MayNoLonger(tx, who, MoneyPermissions.WithdrawalDecide);
        if (counts && await Accounts.AreOnePerson(tx, caller.AccountId!.Value, withdrawal.FirstBy!.Value))
            return withdrawal.Revision == revision + 1 ? default(Done) : MoneyRefusals.WithdrawalNeedsAnother;
        if (withdrawal.Revision != revision) return MoneyRefusals.WithdrawalChangedMeanwhile;
        if (!counts && await AmountsByCurrency.Of(tx, MoneySettings.SecondApproval, withdrawal.Currency) is { } above && withdrawal.Amount > above)
            return await Once(tx, caller, withdrawal);
        return await Finally(tx, rails, caller, withdrawal);
    }

    private static async Task<Done> Once(Transaction tx, Caller caller, Withdrawal withdrawal)
    {
        await tx.ChangeOne("""
            update money.withdrawals set first_by = @by, first_at = @now, revision = revision + 1, changed_at = @now where id = @Id and state = 'pending' and first_by is not distinct from @FirstBy
            """, new { withdrawal.Id, withdrawal.FirstBy, by = caller.AccountId, now = tx.Now });
        await WithdrawalEvents.Add(tx, caller, withdrawal.Id, "approved_once");
        await tx.Audit(caller, "withdrawal.approved_once", "withdrawal", withdrawal.Id.ToString(), after: new { withdrawal.Amount });
        return default;
    }

    private static async Task<Result<Done>> Finally(Transaction tx, Rails rails, Caller caller, Withdrawal withdrawal)
    {
        if (await rails.For(tx, withdrawal.Currency, withdrawal.Kind) is not { } rail) return MoneyRefusals.DestinationOtherCurrency;
        var payout = tx.NewId<PayoutId>();
        await Decision.Write(tx, caller, withdrawal, WithdrawalState.Approved, reason: null);
        await tx.ChangeOne("insert into money.payouts (id, withdrawal_id, gateway, state, created_at, changed_at) values (@payout, @Id, @rail, 'created', @now, @now)",
            new { payout, withdrawal.Id, rail = rail.Name, now = tx.Now });
        await tx.Publish(new PayoutChanged(payout, withdrawal.Id, withdrawal.ProviderId, withdrawal.Net, PayoutState.Created, null));
        if (!rail.Can.Batched) await tx.Enqueue(new SendPayout(payout), uniqueKey: payout.ToString());
        return default(Done);
    }
}

/// <summary>pending, or approved and held → rejected, with a reason the provider reads. The amount returns from reserved to available.</summary>
public static class RejectWithdrawal
{
    public sealed record Body(int Revision, string Reason);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapPost("/withdrawals/{id}/actions/reject", async (WithdrawalId id, Body body, Caller caller, Database database, CancellationToken stop) =>
            (await Run(database, caller, id, body.Revision, body.Reason, stop)).ToHttp())
        .WithName(nameof(RejectWithdrawal)).Requires(MoneyPermissions.WithdrawalDecide).Idempotent().Produces<WithdrawalView>();

    public static async Task<Result<WithdrawalView>> Run(Database database, Caller caller, WithdrawalId id, int revision, string reason, CancellationToken stop)
    {
        if (reason is not { Length: >= 1 and <= 500 }) return MoneyRefusals.ReasonMissing;
        var done = await database.InTransaction(tx => Decide(tx, caller, id, revision, reason), stop);
        return done.Is(out _, out var no) ? (await WithdrawalRows.Find(database, id, stop))!.ToView() : no;
    }

    internal static async Task<Result<Done>> Decide(Transaction tx, Caller caller, WithdrawalId id, int revision, string reason)
    {
        var found = await Decision.Lock(tx, caller, id, revision, WithdrawalState.Rejected);
        if (!found.Is(out var withdrawal, out var refusal)) return refusal;
        if (withdrawal.State == WithdrawalState.Rejected) return default(Done);
        if (withdrawal.Revision != revision) return MoneyRefusals.WithdrawalChangedMeanwhile;
        if (withdrawal.PayoutId is { } payout)
        {
            await tx.ChangeOne("update money.payouts set state = 'stopped', changed_at = @now where id = @payout and state = 'created'", new { payout, now = tx.Now });
            await tx.Publish(new PayoutChanged(payout, id, withdrawal.ProviderId, withdrawal.Net, PayoutState.Stopped, reason));
        }
        await Decision.GiveBack(tx, caller, withdrawal, WithdrawalState.Rejected, reason);
        return default(Done);
    }
}

/// <summary>pending → cancelled, by the provider.</summary>
public static class CancelWithdrawal
{
    internal static void Map(IEndpointRouteBuilder withdrawals) => withdrawals
        .MapPost("/{id}/actions/cancel", async (WithdrawalId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp())
        .WithName(nameof(CancelWithdrawal)).RequiresSignIn().Idempotent().Produces<WithdrawalView>();

    public static async Task<Result<WithdrawalView>> Run(Database database, Caller caller, WithdrawalId id, CancellationToken stop)
    {
        var done = await database.InTransaction<Result<Done>>(async tx =>
        {
            var withdrawal = await WithdrawalRows.Lock(tx, id);
            if (withdrawal is null || !caller.Is(withdrawal.ProviderId)) return MoneyRefusals.WithdrawalNotFound;
            if (withdrawal.State == WithdrawalState.Cancelled) return default(Done);
            if (withdrawal.State != WithdrawalState.Pending) return MoneyRefusals.WithdrawalNotPending;
            await Decision.GiveBack(tx, caller, withdrawal, WithdrawalState.Cancelled, reason: null);
            return default(Done);
        }, stop);
        return done.Is(out _, out var no) ? (await WithdrawalRows.Find(database, id, stop))!.ToView() : no;
    }
}

internal static class Decision
{
    /// <summary>The locked withdrawal when this person may decide on it now, or has already decided the same. The revision is still to be compared.</summary>
    public static async Task<Result<Withdrawal>> Lock(Transaction tx, Caller caller, WithdrawalId id, int revision, WithdrawalState wanted)
    {
        var withdrawal = await WithdrawalRows.Lock(tx, id);
        if (withdrawal is null) return MoneyRefusals.WithdrawalNotFound;
        if (await OtherPerson.IsNot(tx, caller, id)) return MoneyRefusals.WithdrawalOwn;
        if (withdrawal.State == wanted && withdrawal.Revision == revision + 1) return withdrawal;
        var open = withdrawal.State == WithdrawalState.Pending || (wanted == WithdrawalState.Rejected && withdrawal.HeldCode is not null);
        return open ? withdrawal : MoneyRefusals.WithdrawalNotPending;
    }

    public static async Task Write(Transaction tx, Caller caller, Withdrawal withdrawal, WithdrawalState state, string? reason)
    {
        await tx.ChangeOne("""
            update money.withdrawals set state = @state, revision = revision + 1, decided_by = @by, decided_at = @now, reason = @reason, held_code = null, changed_at = @now
            where id = @Id and state = @was
            """, new { withdrawal.Id, state, was = withdrawal.State, by = state == WithdrawalState.Cancelled ? null : caller.AccountId, reason, now = tx.Now });
        await WithdrawalEvents.Add(tx, caller, withdrawal.Id, Names.Of(state), reason);
        await tx.Audit(caller, "withdrawal." + Names.Of(state), "withdrawal", withdrawal.Id.ToString(), before: new { withdrawal.State, withdrawal.Amount }, after: new { state }, why: reason);
        await tx.Publish(new WithdrawalChanged(withdrawal.Id, withdrawal.ProviderId, withdrawal.Amount, state, reason));
    }

    public static async Task GiveBack(Transaction tx, Caller caller, Withdrawal withdrawal, WithdrawalState state, string? reason)
    {
        await Write(tx, caller, withdrawal, state, reason);
        await new Journal($"withdrawal_back:{withdrawal.Id}", "withdrawal_given_back")
            .Move(withdrawal.Amount, debit: Book.Reserved(withdrawal.ProviderId), credit: Book.Available(withdrawal.ProviderId)).Post(tx);
    }
}
