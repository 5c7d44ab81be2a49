using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Money.Gateways;
using Guildhall.Money.Ledger;
using Guildhall.Money.Payments;
using Guildhall.Money.Refunds;
using Guildhall.Money.Settlements;

namespace Guildhall.Money.Quarantine;

/// <summary>Sends quarantined money back by the gateway's own name for it, and follows it until it has ended and may not fail any more. Like a refund, but of money that no order has.</summary>
public sealed record SendBack(RefundId Id) : IJob
{
    public static string Kind => "send_back";

    private static readonly Caller Source = Caller.System("refund_sender");

    private sealed record Row(RefundId Id, RefundState State, string Gateway, string GatewayPayment, Currency Currency, long Minor, int Checks, DateTimeOffset? CompletedAt, DateTimeOffset CreatedAt)
    {
        public Amount Amount => new(Minor, Currency);
    }

    internal static async Task Run(JobContext context, SendBack job)
    {
        var back = await Find(context.Database, job.Id, context.Stop);
        if (back is null || back.State == RefundState.Failed) return;
        var gateway = context.Get<GatewayBook>().Of(back.Gateway);
        if (back.CompletedAt is { } completed) SecondThoughts.Await(completed, context.Database.Clock.GetUtcNow());
        var first = back is { State: RefundState.Pending, Checks: 0 };
        await context.Database.Change("update money.send_backs set checks = checks + 1 where id = @Id", new { back.Id }, context.Stop);

        var known = first ? null : await gateway.FindRefund(new RefundSought(back.Id, back.GatewayPayment, back.Amount, null, back.CreatedAt), context.Stop);
        if (known is GatewayAnswer<RefundFact?>.Accepted { Value: { } found }) await Settle(context, found);
        else if (first || back.CompletedAt is null && known is GatewayAnswer<RefundFact?>.Accepted { Value: null })
            await Record(context, back, await gateway.Refund(back.Id, back.GatewayPayment, back.Amount, context.Stop));

        if (await Find(context.Database, job.Id, context.Stop) is not { State: not RefundState.Failed } still) return;
        if (still.CompletedAt is { } at) SecondThoughts.AwaitNext(at, gateway.Can.RefundMayFailFor, context.Database.Clock.GetUtcNow(), known is not GatewayAnswer<RefundFact?>.Unknown);
        else throw new RunAgainException(TimeSpan.FromSeconds(Math.Min(3600, 5 * Math.Pow(2, Math.Min(still.Checks, 10)))));
    }

    private static Task Record(JobContext context, Row back, GatewayAnswer<RefundFact> answer) => answer switch
    {
        GatewayAnswer<RefundFact>.Accepted(var fact) => Settle(context, fact),
        GatewayAnswer<RefundFact>.Refused(var code, var text) => Settle(context, new RefundFact(back.Id, RefundFactState.Failed, back.Amount, "", $"{code}: {text}")),
        _ => context.Database.Change("update money.send_backs set state = 'unknown' where id = @Id and state = 'pending'", new { back.Id }, context.Stop),
    };

    private static Task Settle(JobContext context, RefundFact fact) => context.Database.InTransaction(tx => SettleSendBack.Run(tx, Source, fact), context.Stop);

    private static Task<Row?> Find(Database database, RefundId id, CancellationToken stop) =>
        database.Find<Row>("""
        select id, state, gateway, gateway_payment, currency, minor, checks, case when state = 'completed' then ended_at end as completed_at, created_at from money.send_backs where id = @id
        """, new { id }, stop);
}

/// <summary>pending or unknown → completed or failed; completed → failed when the gateway takes its word back. Failed: the money lies in suspense and a person decides anew.</summary>
internal static class SettleSendBack
{
    private sealed record Locked(RefundId Id, long QuarantineId, PaymentId PaymentId, OrderId OrderId, RefundState State, string Gateway, Currency Currency, long Minor)
    {
        public Amount Amount => new(Minor, Currency);
    }

    public static async Task<Result<RefundState>> Run(Transaction tx, Caller source, RefundFact fact)
    {
        var back = await tx.Find<Locked>(Lock, new { id = fact.Refund });
        if (back is null || source.Kind == CallerKind.Gateway && source.Name != back.Gateway) return MoneyRefusals.PaymentNotFound;
        var ends = (fact.State, back.State) switch
        {
            (RefundFactState.Completed, RefundState.Pending or RefundState.Unknown) => fact.Amount == back.Amount ? RefundState.Completed : (RefundState?)null,
            (RefundFactState.Failed, RefundState.Pending or RefundState.Unknown or RefundState.Completed) => RefundState.Failed,
            _ => null,
        };
        if (ends is not { } end) return back.State;
        await tx.ChangeOne("update money.send_backs set state = @end, ended_at = @now, failure_text = @Text where id = @Id and state = @State", new { back.Id, back.State, end, fact.Text, now = tx.Now });
        await Timeline.Note(tx, source, back.PaymentId, "send_back_" + Names.Of(end), new { back.Amount, fact.Text });
        await tx.Audit(source, "send_back." + Names.Of(end), "payment", back.PaymentId.ToString(), after: new { back.Amount }, why: fact.Text);
        tx.Hint($"order:{back.OrderId}");
        if (end == RefundState.Completed)
            await new Journal($"send_back_completed:{back.Id}", "send_back_completed", back.OrderId).Move(back.Amount, debit: Book.RefundsInTransit, credit: HeldBy.Account(back.Gateway)).Post(tx);
        else
        {
            await new Journal($"send_back_failed:{back.Id}", "send_back_failed", back.OrderId)
                .Move(back.Amount, debit: back.State == RefundState.Completed ? HeldBy.Account(back.Gateway) : Book.RefundsInTransit, credit: Book.Platform(AccountKind.Suspense)).Post(tx);
            await tx.ChangeOne("update money.quarantine set resolution = null, resolved_by = null, resolved_at = null, resolved_why = null where id = @QuarantineId and resolution = 'sent_back'", new { back.QuarantineId });
        }
        return end;
    }

    private const string Lock = """
        select b.id, b.quarantine_id, b.payment_id, b.order_id, b.state, b.gateway, b.currency, b.minor
        from money.orders o join money.payments p on p.order_id = o.id join money.payment_guards g on g.payment_id = p.id join money.send_backs b on b.payment_id = p.id
            join money.quarantine q on q.id = b.quarantine_id
        where b.id = @id for update of o, p, g, b, q
        """;
}
