using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;
using Guildhall.Money.Orders;

namespace Guildhall.Money.Invoices;

/// <summary>A paid order gets its invoice, once; one that was invoiced before it was paid has it already. The rate is the one in force when the money came.</summary>
internal sealed record IssueOrderInvoice(OrderId Order, int TaxBasisPoints) : IJob
{
    public static string Kind => "issue_order_invoice";

    private sealed record LineRow(string Text, long Minor);

    public static async Task Run(Transaction tx, IssueOrderInvoice job)
    {
        var order = await Orders.Orders.Lock(tx, job.Order);
        if (order is not { State: OrderState.Paid } || await InvoiceRows.Live(tx, job.Order) is not null) return;
        var lines = await tx.List<LineRow>("select text, minor from money.order_lines where order_id = @order order by no limit 200", new { order = job.Order });
        await WriteDocument.Run(tx, Caller.System("invoices"), new NewDocument(tx.NewId<InvoiceId>(), InvoiceKind.Invoice, order.Id, order.Purpose, order.CustomerId, order.ProviderId,
            [.. lines.Select(l => (l.Text, new Amount(l.Minor, order.Currency), job.TaxBasisPoints))]) { Paid = true });
    }
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
