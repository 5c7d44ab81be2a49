using Guildhall.Foundation.Data;
using Guildhall.Money.Payments;
using Guildhall.Money.Risk;

namespace Guildhall.Money.Orders;

/// <summary>What stands in the way of paying an order, if anything.</summary>
/// <param name="Live">How its payment under way stands; null when none is.</param>
/// <param name="ResumeUrl">Where the customer goes on with that payment; null when there is nothing for them to do.</param>
/// <param name="Review">How the review of its risk stands; null when there is none.</param>
public sealed record OrderStanding(OrderId Order, PaymentState? Live, string? ResumeUrl, RiskReviewState? Review);

/// <summary>How many orders stand, in one query.</summary>
public static class OrderStandings
{
    /// <summary>Those of the orders that exist, at most 200, by id. Whoever asks may see the orders: this does not look.</summary>
    public static async Task<IReadOnlyDictionary<OrderId, OrderStanding>> Of(Database database, IReadOnlyList<OrderId> orders, CancellationToken stop) =>
        (await database.List<OrderStanding>(Select, new { ids = orders.Select(o => o.Value).ToArray() }, stop)).ToDictionary(s => s.Order);

    // At most one payment of an order is under way.
    private const string Select = """
        select o.id as "order", p.state as live, case when p.state = 'requires_action' and not p.cancel_asked then p.redirect_url end as resume_url, r.state as review
        from money.orders o
            left join money.payments p on p.order_id = o.id and p.state in ('created', 'requires_action', 'authorized', 'capturing', 'unknown')
            left join money.risk_reviews r on r.order_id = o.id
        where o.id = any (@ids) limit 200
        """;
}
