using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Money.Payouts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Withdrawals;

/// <summary>Looks at a held withdrawal now instead of within the hour, and sends it when nothing holds it any more. A limit of the house may be waived
/// here, with a reason; what else holds it ends with its cause, or the withdrawal is rejected.</summary>
public static class ResumeWithdrawal
{
    /// <summary>The revision that was seen, whether the limits are waived for this one, and why.</summary>
    public sealed record Body(int Revision, bool WaiveLimits, string Reason);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapPost("/withdrawals/{id}/actions/resume", async (WithdrawalId id, Body body, Caller caller, Database database, Rails rails, CancellationToken stop) =>
            (await Run(database, rails, caller, id, body, stop)).ToHttp())
        .WithName(nameof(ResumeWithdrawal)).Requires(MoneyPermissions.WithdrawalDecide).Idempotent().Produces<WithdrawalView>();

    public static async Task<Result<WithdrawalView>> Run(Database database, Rails rails, Caller caller, WithdrawalId id, Body body, CancellationToken stop)
    {
        if (body.Reason is not { Length: >= 1 and <= 500 }) return MoneyRefusals.ReasonMissing;
        var done = await database.InTransaction<Result<Done>>(async tx =>
        {
            var withdrawal = await WithdrawalRows.Lock(tx, id);
            if (withdrawal is null) return MoneyRefusals.WithdrawalNotFound;
            if (await OtherPerson.IsNot(tx, caller, id)) return MoneyRefusals.WithdrawalOwn;
            if (withdrawal.HeldCode is not { } held || withdrawal.PayoutId is not { } payout) return MoneyRefusals.WithdrawalNotHeld;
            if (withdrawal.Revision != body.Revision) return MoneyRefusals.WithdrawalChangedMeanwhile;
            if (body.WaiveLimits && !Holds.MayBeWaived(held)) return MoneyRefusals.WithdrawalStillHeld;
            if ((await Recheck.Lock(tx, [payout])) is [var (_, still)] && still is { } why && !(body.WaiveLimits && Holds.MayBeWaived(why)))
                return MoneyRefusals.WithdrawalStillHeld.Saying($"It is still held: {Holds.Says(why)}");

            await tx.ChangeOne("""
                update money.withdrawals set held_code = null, revision = revision + 1, limits_waived_by = case when @waive then @by else limits_waived_by end, changed_at = @now
                where id = @id and state = 'approved' and held_code is not null
                """, new { id, waive = body.WaiveLimits, by = caller.AccountId, now = tx.Now });
            await WithdrawalEvents.Add(tx, caller, id, "resumed", body.Reason);
            await tx.Publish(new WithdrawalHeld(id, withdrawal.ProviderId, withdrawal.Amount, Why: null));
            await tx.Audit(caller, "withdrawal.resumed", "withdrawal", id.ToString(), before: new { held }, after: new { body.WaiveLimits }, why: body.Reason);
            if (rails.Find(withdrawal.Rail!) is not { Can.Batched: true }) await tx.EnqueueNow(new SendPayout(payout), payout.ToString());
            return default(Done);
        }, stop);
        return done.Is(out _, out var no) ? (await WithdrawalRows.Find(database, id, stop))!.ToView() : no;
    }
}
