using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;

namespace Guildhall.Money.Orders;

/// <summary>open → paid for an order that costs nothing: no gateway is called and nothing is posted, and its subject is told as of any paid order.
/// Queued by <see cref="PlaceOrder"/>, so that the subject is there when it is told.</summary>
public sealed record PayFreeOrder(OrderId Order) : IJob
{
    public static string Kind => "pay_free_order";

    private static readonly Caller Source = Caller.System("free_order");

    /// <summary>Pays it in the caller's transaction, whose subject is written already.</summary>
    public static Task Now(Transaction tx, OrderId order) => Run(tx, new PayFreeOrder(order));

    internal static async Task Run(Transaction tx, PayFreeOrder job)
    {
        if (await Orders.Lock(tx, job.Order) is not { State: OrderState.Open, TotalMinor: 0 } order) return;
        await tx.ChangeOne("update money.orders set state = 'paid', paid_at = @now where id = @Id and state = 'open' and total_minor = 0", new { order.Id, now = tx.Now });
        await tx.Audit(Source, "order.free", "order", order.Id.ToString(), before: new { order.State }, after: new { state = OrderState.Paid, order.Total });
        await tx.Publish(new OrderPaid(order.Id, order.Purpose, order.SubjectId, null, order.Total));
        tx.Hint($"order:{order.Id}");
    }
}
