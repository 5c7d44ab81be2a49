using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;

namespace Guildhall.Money.Invoices;

/// <summary>The receipt of a captured payment that paid its order, or of a completed refund; one each. Never mailed by itself: who was refunded or has paid is
/// told so elsewhere.</summary>
internal sealed record IssueReceipt(OrderId Order, PaymentId? Payment, RefundId? Refund) : IJob
{
    public static string Kind => "issue_receipt";

    private sealed record Moved(Currency Currency, long Minor, string Gateway);

    public static async Task Run(Transaction tx, IssueReceipt job)
    {
        var order = await Orders.Orders.Lock(tx, job.Order);
        if (order is null || await tx.Find<InvoiceId?>(Known, new { job.Payment, job.Refund }) is not null) return;
        var moved = job.Payment is not null ? await tx.Find<Moved>(Paid, new { job.Payment }) : await tx.Find<Moved>(GivenBack, new { job.Refund });
        if (moved is null || moved.Minor == 0) return; // taken back meanwhile, or nothing moved
        if (job.Payment is not null) await IssueOrderInvoice.WaitForMore(tx, order.Id);
        var invoice = await InvoiceRows.Newest(tx, job.Order); // which may be void by now
        if (job.Payment is not null && invoice is null) throw new RunAgainException(TimeSpan.FromSeconds(2)); // its invoice comes first
        await WriteDocument.Run(tx, Caller.System("invoices"), new NewDocument(tx.NewId<InvoiceId>(), InvoiceKind.Receipt, order.Id, order.Purpose, order.CustomerId, order.ProviderId,
            [(job.Payment is not null ? "Payment" : "Refund", new Amount(moved.Minor, moved.Currency), 0)])
        {
            Of = invoice?.Id, OfNumber = invoice?.Number, Payment = job.Payment, Refund = job.Refund, Reference = $"{job.Payment?.ToString() ?? job.Refund?.ToString()} {moved.Gateway}",
            Tells = job.Payment is not null && order.Purpose == IssueInvoice.Purpose,
        });
    }

    private const string Known = "select id from money.invoices where kind = 'receipt' and (payment_id = @Payment or refund_id = @Refund)";
    private const string Paid = "select p.currency, g.captured_minor as minor, p.gateway from money.payments p join money.payment_guards g on g.payment_id = p.id where p.id = @Payment and p.state = 'captured'";

    private const string GivenBack = """
        select r.currency, r.minor, p.gateway from money.refunds r join money.payments p on p.id = r.payment_id where r.id = @Refund and r.state = 'completed'
        """;
}
