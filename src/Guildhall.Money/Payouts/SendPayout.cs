using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Money.Gateways;
using Guildhall.Money.Withdrawals;

namespace Guildhall.Money.Payouts;

/// <summary>The states of a payout; the table is in this module's README.</summary>
public enum PayoutState { Created, Sending, InTransit, Unknown, Completed, Failed, Returned, Stopped }

/// <summary>Sends the payout of an approved withdrawal over a rail that is called, and follows it until it has ended and may not come back any more. Everything is looked at again
/// before it is sent; what may not go is held, and looked at every hour. After a lost answer the gateway is asked by our reference before anything is
/// repeated. This job alone sends: whoever wants it sent now brings it forward.</summary>
public sealed record SendPayout(PayoutId Payout) : IJob
{
    public static string Kind => "send_payout";

    private static readonly Caller Source = Caller.System("payout_sender");

    private sealed record Row(PayoutId Id, WithdrawalId WithdrawalId, PayoutState State, Currency Currency, long Minor, DestinationId DestinationId, string Gateway, byte[] HolderSealed,
        string? GatewayAccount, string? GatewayRef, int Checks, DateTimeOffset? SentAt, DateTimeOffset? CompletedAt)
    {
        public Amount Amount => new(Minor, Currency);
    }

    private sealed record Sent(Guid ProviderId, long Minor);

    internal static async Task Run(JobContext context, SendPayout job)
    {
        var payout = await Find(context.Database, job.Payout, context.Stop);
        if (payout is null || payout.State is PayoutState.Failed or PayoutState.Returned or PayoutState.Stopped) return;
        if (context.Get<Rails>().Called(payout.Gateway) is not { } gateway) throw new RunAgainException(TimeSpan.FromHours(1)); // it is not set up now
        if (payout.CompletedAt is not null && gateway.Can.MayReturnFor == TimeSpan.Zero) return; // what it completed stays so: a question about it could only be misunderstood
        if (payout.CompletedAt is { } completed) SecondThoughts.Await(completed, context.Database.Clock.GetUtcNow());
        if (payout.GatewayAccount is null)
        {
            await Register(context, gateway, payout);
            payout = (await Find(context.Database, job.Payout, context.Stop))!;
            if (payout.State == PayoutState.Failed) return;
        }

        var first = payout.State == PayoutState.Created && await Begin(context, payout);
        if (payout.State == PayoutState.Created && !first) throw new RunAgainException(TimeSpan.FromHours(1)); // held
        await context.Database.Change("update money.payouts set checks = checks + 1 where id = @Id", new { payout.Id }, context.Stop);

        var known = first ? null : await gateway.FindPayout(new PayoutSought(payout.Id, payout.GatewayAccount!, payout.Amount, payout.GatewayRef, payout.SentAt!.Value), context.Stop);
        if (known is GatewayAnswer<PayoutFact?>.Accepted { Value: { } found }) await Settle(context, found);
        if (first || payout.CompletedAt is null && known is GatewayAnswer<PayoutFact?>.Accepted { Value: null or { Reference: null, State: not PayoutFactState.Failed } })
            await Record(context, payout, await gateway.Payout(new PayoutRequest(payout.Id, payout.GatewayAccount!, Details(context, payout), payout.Amount, Moved(known), Again: !first), context.Stop));
        else if (payout.State == PayoutState.Sending && known is GatewayAnswer<PayoutFact?>.Unknown)
            await context.Database.InTransaction(tx => NotAnswered(tx, payout), context.Stop); // who sent it died before the answer was written down

        if (await Find(context.Database, job.Payout, context.Stop) is not { State: not (PayoutState.Failed or PayoutState.Returned or PayoutState.Stopped) } still) return;
        if (still.CompletedAt is { } at) SecondThoughts.AwaitNext(at, gateway.Can.MayReturnFor, context.Database.Clock.GetUtcNow(),
            answered: still.GatewayRef is null || known is not GatewayAnswer<PayoutFact?>.Unknown); // one that people found paid has no name by which to ask
        else throw new RunAgainException(TimeSpan.FromSeconds(Math.Min(3600, 5 * Math.Pow(2, Math.Min(still.Checks, 10)))));
    }

    private static string? Moved(GatewayAnswer<PayoutFact?>? known) => known is GatewayAnswer<PayoutFact?>.Accepted { Value.TransferReference: { } transfer } ? transfer : null;

    private static BankDetails Details(JobContext context, Row payout) => BankDetails.Open(context.Get<MasterKey>(), payout.DestinationId, payout.HolderSealed);

    private static async Task Register(JobContext context, ICalledRail gateway, Row payout)
    {
        var answer = await gateway.RegisterDestination(payout.DestinationId, payout.Currency, Details(context, payout), context.Stop);
        if (answer is GatewayAnswer<string>.Accepted(var account))
            await context.Database.InTransaction(tx => tx.Change("""
                insert into money.destination_accounts (destination_id, rail, currency, account, created_at) values (@DestinationId, @Gateway, @Currency, @account, @now) on conflict do nothing
                """, new { payout.DestinationId, payout.Gateway, payout.Currency, account, now = tx.Now }), context.Stop);
        else if (answer is GatewayAnswer<string>.Refused(var code, var text))
            await Settle(context, new PayoutFact(payout.Id, PayoutFactState.Failed, payout.Amount, null, null, $"{code}: {text}"));
        else throw new RunAgainException(TimeSpan.FromSeconds(30));
    }

    // created → sending: the money leaves the reserve.
    private static Task<bool> Begin(JobContext context, Row payout) => context.Database.InTransaction(async tx =>
    {
        if (await Recheck.Lock(tx, [payout.Id]) is not [var (item, hold)]) return false;
        if (hold is { } held)
        {
            await Recheck.Keep(tx, Source, [(item, held)]);
            return false;
        }
        await tx.ChangeOne("update money.payouts set state = 'sending', sent_at = @now, changed_at = @now where id = @Id and state = 'created'", new { payout.Id, now = tx.Now });
        await tx.ChangeOne("update money.withdrawals set state = 'processing', held_code = null, changed_at = @now where id = @WithdrawalId and state = 'approved'", new { payout.WithdrawalId, now = tx.Now });
        await WithdrawalEvents.Add(tx, Source, payout.WithdrawalId, "processing");
        await tx.Publish(new PayoutChanged(payout.Id, payout.WithdrawalId, item.ProviderId, item.Net, PayoutState.Sending, null));
        await tx.Publish(new WithdrawalChanged(payout.WithdrawalId, item.ProviderId, item.Amount, WithdrawalState.Processing, null));
        await SentJournal.Post(tx, item);
        return true;
    }, context.Stop);

    private static Task Record(JobContext context, Row payout, GatewayAnswer<PayoutFact> answer) => answer switch
    {
        GatewayAnswer<PayoutFact>.Accepted(var fact) => Settle(context, fact),
        GatewayAnswer<PayoutFact>.Refused(var code, var text) => Settle(context, new PayoutFact(payout.Id, PayoutFactState.Failed, payout.Amount, null, null, $"{code}: {text}")),
        _ => context.Database.InTransaction(tx => NotAnswered(tx, payout), context.Stop),
    };

    // sending → unknown, unless the answer has come another way.
    private static async Task<Done> NotAnswered(Transaction tx, Row payout)
    {
        if (await tx.Find<Sent>(LockSent, new { payout.Id }) is not { } sent) return default;
        await tx.ChangeOne("update money.payouts set state = 'unknown', changed_at = @now where id = @Id and state = 'sending'", new { payout.Id, now = tx.Now });
        await tx.ChangeOne("update money.withdrawals set state = 'unknown', changed_at = @now where id = @WithdrawalId and state = 'processing'", new { payout.WithdrawalId, now = tx.Now });
        await WithdrawalEvents.Add(tx, Source, payout.WithdrawalId, "unknown");
        await tx.Publish(new PayoutChanged(payout.Id, payout.WithdrawalId, sent.ProviderId, payout.Amount, PayoutState.Unknown, null));
        await tx.Publish(new WithdrawalChanged(payout.WithdrawalId, sent.ProviderId, new Amount(sent.Minor, payout.Currency), WithdrawalState.Unknown, null));
        return default;
    }

    private const string LockSent = """
        select w.provider_id, w.minor from money.withdrawals w join money.payouts p on p.withdrawal_id = w.id where p.id = @Id and p.state = 'sending' for update of w, p
        """;

    private static Task Settle(JobContext context, PayoutFact fact) => context.Database.InTransaction(tx => SettlePayout.Run(tx, Source, fact), context.Stop);

    private static Task<Row?> Find(Database database, PayoutId id, CancellationToken stop) => database.Find<Row>("""
        select p.id, p.withdrawal_id, p.state, w.currency, w.minor - w.fee_minor as minor, w.destination_id, p.gateway, d.holder_sealed, a.account as gateway_account, p.gateway_ref, p.checks, p.sent_at,
            case when p.state = 'completed' then p.completed_at end as completed_at
        from money.payouts p join money.withdrawals w on w.id = p.withdrawal_id join money.destinations d on d.id = w.destination_id
            left join money.destination_accounts a on a.destination_id = d.id and a.rail = p.gateway and a.currency = w.currency
        where p.id = @id
        """, new { id }, stop);
}
