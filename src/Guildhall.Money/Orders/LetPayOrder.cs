using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;

namespace Guildhall.Money.Orders;

/// <summary>Its seller has said yes: from now on the order is paid like any other, until the time given.</summary>
public static class LetPayOrder
{
    /// <summary>The order was locked by the caller and awaits this; anything else throws.</summary>
    public static async Task Run(Transaction tx, Caller caller, OrderId id, DateTimeOffset until)
    {
        await tx.ChangeOne(LetPay, new { id, until });
        await tx.Audit(caller, "order.approved", "order", id.ToString(), after: new { until });
    }

    private const string LetPay = "update money.orders set awaits_approval = false, expires_at = @until where id = @id and state = 'open' and awaits_approval";
}
