using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;

namespace Guildhall.Money.Payments;

/// <summary>A capture that the gateway surely did not do: what it was to take is held again, and capturing → authorized.</summary>
internal static class SettleCapture
{
    private sealed record Locked(OrderId OrderId, PaymentState State);

    public static async Task Refused(Transaction tx, Caller source, PaymentId payment, CaptureId capture, string why)
    {
        var locked = await tx.Get<Locked>("""
            select o.id as order_id, p.state from money.orders o join money.payments p on p.order_id = o.id join money.payment_guards g on g.payment_id = p.id
            where p.id = @payment for update of o, p, g
            """, new { payment });
        if (await Undo(tx, payment, why) == 0) return;
        await tx.Change("update money.payments set state = 'authorized', changed_at = @now where id = @payment and state = 'capturing'", new { payment, now = tx.Now });
        await Timeline.Note(tx, source, payment, "capture_refused", new { capture, why });
        await tx.Audit(source, "payment.capture_refused", "payment", payment.ToString(), before: new { locked.State }, why: why);
        tx.Hint($"order:{locked.OrderId}");
    }

    /// <summary>Ends the capture that was asked for, if one was; the caller holds the payment and its guard.</summary>
    public static async Task<int> Undo(Transaction tx, PaymentId payment, string why)
    {
        var undone = await tx.ChangeNow("""
            update money.captures set state = 'failed', ended_at = @now, failure_text = @why where payment_id = @payment and state in ('pending', 'unknown')
            """, new { payment, why, now = tx.Now });
        if (undone == 1) await tx.ChangeOne("update money.payment_guards set capturing_minor = 0 where payment_id = @payment", new { payment });
        return undone;
    }
}
