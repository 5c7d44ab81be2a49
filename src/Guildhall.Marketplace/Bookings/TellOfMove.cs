using Guildhall.Foundation.Data;
using Guildhall.Identity.Accounts;
using Guildhall.Messaging;

namespace Guildhall.Marketplace.Bookings;

/// <summary>Tells both sides of a booking's new time, each in their own zone.</summary>
internal static class TellOfMove
{
    /// <param name="booking">As it was before the move.</param>
    public static async Task Both(Transaction tx, Booking booking, MovedBy by, DateTimeOffset startsAt, string? reason)
    {
        var (customer, provider) = await Accounts.Summaries(tx, booking.CustomerId, booking.ProviderAccountId);
        foreach (var person in new[] { customer, provider })
        {
            var moved = person.Id == booking.CustomerId ? by == MovedBy.Customer : by == MovedBy.Provider;
            var template = moved ? "booking_moved_confirmed" : by == MovedBy.Provider ? "booking_moved_by_provider" : "booking_moved_by_customer";
            await Notify.Person(tx, person.Id, template, new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["service"] = booking.ServiceName, ["before"] = Say.When(booking.StartsAt, person.Zone), ["when"] = Say.When(startsAt, person.Zone), ["reason"] = reason ?? "–",
                ["link"] = $"/bookings/{booking.Id}",
            }, uniqueKey: $"{booking.Id}:{booking.Revision + 1}");
        }
    }

    public static async Task Agreed(Transaction tx, Booking booking) => await Notify.Person(tx, booking.ProviderAccountId, "booking_move_agreed", new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["service"] = booking.ServiceName, ["when"] = Say.When(booking.StartsAt, (await Accounts.Summary(tx, booking.ProviderAccountId)).Zone), ["link"] = $"/bookings/{booking.Id}",
    }, uniqueKey: $"{booking.Id}:{booking.Revision}");
}
