using Guildhall.Money.Invoices;
using Guildhall.Web.Components.Data;
using Guildhall.Web.Components.Text;

namespace Guildhall.Web.Pages.Console.Invoices;

/// <summary>Invoices in words.</summary>
internal static class InvoiceWords
{
    public static string Kind(InvoiceSummary document, string language) => (document.Kind switch
    {
        InvoiceKind.Invoice => document.Deposit ? new Phrase("Deposit invoice", "فاتورة دفعة مقدمة") : new Phrase("Invoice", "فاتورة"),
        InvoiceKind.CreditNote => new Phrase("Credit note", "إشعار دائن"),
        _ => new Phrase("Receipt", "إيصال"),
    }).In(language);

    public static IEnumerable<(string Value, string Text)> States(string language) =>
        new[] { "issued", "paid", "void" }.Select(state => (state, Components.Text.States.Of("invoice", state).Word.In(language)));

    public static TimelineEntry Entry(ReadInvoice.Event happened, string language) => new(happened.At, (happened.Kind switch
    {
        "issued" => new Phrase($"Issued as {happened.Text}", $"صدرت برقم {happened.Text}"),
        "file_made" => new Phrase("The PDF was made", "أُنشئ ملف PDF"),
        "paid" => new Phrase("Paid", "دُفعت"),
        "credited" => new Phrase($"Credit note {happened.Text}", $"إشعار دائن {happened.Text}"),
        "receipt" => new Phrase($"Receipt {happened.Text}", $"إيصال {happened.Text}"),
        "refund_receipt" => new Phrase($"Receipt of a refund {happened.Text}", $"إيصال رد مبلغ {happened.Text}"),
        _ => new Phrase($"Replaced by {happened.Text}", $"حلّت محلها {happened.Text}"),
    }).In(language), happened.Kind switch { "paid" or "receipt" => "check", "credited" or "refund_receipt" => "undo", "file_made" => "list", _ => "dot" });
}
