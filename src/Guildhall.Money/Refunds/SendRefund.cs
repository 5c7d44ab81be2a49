using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Money.Gateways;
using Guildhall.Money.Settlements;

namespace Guildhall.Money.Refunds;

/// <summary>Sends a refund to the gateway and follows it until it has ended and may not fail any more. Before every repeat the gateway is asked by our
/// reference, so that a lost answer never pays twice.</summary>
public sealed record SendRefund(RefundId Refund) : IJob
{
    public static string Kind => "send_refund";

    private static readonly Caller Source = Caller.System("refund_sender");

    private sealed record Row(RefundId Id, RefundState State, Currency Currency, long Minor, string? GatewayRef, string? GatewayPayment, string Gateway, int Checks, DateTimeOffset? CompletedAt, DateTimeOffset CreatedAt)
    {
        public Amount Amount => new(Minor, Currency);
    }

    internal static async Task Run(JobContext context, SendRefund job)
    {
        var refund = await Find(context.Database, job.Refund, context.Stop);
        if (refund is null || refund.State == RefundState.Failed) return;
        if (HeldBy.IsByHand(refund.Gateway)) return; // a person hands it over: RecordRefundPaid
        var gateway = context.Get<GatewayBook>().Of(refund.Gateway);
        if (!gateway.Can.Refund && gateway is not AbsentGateway)
        {
            await Settle(context, new RefundFact(refund.Id, RefundFactState.Failed, refund.Amount, "", "This gateway cannot give money back: staff pay it back by other means."));
            return;
        }
        if (refund.GatewayPayment is not { } money)
        {
            await Settle(context, new RefundFact(refund.Id, RefundFactState.Failed, refund.Amount, "", "The gateway has not told its name of this money: staff pay it back by other means."));
            return;
        }
        if (refund.CompletedAt is { } completed) SecondThoughts.Await(completed, context.Database.Clock.GetUtcNow());
        var first = refund is { State: RefundState.Pending, Checks: 0 };
        await context.Database.Change("update money.refunds set checks = checks + 1 where id = @Id", new { refund.Id }, context.Stop);

        var known = first ? null : await gateway.FindRefund(new RefundSought(refund.Id, money, refund.Amount, refund.GatewayRef, refund.CreatedAt), context.Stop);
        if (known is GatewayAnswer<RefundFact?>.Accepted { Value: { } found }) await Settle(context, found);
        else if (first || refund.CompletedAt is null && known is GatewayAnswer<RefundFact?>.Accepted { Value: null })
            await Record(context, refund, await gateway.Refund(refund.Id, money, refund.Amount, context.Stop));

        if (await Find(context.Database, job.Refund, context.Stop) is not { State: not RefundState.Failed } still) return;
        if (still.CompletedAt is { } at) SecondThoughts.AwaitNext(at, gateway.Can.RefundMayFailFor, context.Database.Clock.GetUtcNow(), known is not GatewayAnswer<RefundFact?>.Unknown);
        else throw new RunAgainException(TimeSpan.FromSeconds(Math.Min(3600, 5 * Math.Pow(2, Math.Min(still.Checks, 10)))));
    }

    /// <summary>Whoever made the refund is asked now, not when its turn comes.</summary>
    internal static async Task<Refusal?> Hear(Transaction tx, Caller source, RefundHint hint)
    {
        if (await tx.Find<RefundId?>(ByReference, new { gateway = source.Name, hint.Reference }) is not { } refund) return MoneyRefusals.PaymentNotFound;
        await tx.EnqueueNow(new SendRefund(refund), uniqueKey: refund.ToString());
        return null;
    }

    private const string ByReference = """
        select r.id from money.refunds r join money.payments p on p.id = r.payment_id where r.gateway_ref = @Reference and p.gateway = @gateway and r.state <> 'failed' limit 1
        """;

    private static Task Record(JobContext context, Row refund, GatewayAnswer<RefundFact> answer) => answer switch
    {
        GatewayAnswer<RefundFact>.Accepted(var fact) => Settle(context, fact),
        GatewayAnswer<RefundFact>.Refused(var code, var text) => Settle(context, new RefundFact(refund.Id, RefundFactState.Failed, refund.Amount, "", $"{code}: {text}")),
        _ => context.Database.Change("update money.refunds set state = 'unknown' where id = @Id and state = 'pending'", new { refund.Id }, context.Stop),
    };

    private static Task Settle(JobContext context, RefundFact fact) => context.Database.InTransaction(tx => SettleRefund.Run(tx, Source, fact), context.Stop);

    private static Task<Row?> Find(Database database, RefundId id, CancellationToken stop) => database.Find<Row>("""
        select r.id, r.state, r.currency, r.minor, r.gateway_ref, p.gateway_payment, p.gateway, r.checks, r.completed_at, r.created_at from money.refunds r join money.payments p on p.id = r.payment_id where r.id = @id
        """, new { id }, stop);
}
