using Guildhall.Foundation.Data;

namespace Guildhall.Money.Refunds;

/// <summary>Refunds of an order that are not over: under way, or failed and not given instead. As long as there are any, what lies in its escrow may be the customer's.</summary>
public static class OpenRefunds
{
    private sealed record Row(RefundState State, long Minor, Guid? PartId);

    /// <summary>Of the payment that paid the order, which is locked by the caller. What failed of a part of the order is given instead by refunds that name none; of those that failed each is tried again by the next.</summary>
    public static async Task<bool> Any(Transaction tx, OrderId order)
    {
        var missing = 0L;
        foreach (var refund in await tx.List<Row>("select state, minor, part_id from money.refunds where order_id = @order and source <> 'unapplied' order by id limit 1000", new { order }))
        {
            if (refund.State is RefundState.Pending or RefundState.Unknown) return true;
            if (refund.State is RefundState.Failed) missing = refund.PartId is null ? Math.Max(missing, refund.Minor) : missing + refund.Minor;
            else if (refund.PartId is null) missing = Math.Max(0, missing - refund.Minor);
        }
        return missing > 0;
    }
}
