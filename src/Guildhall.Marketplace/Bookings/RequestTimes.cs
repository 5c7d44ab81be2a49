using Guildhall.Foundation.Data;
using Guildhall.Foundation.Settings;
using Guildhall.Identity.Accounts;
using Guildhall.Marketplace.Catalog;
using Guildhall.Messaging;

namespace Guildhall.Marketplace.Bookings;

/// <summary>How long a request for a booking waits for the provider's yes, and how long it waits for the money after it; neither beyond its beginning.</summary>
internal static class RequestTimes
{
    public static async Task<DateTimeOffset> AnswerBy(Transaction tx, DateTimeOffset startsAt) => Earlier(tx.Now.AddHours(await tx.Setting(MarketplaceSettings.ApprovalHours)), startsAt);

    public static async Task<DateTimeOffset> PayBy(Transaction tx, DateTimeOffset startsAt) => Earlier(tx.Now.AddHours(await tx.Setting(MarketplaceSettings.ApprovedPayHours)), startsAt);

    /// <summary>Tells the provider that somebody asks.</summary>
    public static async Task Ask(Transaction tx, Service service, BookingId booking, DateTimeOffset startsAt, DateTimeOffset until)
    {
        var zone = (await Accounts.Summary(tx, service.ProviderAccountId)).Zone;
        await Notify.Person(tx, service.ProviderAccountId, "booking_requested", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["service"] = service.Name, ["when"] = Say.When(startsAt, zone), ["until"] = Say.When(until, zone), ["link"] = $"/desk/bookings/{booking}",
        }, uniqueKey: booking.ToString(), usefulUntil: until);
    }

    /// <summary>Tells the customer what became of their request.</summary>
    public static async Task Answer(Transaction tx, Booking booking, string template, DateTimeOffset until)
    {
        var zone = (await Accounts.Summary(tx, booking.CustomerId)).Zone;
        await Notify.Person(tx, booking.CustomerId, template, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["service"] = booking.ServiceName, ["when"] = Say.When(booking.StartsAt, zone), ["until"] = Say.When(until, zone), ["link"] = $"/bookings/{booking.Id}",
        }, uniqueKey: booking.Id.ToString());
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
