using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Messaging;
using Guildhall.Money.Invoices.Pdf;

namespace Guildhall.Money.Invoices;

/// <summary>Tells the buyer of a document, once. A link that pays goes by mail alone and is kept nowhere in the open.</summary>
internal sealed record TellOfInvoice(InvoiceId Invoice) : IJob
{
    public static string Kind => "tell_of_invoice";

    public static async Task Run(JobContext context, TellOfInvoice job)
    {
        if (await InvoiceRows.Find(context.Database, job.Invoice, context.Stop) is not { } invoice) return;
        var payable = invoice is { Kind: InvoiceKind.Invoice, State: InvoiceState.Issued, DueAt: not null };
        var template = invoice.Kind switch
        {
            InvoiceKind.Invoice => payable ? "invoice_to_pay" : "invoice_issued",
            InvoiceKind.CreditNote => "credit_note_issued",
            _ => "receipt_issued",
        };
        var link = payable ? PayLinks.Path(PayLinks.Token(context.Get<MasterKey>(), invoice.Id)) : $"/invoices/{invoice.Id}";
        var facts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["number"] = invoice.Number, ["amount"] = PdfText.Say(invoice.Total), ["link"] = link, ["due"] = invoice.DueAt is { } due ? PdfText.Day(due, invoice.Language) : "",
        };
        await context.Database.InTransaction(tx => Notify.Person(tx, invoice.BuyerId, template, facts, uniqueKey: $"{invoice.Id}"), context.Stop);
    }
}
