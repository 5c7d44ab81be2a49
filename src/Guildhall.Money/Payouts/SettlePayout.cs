using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Money.Gateways;
using Guildhall.Money.Ledger;
using Guildhall.Money.Payments;
using Guildhall.Money.Withdrawals;

namespace Guildhall.Money.Payouts;

/// <summary>What the gateway or the bank says of a payout: in transit, completed, failed (before completion) or returned (failed after it). A payout that
/// did not reach the provider is credited again once, fee and all, and taken back from the gateway's side of the destination; a destination from which
/// money came back is not used again before its provider has confirmed it.</summary>
public static class SettlePayout
{
    private sealed record Locked(PayoutId Id, WithdrawalId WithdrawalId, PayoutState State, string Gateway, Guid ProviderId, DestinationId DestinationId, Currency Currency, long Minor, long FeeMinor)
    {
        public Amount Gross => new(Minor, Currency);
        public Amount Fee => new(FeeMinor, Currency);
        public Amount Amount => Gross - Fee;
        public bool ByFile => string.Equals(Gateway, BankFileRail.RailName, StringComparison.Ordinal);
        public (AccountKind, Guid?) PaidFrom => ByFile ? Book.Platform(AccountKind.Bank) : Book.Clearing;
    }

    public static async Task<Result<Done>> Run(Transaction tx, Caller source, PayoutFact fact)
    {
        var payout = await tx.Find<Locked>(Lock, new { id = fact.Payout });
        if (payout is null || source.Kind == CallerKind.Gateway && source.Name != payout.Gateway) return MoneyRefusals.WithdrawalNotFound; // a gateway tells of its own only
        if (fact.State != PayoutFactState.Failed && fact.Amount != payout.Amount)
        {
            await Quarantined.OfPayout(tx, source, payout.Id, payout.WithdrawalId, "wrong_amount", payout.Amount.ToString(), fact.Amount.ToString());
            return default(Done);
        }
        await tx.Change("update money.payouts set transfer_ref = coalesce(transfer_ref, @TransferReference), gateway_ref = coalesce(gateway_ref, @Reference) where id = @Id",
            new { payout.Id, fact.TransferReference, fact.Reference });
        switch (fact.State, payout.State)
        {
            case (PayoutFactState.InTransit, PayoutState.Sending or PayoutState.Unknown):
                await Move(tx, source, payout, PayoutState.InTransit, WithdrawalState.Processing, fact);
                break;
            case (PayoutFactState.Completed, PayoutState.Sending or PayoutState.InTransit or PayoutState.Unknown):
                await Move(tx, source, payout, PayoutState.Completed, WithdrawalState.Completed, fact);
                await new Journal($"payout_completed:{payout.Id}", "payout_completed").Move(payout.Amount, debit: Book.PayoutsInTransit, credit: payout.PaidFrom).Post(tx);
                break;
            case (PayoutFactState.Failed, PayoutState.Created): // the gateway refused the destination: nothing was sent
                await Move(tx, source, payout, PayoutState.Failed, WithdrawalState.Failed, fact);
                await new Journal($"payout_failed:{payout.Id}", "payout_not_sent").Move(payout.Gross, debit: Book.Reserved(payout.ProviderId), credit: Book.Available(payout.ProviderId)).Post(tx);
                break;
            case (PayoutFactState.Failed, PayoutState.Sending or PayoutState.InTransit or PayoutState.Unknown):
                await Move(tx, source, payout, PayoutState.Failed, WithdrawalState.Failed, fact);
                await new Journal($"payout_failed:{payout.Id}", "payout_failed").Move(payout.Amount, debit: Book.PayoutsInTransit, credit: Book.Available(payout.ProviderId))
                    .Move(payout.Fee, debit: Book.Platform(AccountKind.PayoutFee), credit: Book.Available(payout.ProviderId)).Post(tx);
                await CameBack(tx, payout, fact, byBank: payout.ByFile || fact.Reference is not null);
                break;
            case (PayoutFactState.Completed, PayoutState.Failed) when fact.Final || await RecordPayoutOutcome.Ended(tx, payout.Id): // it was credited again, and paid all the same
                await Quarantined.OfPayout(tx, source, payout.Id, payout.WithdrawalId, "paid_after_failed", "failed", $"paid {fact.Amount} {fact.Reference}");
                break;
            case (PayoutFactState.InTransit, PayoutState.Failed) when await RecordPayoutOutcome.Ended(tx, payout.Id): // people found that it had not left; nobody asks about it any more
                await Quarantined.OfPayout(tx, source, payout.Id, payout.WithdrawalId, "paid_after_failed", "failed", $"under way {fact.Amount} {fact.Reference}");
                break;
            case (PayoutFactState.Failed, PayoutState.Completed):
                await Move(tx, source, payout, PayoutState.Returned, WithdrawalState.Returned, fact);
                await new Journal($"payout_returned:{payout.Id}", "payout_returned").Move(payout.Amount, debit: payout.PaidFrom, credit: Book.Available(payout.ProviderId))
                    .Move(payout.Fee, debit: Book.Platform(AccountKind.PayoutFee), credit: Book.Available(payout.ProviderId)).Post(tx);
                await CameBack(tx, payout, fact, byBank: true);
                break;
        }
        return default(Done);
    }

    private static async Task CameBack(Transaction tx, Locked payout, PayoutFact fact, bool byBank)
    {
        if (!payout.ByFile) await tx.Enqueue(new TakeBackPayout(payout.Id), uniqueKey: payout.Id.ToString());
        if (byBank)
            await tx.Change("update money.destinations set flagged_at = @now, flag_reason = @why where id = @DestinationId and flagged_at is null",
                new { payout.DestinationId, why = fact.Text ?? "The bank sent the money back.", now = tx.Now });
    }

    private static async Task Move(Transaction tx, Caller source, Locked payout, PayoutState state, WithdrawalState withdrawal, PayoutFact fact)
    {
        await tx.ChangeOne("""
            update money.payouts set state = @state, failure_text = @Text, completed_at = case when @state = 'completed' then @now else completed_at end, changed_at = @now where id = @Id
            """, new { payout.Id, state, fact.Text, now = tx.Now });
        await tx.ChangeOne("update money.withdrawals set state = @withdrawal, held_code = null, revision = revision + 1, changed_at = @now where id = @WithdrawalId", new { payout.WithdrawalId, withdrawal, now = tx.Now });
        await tx.Audit(source, "payout." + Names.Of(state), "withdrawal", payout.WithdrawalId.ToString(), before: new { payout.State }, after: new { state, payout.Amount, fact.Reference }, why: fact.Text);
        await tx.Publish(new PayoutChanged(payout.Id, payout.WithdrawalId, payout.ProviderId, payout.Amount, state, fact.Text));
        if ((payout.State, state) is (PayoutState.Sending, PayoutState.InTransit)) return; // it was processing before
        await WithdrawalEvents.Add(tx, source, payout.WithdrawalId, Names.Of(withdrawal), fact.Text);
        await tx.Publish(new WithdrawalChanged(payout.WithdrawalId, payout.ProviderId, state == PayoutState.Completed ? payout.Amount : payout.Gross, withdrawal, fact.Text));
    }

    private const string Lock = """
        select p.id, p.withdrawal_id, p.state, p.gateway, w.provider_id, w.destination_id, w.currency, w.minor, w.fee_minor
        from money.withdrawals w join money.payouts p on p.withdrawal_id = w.id where p.id = @id for update of w, p
        """;
}
