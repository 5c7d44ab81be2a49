using Guildhall.Foundation.Data;

namespace Guildhall.Money.Refunds;

/// <summary>What refunds of an order are multiples of: the step of the gateway it was paid at; 1 while it is not paid.</summary>
public static class RefundStep
{
    public static async Task<long> Of(Transaction tx, OrderId order) =>
        await tx.Find<long?>("select p.step_minor from money.orders o join money.payments p on p.id = o.paid_payment_id where o.id = @order", new { order }) ?? 1;
}
