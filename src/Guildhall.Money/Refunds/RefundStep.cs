using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Money.Gateways.PayPal;
using Guildhall.Money.Gateways.Stripe;

namespace Guildhall.Money.Refunds;

/// <summary>What refunds of an order are multiples of: the step of the gateway it was paid at; 1 while it is not paid.</summary>
public static class RefundStep
{
    /// <summary>Of the gateway that moves this currency in the largest steps: what costs less cannot be refunded by it alone. M-Pesa moves whole shillings.</summary>
    public static long Coarsest(Currency currency) => currency.Code == "KES" ? currency.MinorPerMajor : Math.Max(StripeAmounts.Step(currency), PayPalAmounts.Step(currency));

    public static async Task<long> Of(Transaction tx, OrderId order) =>
        await tx.Find<long?>("select p.step_minor from money.orders o join money.payments p on p.id = o.paid_payment_id where o.id = @order", new { order }) ?? 1;
}
