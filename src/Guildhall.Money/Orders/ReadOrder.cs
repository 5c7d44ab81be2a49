using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Money.Fees;
using Guildhall.Money.Payments;
using Guildhall.Money.Refunds;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Orders;

/// <summary>An order with its lines and payments, for its customer, its provider and staff; a stranger is told that there is none.</summary>
public static class ReadOrder
{
    public sealed record View(OrderId Id, OrderState State, string Purpose, Amount Total, Amount Fee, Amount FeeTax, DateTimeOffset ExpiresAt, DateTimeOffset? PaidAt,
        DateTimeOffset? ReleasedAt, IReadOnlyList<Line> Lines, IReadOnlyList<PaymentView> Payments, IReadOnlyList<RefundView> Refunds);

    /// <summary><c>Fee</c> is the line's part of the platform fee, exact to the minor unit over all lines.</summary>
    public sealed record Line(string Text, Amount Amount, Amount Fee);

    private sealed record LineRow(string Text, long Minor);

    internal static void Map(IEndpointRouteBuilder orders) => orders
        .MapGet("/{id}", async (OrderId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp())
        .WithName(nameof(ReadOrder)).RequiresSignIn().Produces<View>();

    public static async Task<Result<View>> Run(Database database, Caller caller, OrderId id, CancellationToken stop)
    {
        var order = await Orders.Find(database, id, stop);
        if (order is null || !order.IsVisibleTo(caller)) return MoneyRefusals.OrderNotFound;
        var rows = await database.List<LineRow>("select text, minor from money.order_lines where order_id = @id order by no limit 200", new { id }, stop);
        var lines = rows.Select(l => new OrderLine(l.Text, new Amount(l.Minor, order.Currency))).ToList();
        var fees = SaleFee.ByLine(order.Fee, lines);
        var payments = await Payments.Payments.OfOrder(database, id, stop);
        var refunds = new List<RefundView>();
        foreach (var payment in payments.Where(p => p.CapturedMinor > 0)) refunds.AddRange(await ReadRefunds.OfPayment(database, payment.Id, stop));
        return new View(order.Id, order.State, order.Purpose, order.Total, order.Fee, order.FeeTax, order.ExpiresAt, order.PaidAt, order.ReleasedAt,
            [.. lines.Select((l, i) => new Line(l.Text, l.Amount, fees[i]))], [.. payments.Select(p => p.ToView())], refunds);
    }
}
