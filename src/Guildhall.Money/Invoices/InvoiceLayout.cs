using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Money.Invoices.Pdf;

namespace Guildhall.Money.Invoices;

/// <summary>A document as it is printed, in its own language.</summary>
internal static class InvoiceLayout
{
    public static PdfDocument Of(Invoice invoice, InvoiceContent content, Buyer buyer)
    {
        var ar = invoice.Language == "ar";
        string T(string en, string arabic) => ar ? arabic : en;
        var heading = invoice.Kind switch
        {
            InvoiceKind.Invoice => invoice.Deposit ? T("Deposit invoice", "فاتورة دفعة مقدمة") : T("Invoice", "فاتورة"),
            InvoiceKind.CreditNote => T("Credit note", "إشعار دائن"),
            _ => T("Receipt", "إيصال"),
        };
        return new PdfDocument(invoice.Language, $"{heading} {invoice.Number}", content.Seller.Name, invoice.IssuedAt, heading, invoice.Number,
            invoice is { Kind: InvoiceKind.Invoice, DueAt: null } ? T("Paid", "مدفوعة") : null,
            [new PdfParty(T("Seller", "البائع"), SellerLines(content.Seller, T)), new PdfParty(T("Buyer", "المشتري"), BuyerLines(buyer, T))],
            Facts(invoice, content, T), [Lines(invoice, content, T)], Totals(invoice, content, T), content.Reason is { } why ? [T($"Reason: {why}", $"السبب: {why}")] : [],
            string.Join(", ", new[] { content.Seller.Name, content.Seller.TaxId }.Where(s => s.Length > 0)));
    }

    private static List<string> SellerLines(Seller seller, Func<string, string, string> t) =>
        [seller.Name, .. seller.Address, .. seller.TaxId.Length > 0 ? [$"{t("Tax no.", "الرقم الضريبي")} {seller.TaxId}"] : (string[])[]];

    private static List<string> BuyerLines(Buyer buyer, Func<string, string, string> t) =>
        [.. new[] { buyer.Name, buyer.Address, buyer.TaxId is { Length: > 0 } id ? $"{t("Tax no.", "الرقم الضريبي")} {id}" : null, buyer.Email }.OfType<string>().Where(line => line.Length > 0)];

    private static List<PdfFact> Facts(Invoice invoice, InvoiceContent content, Func<string, string, string> t)
    {
        var facts = new List<PdfFact> { new(t("Date", "التاريخ"), PdfText.Day(invoice.IssuedAt, invoice.Language)) };
        if (invoice.DueAt is { } due && invoice.Kind == InvoiceKind.Invoice) facts.Add(new(t("Due", "تاريخ الاستحقاق"), PdfText.Day(due, invoice.Language)));
        if (content.Of is { } of) facts.Add(new(invoice.Kind == InvoiceKind.Invoice ? t("Replaces", "تحل محل") : t("Of invoice", "للفاتورة"), of));
        facts.Add(new(t("Order", "الطلب"), invoice.OrderId.ToString()));
        if (content.Reference is { } reference) facts.Add(new(t("Reference", "المرجع"), reference));
        return facts;
    }

    private static PdfTable Lines(Invoice invoice, InvoiceContent content, Func<string, string, string> t)
    {
        var taxed = content.Taxes.Any(x => x.BasisPoints > 0);
        PdfColumn[] columns = [new(t("Description", "الوصف"), 6), .. taxed ? [new(t("Tax", "الضريبة"), 2, Number: true)] : (PdfColumn[])[], new(t("Amount", "المبلغ"), 2, Number: true)];
        return new PdfTable(null, columns, [.. content.Lines.Select(line => (IReadOnlyList<string>)
            [Word(invoice, line.Text, t), .. taxed ? [$"{Rate(line.TaxBasisPoints)}: {Digits(line.Tax)}"] : (string[])[], Digits(line.Amount)])]);
    }

    // The two words that the product itself writes into a receipt.
    private static string Word(Invoice invoice, string text, Func<string, string, string> t) =>
        invoice.Kind != InvoiceKind.Receipt ? text : text == "Refund" ? t("Refund", "رد مبلغ") : t("Payment", "دفعة");

    private static List<PdfTotal> Totals(Invoice invoice, InvoiceContent content, Func<string, string, string> t)
    {
        var totals = new List<PdfTotal>();
        foreach (var tax in content.Taxes.Where(x => x.BasisPoints > 0))
        {
            totals.Add(new(t($"Net of {Rate(tax.BasisPoints)} tax", $"الصافي قبل ضريبة {Rate(tax.BasisPoints)}"), PdfText.Say(tax.Net)));
            totals.Add(new(t($"Tax {Rate(tax.BasisPoints)}", $"ضريبة {Rate(tax.BasisPoints)}"), PdfText.Say(tax.Tax)));
        }
        totals.Add(new(invoice.Kind == InvoiceKind.CreditNote ? t("Total credited", "إجمالي المبلغ الدائن") : t("Total", "الإجمالي"), PdfText.Say(invoice.Total), Strong: true));
        return totals;
    }

    private static string Digits(Amount amount) => amount.ToText(CultureInfo.InvariantCulture);

    internal static string Rate(int basisPoints) => (basisPoints / 100).ToString(CultureInfo.InvariantCulture)
        + (basisPoints % 100 is > 0 and var part ? "." + part.ToString("00", CultureInfo.InvariantCulture).TrimEnd('0') : "") + "%";
}
