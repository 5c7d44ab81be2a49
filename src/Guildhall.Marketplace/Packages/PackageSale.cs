using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Orders;

namespace Guildhall.Marketplace.Packages;

/// <summary>placed → active when its money was captured → ended when no session is left to use or to hold.</summary>
public enum PackageSaleState { Placed, Active, Ended }

/// <summary>Why no more sessions are booked with it: its time is over, or the customer gave it up.</summary>
public enum PackageClosedBy { Expired, GivenUp }

/// <summary>free → booked → spent; booked → free when the session was cancelled by terms that give everything back; anything but spent → void.</summary>
public enum PackageCreditState { Free, Booked, Spent, Void }

/// <summary>Why a credit can be used no more.</summary>
public enum PackageVoidReason { Expired, GivenUp, Refund, Dispute }

/// <summary>A package as it was sold: everything that counts is frozen.</summary>
internal sealed record PackageSale(PackageSaleId Id, PackageId PackageId, Guid CustomerId, ProviderId ProviderId, Guid ProviderAccountId, string Name, int Sessions, long PriceMinor, Currency Currency,
    int ValidDays, int UnusedBackPercent, OrderId OrderId, PackageSaleState State, DateTimeOffset SoldAt, DateTimeOffset PayUntil, DateTimeOffset? PaidAt, DateTimeOffset? ValidUntil,
    DateTimeOffset? ClosedAt, PackageClosedBy? ClosedBy, DateTimeOffset? EndedAt)
{
    public Amount Price => new(PriceMinor, Currency);

    /// <summary>Sessions can be booked with it now.</summary>
    public bool IsOpen(DateTimeOffset now) => State == PackageSaleState.Active && ClosedAt is null && now < ValidUntil;
}

/// <summary>One session of a sale and the money it stands for.</summary>
internal sealed record PackageCredit(PackageSaleId SaleId, int No, long Minor, Currency Currency, PackageCreditState State, Guid? BookingId, PackageVoidReason? VoidReason)
{
    public Amount Amount => new(Minor, Currency);
}

/// <summary>Finding and locking what was sold. The sale's order is locked before the sale.</summary>
internal static class PackageSales
{
    public const string Purpose = "package";

    public const string Select = """
        select s.id, s.package_id, s.customer_id, s.provider_id, s.provider_account_id, s.name, s.sessions, s.price_minor, s.currency, s.valid_days, s.unused_back_percent, s.order_id, s.state, s.sold_at,
            s.pay_until, s.paid_at, s.valid_until, s.closed_at, s.closed_by, s.ended_at
        from marketplace.package_sales s
        """;

    public static Task<OrderId> OrderOf(Transaction tx, PackageSaleId id) => tx.Get<OrderId>("select order_id from marketplace.package_sales where id = @id", new { id });

    /// <summary>Of a package that was paid: a session that its customer chooses begins at most then. It never changes.</summary>
    public static Task<DateTimeOffset> ValidUntil(Transaction tx, PackageSaleId id) => tx.Get<DateTimeOffset>("select valid_until from marketplace.package_sales where id = @id", new { id });

    /// <summary>Locks the order, then the sale; null when there is none.</summary>
    public static async Task<PackageSale?> Lock(Transaction tx, PackageSaleId id)
    {
        if (await tx.Find<OrderId?>("select order_id from marketplace.package_sales where id = @id", new { id }) is not { } order) return null;
        await Orders.Lock(tx, order);
        return await tx.Get<PackageSale>(Select + " where s.id = @id for update of s", new { id });
    }

    /// <summary>Locks the sale; its order is locked by the caller.</summary>
    public static Task<PackageSale?> OfOrder(Transaction tx, OrderId order) => tx.Find<PackageSale>(Select + " where s.order_id = @order for update of s", new { order });

    /// <summary>In their order. The sale is locked by the caller.</summary>
    public static Task<IReadOnlyList<PackageCredit>> Credits(Transaction tx, PackageSaleId sale) => tx.List<PackageCredit>(SelectCredits, new { sale });

    public const string SelectCredits = """
        select c.sale_id, c.no, c.minor, s.currency, c.state, c.booking_id, c.void_reason from marketplace.package_credits c join marketplace.package_sales s on s.id = c.sale_id
        where c.sale_id = @sale order by c.no limit 100
        """;

    /// <summary>Its customer, its provider, or who sees bookings.</summary>
    public static bool MaySee(PackageSale sale, Caller caller) => caller.Is(sale.CustomerId) || caller.Is(sale.ProviderAccountId) || caller.May(MarketplacePermissions.BookingView);
}
