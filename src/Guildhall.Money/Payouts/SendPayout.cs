using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Money.Gateways;
using Guildhall.Money.Ledger;

namespace Guildhall.Money.Payouts;

/// <summary>The states of a payout; the table is in this module's README.</summary>
public enum PayoutState { Created, Sending, InTransit, Unknown, Completed, Failed, Returned }

/// <summary>Sends the payout of an approved withdrawal and follows it until it has ended. The balance is looked at again before it is sent; after a
/// lost answer the gateway is asked by our reference before anything is repeated.</summary>
public sealed record SendPayout(PayoutId Payout) : IJob
{
    public static string Kind => "send_payout";

    private static readonly Caller Source = Caller.System("payout_sender");

    private sealed record Row(PayoutId Id, WithdrawalId WithdrawalId, PayoutState State, Guid ProviderId, Currency Currency, long Minor, DestinationId DestinationId, string Gateway, string? GatewayAccount, int Checks)
    {
        public Amount Amount => new(Minor, Currency);
    }

    internal static async Task Run(JobContext context, SendPayout job)
    {
        var payout = await Find(context.Database, job.Payout, context.Stop);
        if (payout is null || payout.State is PayoutState.Completed or PayoutState.Failed or PayoutState.Returned) return;
        var gateway = context.Get<Rails>().Called(payout.Gateway);
        if (payout.GatewayAccount is null)
        {
            await Register(context, gateway, payout);
            payout = (await Find(context.Database, job.Payout, context.Stop))!;
            if (payout.State == PayoutState.Failed) return;
        }

        var first = payout.State == PayoutState.Created && await Begin(context, payout);
        if (payout.State == PayoutState.Created && !first) throw new RunAgainException(TimeSpan.FromHours(1)); // held: the balance went below zero meanwhile
        await context.Database.Change("update money.payouts set checks = checks + 1 where id = @Id", new { payout.Id }, context.Stop);

        var known = first ? null : await gateway.FindPayout(payout.Id, payout.GatewayAccount!, context.Stop);
        if (known is GatewayAnswer<PayoutFact?>.Accepted { Value: { } found }) await Settle(context, found);
        if (first || known is GatewayAnswer<PayoutFact?>.Accepted { Value: null or { Reference: null } })
            await Record(context, payout, await gateway.Payout(new PayoutRequest(payout.Id, payout.GatewayAccount!, payout.Amount, Moved(known)), context.Stop));

        if (await Find(context.Database, job.Payout, context.Stop) is { State: not (PayoutState.Completed or PayoutState.Failed or PayoutState.Returned) } still)
            throw new RunAgainException(TimeSpan.FromSeconds(Math.Min(3600, 5 * Math.Pow(2, Math.Min(still.Checks, 10)))));
    }

    private static string? Moved(GatewayAnswer<PayoutFact?>? known) => known is GatewayAnswer<PayoutFact?>.Accepted { Value.TransferReference: { } transfer } ? transfer : null;

    private static async Task Register(JobContext context, ICalledRail gateway, Row payout)
    {
        var answer = await gateway.RegisterDestination(payout.DestinationId, payout.Currency, context.Stop);
        if (answer is GatewayAnswer<string>.Accepted(var account))
            await context.Database.Change("update money.destinations set gateway_account = @account where id = @DestinationId and gateway_account is null", new { account, payout.DestinationId }, context.Stop);
        else if (answer is GatewayAnswer<string>.Refused(var code, var text))
            await Settle(context, new PayoutFact(payout.Id, PayoutFactState.Failed, payout.Amount, null, null, $"{code}: {text}"));
        else throw new RunAgainException(TimeSpan.FromSeconds(30));
    }

    // created → sending: the money leaves the reserve. A provider whose balance fell below zero since the approval is held back.
    private static Task<bool> Begin(JobContext context, Row payout) => context.Database.InTransaction(async tx =>
    {
        await tx.Find<WithdrawalId?>("select id from money.withdrawals where id = @WithdrawalId for update", new { payout.WithdrawalId });
        if ((await LockedBalance.Available(tx, payout.ProviderId, payout.Currency)).Minor < 0) return false;
        if (await tx.ChangeNow("update money.payouts set state = 'sending', changed_at = @now where id = @Id and state = 'created'", new { payout.Id, now = tx.Now }) == 0) return false;
        await tx.ChangeOne("update money.withdrawals set state = 'processing', changed_at = @now where id = @WithdrawalId and state = 'approved'", new { payout.WithdrawalId, now = tx.Now });
        await new Journal($"payout:{payout.Id}", "payout_sent").Move(payout.Amount, debit: Book.Reserved(payout.ProviderId), credit: Book.PayoutsInTransit).Post(tx);
        return true;
    }, context.Stop);

    private static Task Record(JobContext context, Row payout, GatewayAnswer<PayoutFact> answer) => answer switch
    {
        GatewayAnswer<PayoutFact>.Accepted(var fact) => Settle(context, fact),
        GatewayAnswer<PayoutFact>.Refused(var code, var text) => Settle(context, new PayoutFact(payout.Id, PayoutFactState.Failed, payout.Amount, null, null, $"{code}: {text}")),
        _ => context.Database.InTransaction(async tx =>
        {
            await tx.Change("update money.payouts set state = 'unknown', changed_at = @now where id = @Id and state = 'sending'", new { payout.Id, now = tx.Now });
            await tx.Change("update money.withdrawals set state = 'unknown', changed_at = @now where id = @WithdrawalId and state = 'processing'", new { payout.WithdrawalId, now = tx.Now });
        }, context.Stop),
    };

    private static Task Settle(JobContext context, PayoutFact fact) => context.Database.InTransaction(tx => SettlePayout.Run(tx, Source, fact), context.Stop);

    private static Task<Row?> Find(Database database, PayoutId id, CancellationToken stop) => database.Find<Row>("""
        select p.id, p.withdrawal_id, p.state, w.provider_id, w.currency, w.minor, w.destination_id, p.gateway, d.gateway_account, p.checks
        from money.payouts p join money.withdrawals w on w.id = p.withdrawal_id join money.destinations d on d.id = w.destination_id where p.id = @id
        """, new { id }, stop);
}
