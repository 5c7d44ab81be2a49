using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Money.Orders;

namespace Guildhall.Money.Invoices;

public enum InvoiceKind { Invoice, CreditNote, Receipt }

/// <summary>Derived: void when credit notes took all of it back, paid when its order is, else issued.</summary>
public enum InvoiceState { Issued, Paid, Void }

/// <summary>Who sells, as it stands on the document.</summary>
public sealed record Seller(string Name, IReadOnlyList<string> Address, string TaxId);

/// <summary>Who buys, as it stands on the document; kept sealed with the buyer's key.</summary>
public sealed record Buyer(string Name, string? Address = null, string? TaxId = null, string? Email = null);

/// <summary>What a document says besides its number, sums and buyer. Stored as JSON under a hash, never changed.</summary>
internal sealed record InvoiceContent(Seller Seller, IReadOnlyList<InvoiceLine> Lines, IReadOnlyList<TaxLine> Taxes, string? Reason, string? Of, string? Reference);

/// <summary>An invoice, credit note or receipt without its buyer.</summary>
internal sealed record Invoice(InvoiceId Id, InvoiceKind Kind, string Series, long No, string Number, OrderId OrderId, InvoiceId? InvoiceId, PaymentId? PaymentId, RefundId? RefundId,
    Guid BuyerId, Guid ProviderId, Currency Currency, long TotalMinor, long TaxMinor, bool Deposit, InvoiceId? Deducts, string Language, byte[] BuyerSealed, string Content,
    byte[] ContentSha256, DateTimeOffset? DueAt, DateTimeOffset IssuedAt, Guid? IssuedBy, OrderState OrderState, string Purpose, DateTimeOffset OrderExpiresAt, long CreditedMinor, bool Voided,
    byte[]? FileSha256)
{
    public Amount Total => new(TotalMinor, Currency);

    public InvoiceState State => StateOf(Kind, OrderState, Voided);

    public static InvoiceState StateOf(InvoiceKind kind, OrderState order, bool voided) =>
        voided ? InvoiceState.Void : kind == InvoiceKind.Invoice && order == OrderState.Paid ? InvoiceState.Paid : InvoiceState.Issued;

    public bool IsVisibleTo(Caller caller) => caller.AccountId is { } account && (account == BuyerId || account == ProviderId) || caller.May(MoneyPermissions.InvoiceView);

    public InvoiceSummary ToSummary() => new(Id, Kind, Number, State, OrderId, InvoiceId, BuyerId, ProviderId, Total, new Amount(TaxMinor, Currency), new Amount(CreditedMinor, Currency), Deposit,
        IssuedAt, DueAt, FileSha256 is null ? null : Convert.ToHexStringLower(FileSha256));
}

/// <summary>A document as lists show it.</summary>
/// <param name="Of">The invoice a credit note or receipt belongs to, or that this invoice replaces.</param>
/// <param name="Credited">What credit notes took back.</param>
/// <param name="FileSha256">Of the PDF; null while it waits to be made.</param>
public sealed record InvoiceSummary(InvoiceId Id, InvoiceKind Kind, string Number, InvoiceState State, OrderId OrderId, InvoiceId? Of, Guid BuyerId, Guid ProviderId, Amount Total, Amount Tax,
    Amount Credited, bool Deposit, DateTimeOffset IssuedAt, DateTimeOffset? DueAt, string? FileSha256);

/// <summary>Finding documents.</summary>
internal static class InvoiceRows
{
    public const string Columns = """
        i.id, i.kind, i.series, i.no, i.number, i.order_id, i.invoice_id, i.payment_id, i.refund_id, i.buyer_id, i.provider_id, i.currency, i.total_minor, i.tax_minor, i.deposit, i.deducts,
        i.language, i.buyer_sealed, i.content, i.content_sha256, i.due_at, i.issued_at, i.issued_by, o.state as order_state, o.purpose, o.expires_at as order_expires_at,
        coalesce(g.credited_minor, 0) as credited_minor, coalesce(g.voided, false) as voided, f.sha256 as file_sha256
        """;

    public const string From = """
        from money.invoices i join money.orders o on o.id = i.order_id left join money.invoice_guards g on g.invoice_id = i.id left join money.invoice_files f on f.invoice_id = i.id
        """;

    public static Task<Invoice?> Find(Database database, InvoiceId id, CancellationToken stop) => database.Find<Invoice>($"select {Columns} {From} where i.id = @id", new { id }, stop);

    public static Task<Invoice?> Find(Transaction tx, InvoiceId id) => tx.Find<Invoice>($"select {Columns} {From} where i.id = @id", new { id });

    /// <summary>The invoice of an order, the one that is not void before those that are; or null.</summary>
    public static Task<Invoice?> Newest(Transaction tx, OrderId order) =>
        tx.Find<Invoice>($"select {Columns} {From} where i.order_id = @order and i.kind = 'invoice' order by g.voided, i.id desc limit 1", new { order });

    /// <summary>The invoice of an order that is not void, or null.</summary>
    public static Task<Invoice?> Live(Transaction tx, OrderId order) =>
        tx.Find<Invoice>($"select {Columns} {From} where i.order_id = @order and i.kind = 'invoice' and not g.voided", new { order });
}
