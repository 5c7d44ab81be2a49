using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;

namespace Guildhall.Money.Invoices;

/// <summary>A refund that was credited and then failed: a credit note takes what is left of the invoice back and a new one has what was credited in vain as well.</summary>
internal sealed record RestateInvoice(OrderId Order, RefundId Refund) : IJob
{
    private const string Why = "A refund did not reach the buyer.";

    private sealed record Note(InvoiceId InvoiceId, long Minor);

    public static string Kind => "restate_invoice";

    public static async Task Run(Transaction tx, RestateInvoice job)
    {
        await Orders.Orders.Lock(tx, job.Order);
        if (await tx.Find<Note>(InVain, new { job.Refund }) is not { } note) return;
        var credited = (await InvoiceRows.Find(tx, note.InvoiceId))!;
        var live = await InvoiceRows.Live(tx, job.Order);
        var left = live is null ? 0 : live.TotalMinor - live.CreditedMinor;
        if (left > 0) await WriteDocument.Run(tx, Caller.System("invoices"), IssueCreditNote.Of(tx, live!, left, Why) with { Tells = false });
        await WriteDocument.Run(tx, Caller.System("invoices"), IssueCreditNote.Of(tx, live ?? credited, left + note.Minor, Why) with
        {
            Kind = InvoiceKind.Invoice, Of = (live ?? credited).Id, OfNumber = (live ?? credited).Number,
        });
    }

    private const string InVain = """
        select n.invoice_id, n.total_minor as minor from money.invoices n join money.refunds r on r.id = n.refund_id where n.refund_id = @Refund and n.kind = 'credit_note' and r.state = 'failed'
        """;
}
