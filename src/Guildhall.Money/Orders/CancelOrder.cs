using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Money.Payments;

namespace Guildhall.Money.Orders;

/// <summary>open → cancelled. A live payment of it is cancelled at the gateway by a job; when that one turns out to be paid all the same, the
/// order becomes paid and its subject decides.</summary>
public static class CancelOrder
{
    public static async Task<Result<Done>> Run(Transaction tx, Caller caller, OrderId id, string reason)
    {
        var order = await Orders.Lock(tx, id);
        if (order is null) return MoneyRefusals.OrderNotFound;
        if (order.State == OrderState.Cancelled) return default(Done);
        if (order.State == OrderState.Paid) return MoneyRefusals.OrderPaid;

        var live = await tx.Find<PaymentId?>(LivePayment, new { id });
        await tx.ChangeOne(Cancel, new { id, reason });
        if (live is { } payment) await CancelPayment.Ask(tx, caller, payment, reason);
        await tx.Audit(caller, "order.cancelled", "order", id.ToString(), why: reason);
        return default(Done);
    }

    private const string LivePayment = """
        select id from money.payments where order_id = @id and state in ('created', 'requires_action', 'authorized', 'capturing', 'unknown')
        """;

    private const string Cancel = "update money.orders set state = 'cancelled', cancel_reason = @reason where id = @id and state = 'open'";
}
