using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Money.Disputes;
using Guildhall.Money.Gateways;
using Guildhall.Money.Ledger;
using Guildhall.Money.Orders;
using Guildhall.Money.Payments;
using Guildhall.Money.Quarantine;
using Guildhall.Money.Settlements;

namespace Guildhall.Money.Refunds;

/// <summary>pending or unknown → completed or failed; completed → failed when the gateway takes its word back. A failed refund returns the money
/// to where it was taken from, so that the books and the guard are as if it had never been; out of an escrow that was released meanwhile, to
/// provider and platform.</summary>
public static class SettleRefund
{
    private sealed record Locked(RefundId Id, PaymentId PaymentId, OrderId OrderId, RefundState State, Currency Currency, long Minor, long FeeMinor, long FeeTaxMinor, string Source, string Reason, Guid? PartId, string Gateway,
        Guid ProviderId, Guid CustomerId, string Purpose, Guid SubjectId, DateTimeOffset? ReleasedAt)
    {
        public Amount Amount => new(Minor, Currency);
        public Amount Fee => new(FeeMinor, Currency);
        public Amount Tax => new(FeeTaxMinor, Currency);
    }

    public static async Task<Result<RefundState>> Run(Transaction tx, Caller source, RefundFact fact)
    {
        var refund = await tx.Find<Locked>(Lock, new { id = fact.Refund });
        if (refund is null) return await SettleSendBack.Run(tx, source, fact); // not a refund of an order: money that was set aside, or not ours
        if (source.Kind == CallerKind.Gateway && source.Name != refund.Gateway) return MoneyRefusals.PaymentNotFound;
        if (fact.State != RefundFactState.Failed && fact.Amount != refund.Amount) return await Quarantine(tx, source, refund, fact);
        return (fact.State, refund.State) switch
        {
            (RefundFactState.Completed, RefundState.Pending or RefundState.Unknown) => await Complete(tx, source, refund, fact),
            (RefundFactState.Failed, RefundState.Pending or RefundState.Unknown or RefundState.Completed) => await Fail(tx, source, refund, fact),
            (RefundFactState.Pending, RefundState.Unknown or RefundState.Pending) => await KeepReference(tx, refund, fact),
            _ => refund.State,
        };
    }

    private static async Task<Result<RefundState>> Complete(Transaction tx, Caller source, Locked refund, RefundFact fact)
    {
        await tx.ChangeOne("update money.refunds set state = 'completed', completed_at = @now, gateway_ref = @Reference where id = @Id and state in ('pending', 'unknown')", new { refund.Id, fact.Reference, now = tx.Now });
        await new Journal($"refund_completed:{refund.Id}", "refund_completed", refund.OrderId).Move(refund.Amount, debit: Book.RefundsInTransit, credit: HeldBy.Account(refund.Gateway)).Post(tx);
        await Timeline.Note(tx, source, refund.PaymentId, "refund_completed", new { refund = refund.Id, refund.Amount });
        await tx.Audit(source, "refund.completed", "payment", refund.PaymentId.ToString(), after: new { refund = refund.Id, refund.Amount });
        await tx.Publish(new RefundChanged(refund.Id, refund.PaymentId, refund.OrderId, refund.Amount, RefundState.Completed, refund.Reason));
        await tx.Publish(new RefundCompleted(refund.OrderId, refund.Purpose, refund.SubjectId, refund.CustomerId, refund.Amount, refund.Reason));
        tx.Hint($"order:{refund.OrderId}");
        return RefundState.Completed;
    }

    private static async Task<Result<RefundState>> Fail(Transaction tx, Caller source, Locked refund, RefundFact fact)
    {
        var back = refund.State == RefundState.Completed ? HeldBy.Account(refund.Gateway) : Book.RefundsInTransit;
        var disputes = await Disputes.Disputes.LockOf(tx, refund.PaymentId);
        await tx.ChangeOne("update money.refunds set state = 'failed', completed_at = null, failure_text = @Text where id = @Id and state <> 'failed'", new { refund.Id, fact.Text });
        await tx.Publish(new RefundChanged(refund.Id, refund.PaymentId, refund.OrderId, refund.Amount, RefundState.Failed, refund.Reason));
        if (refund.Source != "unapplied") await tx.Publish(new OrderRefundFailed(refund.OrderId, refund.Purpose, refund.SubjectId, refund.Amount, refund.PartId));
        await tx.ChangeOne("update money.payment_guards set refunded_minor = refunded_minor - @Minor, fee_back_minor = fee_back_minor - @FeeMinor, fee_tax_back_minor = fee_tax_back_minor - @FeeTaxMinor where payment_id = @PaymentId",
            new { refund.PaymentId, refund.Minor, refund.FeeMinor, refund.FeeTaxMinor });
        await ((refund.Source, refund.ReleasedAt) switch
        {
            ("provider", _) or ("escrow", not null) => new Journal($"refund_failed:{refund.Id}", "refund_failed", refund.OrderId)
                .Move(refund.Amount - refund.Fee - refund.Tax, debit: back, credit: Book.Available(refund.ProviderId))
                .Move(refund.Fee, debit: back, credit: Book.PlatformFee).Move(refund.Tax, debit: back, credit: Book.Platform(AccountKind.FeeTax)),
            ("unapplied", _) => new Journal($"refund_failed:{refund.Id}", "refund_failed", refund.OrderId).Move(refund.Amount, debit: back, credit: Book.Unapplied),
            _ => new Journal($"refund_failed:{refund.Id}", "refund_failed", refund.OrderId).Move(refund.Amount, debit: back, credit: Book.Escrow),
        }).Post(tx);
        // What comes back may be what a dispute had found gone.
        foreach (var dispute in disputes) await DisputeBooks.Rebook(tx, (await DisputeBooks.Lock(tx, refund.PaymentId))!, dispute);
        await Timeline.Note(tx, source, refund.PaymentId, "refund_failed", new { refund = refund.Id, refund.Amount, fact.Text });
        await tx.Audit(source, "refund.failed", "payment", refund.PaymentId.ToString(), after: new { refund = refund.Id, refund.Amount }, why: fact.Text);
        tx.Hint($"order:{refund.OrderId}");
        return RefundState.Failed;
    }

    private static async Task<Result<RefundState>> KeepReference(Transaction tx, Locked refund, RefundFact fact)
    {
        await tx.ChangeOne("update money.refunds set state = 'pending', gateway_ref = @Reference where id = @Id", new { refund.Id, fact.Reference });
        return RefundState.Pending;
    }

    private static async Task<Result<RefundState>> Quarantine(Transaction tx, Caller source, Locked refund, RefundFact fact)
    {
        await Quarantined.OfPayment(tx, source, refund.PaymentId, "wrong_refund_amount", $"{refund.Amount} of {refund.Id}", $"{fact.Amount} of {refund.Id}");
        return refund.State;
    }

    private const string Lock = """
        select r.id, r.payment_id, r.order_id, r.state, r.currency, r.minor, r.fee_minor, r.fee_tax_minor, r.source, r.reason, r.part_id, p.gateway, o.provider_id, o.customer_id, o.purpose, o.subject_id, o.released_at
        from money.orders o join money.refunds r on r.order_id = o.id join money.payments p on p.id = r.payment_id join money.payment_guards g on g.payment_id = p.id
        where r.id = @id for update of o, p, g, r
        """;
}
