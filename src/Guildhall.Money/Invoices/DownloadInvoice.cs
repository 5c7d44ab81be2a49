using System.Text.Json;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Invoices;

/// <summary>The file of a document, byte for byte as it was first made.</summary>
public static class DownloadInvoice
{
    public sealed record File(string Name, byte[] Pdf);

    internal static void Map(IEndpointRouteBuilder invoices) => invoices
        .MapGet("/{id}/pdf", async (InvoiceId id, Caller caller, Database database, CancellationToken stop) => ToHttp(await Run(database, caller, id, stop)))
        .WithName(nameof(DownloadInvoice)).RequiresSignIn().Produces(200, contentType: "application/pdf");

    public static async Task<Result<File>> Run(Database database, Caller caller, InvoiceId id, CancellationToken stop)
    {
        var invoice = await InvoiceRows.Find(database, id, stop);
        return invoice is null || !invoice.IsVisibleTo(caller) ? MoneyRefusals.InvoiceNotFound : await Open(database, invoice, stop);
    }

    internal static async Task<Result<File>> Open(Database database, Invoice invoice, CancellationToken stop)
    {
        if (await ReadInvoice.BuyerOf(database, invoice, stop) is null) return MoneyRefusals.InvoiceErased;
        var kept = await database.Find<byte[]>("select sealed from money.invoice_files where invoice_id = @Id", new { invoice.Id }, stop);
        if (kept is null) return MoneyRefusals.InvoiceFileWaiting;
        return await PersonKeys.Open(database, invoice.BuyerId, kept, stop) is { } facts
            ? new File($"{invoice.Number.Replace('/', '-')}.pdf", facts.Deserialize<RenderInvoice.File>(JsonRules.Options)!.Pdf)
            : MoneyRefusals.InvoiceErased;
    }

    /// <summary>The answer of a route or page.</summary>
    public static IResult ToHttp(Result<File> file) => file.Is(out var found, out var refusal) ? Results.File(found.Pdf, "application/pdf", found.Name) : refusal.ToHttp();
}
