using System.Text.Json;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;
using Guildhall.Identity.Accounts;

namespace Guildhall.Money.Invoices;

/// <summary>A document to be written; its number is taken when it is.</summary>
internal sealed record NewDocument(InvoiceId Id, InvoiceKind Kind, OrderId Order, string Purpose, Guid Buyer, Guid Provider, IReadOnlyList<(string Text, Foundation.Amount Amount, int BasisPoints)> Lines)
{
    public InvoiceId? Of { get; init; }
    public string? OfNumber { get; init; }
    public PaymentId? Payment { get; init; }
    public RefundId? Refund { get; init; }
    public Buyer? BuyerAsTold { get; init; }
    public string? Language { get; init; }
    public string? Reason { get; init; }
    public string? Reference { get; init; }
    public bool Deposit { get; init; }
    public InvoiceId? Deducts { get; init; }
    public DateTimeOffset? DueAt { get; init; }
    public byte[]? Link { get; init; }
    public bool Tells { get; init; } = true;

    /// <summary>Of an invoice: its order is paid already.</summary>
    public bool Paid { get; init; }

    /// <summary>Of a credit note that takes the last of its invoice back: the total of the invoice.</summary>
    public Foundation.Amount? Voids { get; init; }
}

/// <summary>Writes a document in the caller's transaction: everything else first, the number last, so that its series is locked for one round trip and
/// the commit. Nothing may follow but the commit or another document.</summary>
internal static class WriteDocument
{
    /// <returns>The number.</returns>
    public static async Task<string> Run(Transaction tx, Caller caller, NewDocument document)
    {
        var setting = document.Kind switch { InvoiceKind.Invoice => MoneySettings.InvoiceSeries, InvoiceKind.CreditNote => MoneySettings.CreditNoteSeries, _ => MoneySettings.ReceiptSeries };
        var series = Series.Of(await tx.Setting(setting), document.Purpose, tx.Now);
        var account = await Accounts.Find(tx, document.Buyer);
        var buyer = document.BuyerAsTold ?? new Buyer(account?.DisplayName ?? "", Email: account?.Email);
        var (lines, taxes) = Taxes.Of(document.Lines);
        var content = JsonSerializer.Serialize(new InvoiceContent(await SellerNow(tx), lines, taxes, document.Reason, document.OfNumber, document.Reference), JsonRules.Options);
        var total = document.Lines.Select(l => l.Amount).Aggregate((sum, amount) => sum + amount);
        var sealed_ = await PersonKeys.Seal(tx, document.Buyer, buyer);

        await tx.Audit(caller, $"{Names.Of(document.Kind)}.issued", "invoice", document.Id.ToString(), after: new { order = document.Order, total, series, of = document.Of }, why: document.Reason);
        await tx.Enqueue(new RenderInvoice(document.Id), uniqueKey: document.Id.ToString());
        if (document.Tells) await tx.Enqueue(new TellOfInvoice(document.Id), uniqueKey: document.Id.ToString());
        await Publish(tx, document, total);
        return await tx.Get<string>(Issue, new
        {
            id = document.Id, kind = document.Kind, series, order = document.Order, of = document.Of, payment = document.Payment, refund = document.Refund, buyer = document.Buyer,
            provider = document.Provider, currency = total.Currency, total = total.Minor, tax = taxes.Sum(t => t.Tax.Minor), deposit = document.Deposit, deducts = document.Deducts,
            language = document.Language ?? (account?.Language is "ar" ? "ar" : "en"), sealed_, content, dueAt = document.DueAt, now = tx.Now, by = caller.AccountId, link = document.Link,
        });
    }

    private static async Task Publish(Transaction tx, NewDocument document, Foundation.Amount total)
    {
        var fact = new InvoiceChanged(document.Id, document.Kind, document.Order, document.Buyer, document.Provider, total, InvoiceState.Issued);
        await tx.Publish(fact);
        if (document.Paid) await tx.Publish(fact with { State = InvoiceState.Paid });
        if (document.Voids is { } whole) await tx.Publish(fact with { Invoice = document.Of!.Value, Kind = InvoiceKind.Invoice, Amount = whole, State = InvoiceState.Void });
    }

    private static async Task<Seller> SellerNow(Transaction tx) => new(await tx.Setting(MoneySettings.SellerName),
        (await tx.Setting(MoneySettings.SellerAddress)).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), await tx.Setting(MoneySettings.SellerTaxId));

    private const string Issue = """
        select money.issue_invoice(@id, @kind, @series, @order, @of, @payment, @refund, @buyer, @provider, @currency, @total, @tax, @deposit, @deducts, @language, @sealed_, @content,
            @dueAt, @now, @by, @link)
        """;
}
