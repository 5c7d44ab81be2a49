using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Catalog;
using Guildhall.Marketplace.Packages;
using Guildhall.Money;
using Guildhall.Money.Orders;
using Guildhall.Money.Refunds;

namespace Guildhall.Marketplace.Bookings;

/// <summary>held → confirmed → completed; held → expired → confirmed when the money came late and the slot was still free; held or confirmed
/// → cancelled.</summary>
public enum BookingState { Held, Confirmed, Completed, Cancelled, Expired }

/// <summary>Who ended a booking. <c>Refund</c>: staff gave the whole payment back. <c>CustomerAbsent</c>, <c>ProviderAbsent</c>: that side did not come.</summary>
public enum CancelledBy { Customer, Provider, Refund, CustomerAbsent, ProviderAbsent }

/// <summary>Of a service whose provider says yes first: the provider was asked and has until the hold runs out; or said yes, so that it is paid like any other.</summary>
public enum Approval { Asked, Given }

/// <summary>One sale of a slot. The price was frozen when the slot was held; that of a session of a package is the money its credit stands for.
/// Instants are what counts; zone and wall time are what was promised.</summary>
internal sealed record Booking(BookingId Id, Guid CustomerId, ProviderId ProviderId, Guid ProviderAccountId, string ProviderName, ServiceId ServiceId, string ServiceName,
    ServiceKind Kind, BookingState State, DateTimeOffset StartsAt, DateTimeOffset EndsAt, DateTimeOffset BusyUntil, string Zone, string WallTime, long PriceMinor,
    Currency Currency, OrderId OrderId, DateTimeOffset HoldUntil, int Revision, DateTimeOffset CreatedAt, DateTimeOffset? ConfirmedAt, DateTimeOffset? StartedAt,
    DateTimeOffset? CompletedAt, DateTimeOffset? CancelledAt, CancelledBy? CancelledBy, string? CancelReason, long? RefundMinor, ChatId? ChatId,
    CancellationPolicyId PolicyId, int? RefundCapPercent, bool UnansweredMove, string? Note, long? MinuteMinor, PackageSaleId? PackageSaleId, Guid[] Resources, Approval? Approval, SeriesId? SeriesId, int? SeriesNo, int? SeriesOf)
{
    public Amount Price => new(PriceMinor, Currency);
    public Amount? MinutePrice => MinuteMinor is { } minor ? new Amount(minor, Currency) : null;

    /// <summary>Whose time it takes: the provider's, and what else it was sold with.</summary>
    public Guid[] Claimed => [ProviderId.Value, .. Resources];

    public Amount Refunded => new(RefundMinor ?? 0, Currency);

    /// <summary>The provider moved it and the customer has neither agreed nor come to the session.</summary>
    public bool AwaitsAnswer => UnansweredMove && StartedAt is null;

    /// <summary>The provider's yes is awaited: nothing can be paid yet.</summary>
    public bool AwaitsApproval => State == BookingState.Held && Approval == Bookings.Approval.Asked;

    /// <summary>Null for a stranger.</summary>
    public BookingRole? RoleOf(Caller caller) =>
        caller.Is(CustomerId) ? BookingRole.Customer
        : caller.Is(ProviderAccountId) ? BookingRole.Provider
        : caller.May(MarketplacePermissions.BookingView) ? BookingRole.Staff : null;
}

/// <summary>What the reader is to the booking.</summary>
public enum BookingRole { Customer, Provider, Staff }

/// <summary>Finding and locking bookings.</summary>
internal static class BookingRows
{
    public const string Select = """
        select b.id, b.customer_id, b.provider_id, b.provider_account_id, p.display_name as provider_name, b.service_id, b.service_name, b.kind, b.state,
            b.starts_at, b.ends_at, b.busy_until, b.zone, to_char(b.wall_time, 'YYYY-MM-DD"T"HH24:MI:SS') as wall_time, b.price_minor, b.currency, b.order_id,
            b.hold_until, b.revision, b.created_at, b.confirmed_at, b.started_at, b.completed_at, b.cancelled_at, b.cancelled_by, b.cancel_reason, b.refund_minor,
            c.id as chat_id, b.policy_id, b.refund_cap_percent, b.unanswered_move, b.note, b.minute_minor, b.package_sale_id, b.resources, b.approval,
            b.series_id, b.series_no, (select x.occurrences from marketplace.series x where x.id = b.series_id) as series_of
        from marketplace.bookings b join marketplace.providers p on p.id = b.provider_id left join marketplace.chats c on c.booking_id = b.id
        """;

    public static Task<Booking?> Find(Database database, BookingId id, CancellationToken stop) => database.Find<Booking>(Select + " where b.id = @id", new { id }, stop);

    public static Task<Booking?> Find(Transaction tx, BookingId id) => tx.Find<Booking>(Select + " where b.id = @id", new { id });

    /// <summary>Locks what the booking was paid with, in the order of locks: the order of its package, if it has one, then its own, which is answered.</summary>
    public static async Task<Order> LockOrders(Transaction tx, Booking booking)
    {
        if (booking.PackageSaleId is { } sale) await PackageSales.Lock(tx, sale);
        return (await Orders.Lock(tx, booking.OrderId))!;
    }

    /// <summary>What refunds of the booking are multiples of.</summary>
    public static async Task<long> StepOf(Transaction tx, Booking booking) =>
        await RefundStep.Of(tx, booking.PackageSaleId is { } sale ? await PackageSales.OrderOf(tx, sale) : booking.OrderId);

    /// <summary>Locks the booking; its order was locked before.</summary>
    public static Task<Booking?> Lock(Transaction tx, BookingId id) => tx.Find<Booking>(Select + " where b.id = @id for update of b", new { id });
}
