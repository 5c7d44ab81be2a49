using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Money.Orders;

namespace Guildhall.Money.Invoices;

/// <summary>What lies on a buyer's desk: the invoices that are to be paid, and the newest papers to keep.</summary>
public static class ReadOwnPapers
{
    private const int MaxOpen = 20, MaxKept = 6;

    /// <param name="Open">Issued to the caller and not paid, the soonest due first, at most 20.</param>
    /// <param name="Kept">The newest six others: receipts, credit notes and invoices of what was paid.</param>
    public sealed record View(IReadOnlyList<Due> Open, IReadOnlyList<InvoiceSummary> Kept);

    /// <param name="Overdue">The due date has passed: it cannot be paid by its link any more, and the seller is asked for a new one.</param>
    /// <param name="PayLink">Where it is paid, a path; null when it cannot be.</param>
    public sealed record Due(InvoiceSummary Document, string SellerName, bool Overdue, string? PayLink);

    public static async Task<View> Run(Database database, MasterKey key, Caller caller, CancellationToken stop)
    {
        var now = database.Clock.GetUtcNow();
        var open = await database.List<Invoice>(OpenSql, new { buyer = caller.AccountId, limit = MaxOpen }, stop);
        var kept = await database.List<Invoice>(KeptSql, new { buyer = caller.AccountId, limit = MaxKept }, stop);
        return new View([.. open.Select(i => Show(i, key, now))], [.. kept.Select(i => i.ToSummary())]);
    }

    private static Due Show(Invoice invoice, MasterKey key, DateTimeOffset now) => new(invoice.ToSummary(), ReadInvoice.ContentOf(invoice).Seller.Name, invoice.DueAt <= now,
        invoice.OrderExpiresAt > now && invoice.OrderState == OrderState.Open ? PayLinks.Path(PayLinks.Token(key, invoice.Id)) : null);

    private const string IsOpen = "(i.kind = 'invoice' and o.state <> 'paid' and i.due_at is not null and not coalesce(g.voided, false))";

    private const string OpenSql = $"select {InvoiceRows.Columns} {InvoiceRows.From} where i.buyer_id = @buyer and {IsOpen} order by i.due_at, i.id limit @limit";

    private const string KeptSql = $"select {InvoiceRows.Columns} {InvoiceRows.From} where i.buyer_id = @buyer and not coalesce({IsOpen}, false) order by i.id desc limit @limit";
}
