using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;
using Guildhall.Money.Fees;
using Guildhall.Money.Orders;

namespace Guildhall.Money.Invoices;

/// <summary>A paid order gets its invoice, once, of what was really taken, when no more of what is held can be; one that was invoiced before it was paid has it already,
/// and what was invoiced and not paid is credited. The rate is the one in force when the money came.</summary>
internal sealed record IssueOrderInvoice(OrderId Order, int TaxBasisPoints) : IJob
{
    public static string Kind => "issue_order_invoice";

    private static readonly TimeSpan Wait = TimeSpan.FromMinutes(10);

    private sealed record LineRow(string Text, long Minor);

    public static async Task Run(Transaction tx, IssueOrderInvoice job)
    {
        var order = await Orders.Orders.Lock(tx, job.Order);
        if (order is not { State: OrderState.Paid }) return;
        await WaitForMore(tx, order.Id);
        if (await InvoiceRows.Live(tx, job.Order) is { } known)
        {
            await CreditUnpaid(tx, known, order);
            return;
        }
        var rows = await tx.List<LineRow>("select text, minor from money.order_lines where order_id = @order order by no limit 200", new { order = job.Order });
        var lines = rows.Select(l => new OrderLine(l.Text, new Amount(l.Minor, order.Currency))).ToList();
        var taken = SaleFee.ByLine(order.Total, lines);
        await WriteDocument.Run(tx, Caller.System("invoices"), new NewDocument(tx.NewId<InvoiceId>(), InvoiceKind.Invoice, order.Id, order.Purpose, order.CustomerId, order.ProviderId,
            [.. lines.Select((l, i) => (l.Text, taken[i], job.TaxBasisPoints))]) { Paid = true });
    }

    /// <summary>Asks to run again while more of the money that is held for a paid order can be taken.</summary>
    internal static async Task WaitForMore(Transaction tx, OrderId order)
    {
        if (await tx.Get<bool>(MoreMayCome, new { order, now = tx.Now })) throw new RunAgainException(Wait);
    }

    // The order was cut to what was taken of it.
    private static async Task CreditUnpaid(Transaction tx, Invoice invoice, Order order)
    {
        var cut = await tx.Get<long>("select coalesce(sum(total_minor), 0)::bigint from money.invoices where invoice_id = @Id and kind = 'credit_note' and refund_id is null", new { invoice.Id });
        var unpaid = Math.Min(invoice.TotalMinor - order.TotalMinor - cut, invoice.TotalMinor - invoice.CreditedMinor);
        if (unpaid > 0) await WriteDocument.Run(tx, Caller.System("invoices"), IssueCreditNote.Of(tx, invoice, unpaid, "Less was paid than was invoiced."));
    }

    private const string MoreMayCome = """
        select exists (
            select 1 from money.orders o join money.payments p on p.id = o.paid_payment_id join money.payment_guards g on g.payment_id = p.id
            where o.id = @order and o.released_at is null and not p.hold_over and (g.capturing_minor > 0 or g.captured_minor < g.authorized_minor and p.authorized_until > @now))
        """;
}

/// <summary>What a paid order brings: its invoice, and the receipt of the payment.</summary>
internal static class WhenOrderPaid
{
    public static async Task Run(Transaction tx, OrderPaid fact)
    {
        await tx.Enqueue(new IssueOrderInvoice(fact.Order, await tx.Setting(MoneySettings.SalesTax)), uniqueKey: fact.Order.ToString());
        await tx.Enqueue(new IssueReceipt(fact.Order, fact.Payment, null), uniqueKey: fact.Payment.ToString());
        if (fact.Purpose != IssueInvoice.Purpose) return;
        await tx.Enqueue(new ReleaseInvoice(new InvoiceId(fact.Subject)), uniqueKey: fact.Order.ToString());
        if (await InvoiceRows.Live(tx, fact.Order) is { } paid)
            await tx.Publish(new InvoiceChanged(paid.Id, paid.Kind, paid.OrderId, paid.BuyerId, paid.ProviderId, paid.Total, InvoiceState.Paid));
    }
}
