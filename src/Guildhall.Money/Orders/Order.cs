using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;

namespace Guildhall.Money.Orders;

public enum OrderState { Open, Paid, Cancelled }

/// <summary>What is to be paid and by whom. <c>Fee</c>, and its tax were frozen at sale. An unpaid order is open until it is paid or cancelled; a cancelled
/// order becomes paid when money arrives all the same. <c>AwaitsApproval</c>: no payment of it is started before its seller has said yes.</summary>
public sealed record Order(OrderId Id, Guid CustomerId, Guid ProviderId, string Purpose, Guid SubjectId, Currency Currency, long TotalMinor,
    long FeeMinor, long FeeTaxMinor, OrderState State, Guid? PaidPaymentId, DateTimeOffset? PaidAt, DateTimeOffset? ReleasedAt, DateTimeOffset ExpiresAt, DateTimeOffset CreatedAt,
    bool CaptureLater, bool AwaitsApproval, string? Country, bool GivesPartsBack)
{
    public Amount Total => new(TotalMinor, Currency);
    public Amount Fee => new(FeeMinor, Currency);
    public Amount FeeTax => new(FeeTaxMinor, Currency);

    internal bool IsVisibleTo(Caller caller) => caller.AccountId is { } account && (account == CustomerId || account == ProviderId) || caller.May(MoneyPermissions.PaymentView);
}

/// <summary>Finding and locking orders.</summary>
public static class Orders
{
    internal const string Columns = """
        o.id, o.customer_id, o.provider_id, o.purpose, o.subject_id, o.currency, o.total_minor, o.fee_minor, o.fee_tax_minor, o.state, o.paid_payment_id,
        o.paid_at, o.released_at, o.expires_at, o.created_at, o.capture_later, o.awaits_approval, o.country, o.gives_parts_back
        """;

    /// <summary>Stands for the provider of what the platform itself sells, such as the activation of a listing: all of the price is its fee.</summary>
    public static readonly Guid Platform = Guid.Empty;

    /// <summary>Locks the order until the transaction ends: the first lock of every use case that changes it. Null when there is none.</summary>
    public static Task<Order?> Lock(Transaction tx, OrderId id) => tx.Find<Order>($"select {Columns} from money.orders o where o.id = @id for update", new { id });

    public static Task<Order?> Find(Database database, OrderId id, CancellationToken stop = default) =>
        database.Find<Order>($"select {Columns} from money.orders o where o.id = @id", new { id }, stop);

    /// <summary>The order of a subject (a booking), or null.</summary>
    public static Task<Order?> Of(Database database, string purpose, Guid subject, CancellationToken stop = default) =>
        database.Find<Order>($"select {Columns} from money.orders o where o.purpose = @purpose and o.subject_id = @subject", new { purpose, subject }, stop);
}
