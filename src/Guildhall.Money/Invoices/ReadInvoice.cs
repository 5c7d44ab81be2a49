using System.Text.Json;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Money.Orders;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Invoices;

/// <summary>One invoice, credit note or receipt with what belongs to it, for its buyer, its provider and staff; a stranger is told that there is none.</summary>
public static class ReadInvoice
{
    /// <param name="Buyer">Null when the buyer's data was erased.</param>
    /// <param name="PayLink">Where it can be paid without signing in; for its buyer and for staff who issue invoices, while it can.</param>
    /// <param name="Timeline">What happened to it, oldest first.</param>
    public sealed record View(InvoiceSummary Document, string Series, string Language, Seller Seller, Buyer? Buyer, IReadOnlyList<InvoiceLine> Lines, IReadOnlyList<TaxLine> Taxes, string? Reason,
        string? OfNumber, InvoiceId? Deducts, string? Reference, string ContentSha256, string? PayLink, IReadOnlyList<InvoiceSummary> Related, IReadOnlyList<Event> Timeline);

    public sealed record Event(DateTimeOffset At, string Kind, InvoiceId? Document, string? Text);

    private sealed record FileRow(DateTimeOffset MadeAt);

    internal static void Map(IEndpointRouteBuilder invoices) => invoices
        .MapGet("/{id}", async (InvoiceId id, Caller caller, Database database, MasterKey key, CancellationToken stop) => (await Run(database, key, caller, id, stop)).ToHttp())
        .WithName(nameof(ReadInvoice)).RequiresSignIn().Produces<View>();

    public static async Task<Result<View>> Run(Database database, MasterKey key, Caller caller, InvoiceId id, CancellationToken stop)
    {
        var invoice = await InvoiceRows.Find(database, id, stop);
        if (invoice is null || !invoice.IsVisibleTo(caller)) return MoneyRefusals.InvoiceNotFound;
        var content = ContentOf(invoice);
        var related = await database.List<Invoice>($"select {InvoiceRows.Columns} {InvoiceRows.From} where i.order_id = @order and i.id <> @id order by i.id limit 100", new { order = invoice.OrderId, id }, stop);
        var order = await Orders.Orders.Find(database, invoice.OrderId, stop);
        var file = await database.Find<FileRow>("select made_at from money.invoice_files where invoice_id = @id", new { id }, stop);
        var mayPay = invoice is { Kind: InvoiceKind.Invoice, State: InvoiceState.Issued, DueAt: not null } && order!.ExpiresAt > database.Clock.GetUtcNow()
            && (caller.Is(invoice.BuyerId) || caller.May(MoneyPermissions.InvoiceIssue));
        return new View(invoice.ToSummary(), invoice.Series, invoice.Language, content.Seller, await BuyerOf(database, invoice, stop), content.Lines, content.Taxes, content.Reason, content.Of,
            invoice.Deducts, content.Reference, Convert.ToHexStringLower(invoice.ContentSha256), mayPay ? PayLinks.Path(PayLinks.Token(key, id)) : null,
            [.. related.Select(r => r.ToSummary())], Events(invoice, order, file?.MadeAt, related));
    }

    private static List<Event> Events(Invoice invoice, Order? order, DateTimeOffset? fileMadeAt, IReadOnlyList<Invoice> related)
    {
        var events = new List<Event> { new(invoice.IssuedAt, "issued", null, invoice.Number) };
        if (fileMadeAt is { } made) events.Add(new(made, "file_made", null, null));
        if (invoice.Kind == InvoiceKind.Invoice && order?.PaidAt is { } paid) events.Add(new(paid, "paid", null, null));
        events.AddRange(related.Where(r => r.InvoiceId == invoice.Id).Select(r => new Event(r.IssuedAt,
            r.Kind switch { InvoiceKind.CreditNote => "credited", InvoiceKind.Receipt => r.RefundId is null ? "receipt" : "refund_receipt", _ => "replaced" }, r.Id, r.Number)));
        return [.. events.OrderBy(e => e.At)];
    }

    internal static InvoiceContent ContentOf(Invoice invoice) => JsonSerializer.Deserialize<InvoiceContent>(invoice.Content, JsonRules.Options)!;

    internal static async Task<Buyer?> BuyerOf(Database database, Invoice invoice, CancellationToken stop) =>
        await PersonKeys.Open(database, invoice.BuyerId, invoice.BuyerSealed, stop) is { } facts ? facts.Deserialize<Buyer>(JsonRules.Options) : null;
}
