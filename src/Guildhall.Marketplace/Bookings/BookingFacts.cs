using Guildhall.Foundation.Facts;

namespace Guildhall.Marketplace.Bookings;

/// <summary>A slot was paid and is the customer's: told in the settling transaction.</summary>
public sealed record BookingConfirmed(BookingId Booking, Guid Customer, Guid Provider, string Service, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string Zone) : IFact;

/// <summary>A booking has another time; the sale is the same. Told in the transaction that moves its claim.</summary>
public sealed record BookingMoved(BookingId Booking, Guid Customer, Guid Provider, MovedBy By, DateTimeOffset Before, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string Zone) : IFact;

/// <summary>A confirmed booking ended before it took place; its slot is free again.</summary>
public sealed record BookingCancelled(BookingId Booking, Guid Customer, Guid Provider, CancelledBy By) : IFact;

/// <summary>The provider delivered; the escrow was released in the same transaction.</summary>
public sealed record BookingCompleted(BookingId Booking, Guid Customer, Guid Provider) : IFact;
