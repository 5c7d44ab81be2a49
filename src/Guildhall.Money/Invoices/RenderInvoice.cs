using System.Security.Cryptography;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Jobs;
using Guildhall.Money.Invoices.Pdf;

namespace Guildhall.Money.Invoices;

/// <summary>Makes the file of a numbered document, once: the first file stays, whoever else makes one. Waits while the renderer is missing. A buyer whose data was erased
/// gets none.</summary>
internal sealed record RenderInvoice(InvoiceId Invoice) : IJob
{
    private static readonly TimeSpan Wait = TimeSpan.FromMinutes(10);

    public static string Kind => "render_invoice";

    internal sealed record File(byte[] Pdf);

    public static async Task Run(JobContext context, RenderInvoice job)
    {
        var renderer = context.Get<RenderPdf>();
        var invoice = await InvoiceRows.Find(context.Database, job.Invoice, context.Stop);
        if (invoice is null || invoice.FileSha256 is not null) return;
        if (await ReadInvoice.BuyerOf(context.Database, invoice, context.Stop) is not { } buyer) return;
        if (!(await renderer.Status(context.Stop)).Works) throw new RunAgainException(Wait);
        var pdf = await renderer.Run(InvoiceLayout.Of(invoice, ReadInvoice.ContentOf(invoice), buyer), context.Stop);
        await context.Database.InTransaction(async tx =>
        {
            // The key may have been destroyed while the file was drawn: it must not come back for the file's sake.
            if (!await PersonKeys.Exists(tx, invoice.BuyerId)) return;
            await tx.Change(Keep, new { id = invoice.Id, sealed_ = await PersonKeys.Seal(tx, invoice.BuyerId, new File(pdf)), sha = SHA256.HashData(pdf), bytes = pdf.Length, now = tx.Now });
        }, context.Stop);
    }

    private const string Keep = """
        insert into money.invoice_files (invoice_id, sealed, sha256, bytes, made_at) values (@id, @sealed_, @sha, @bytes, @now) on conflict (invoice_id) do nothing
        """;
}
