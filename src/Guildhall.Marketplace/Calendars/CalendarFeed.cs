using Guildhall.Marketplace.Bookings;

namespace Guildhall.Marketplace.Calendars;

/// <summary>Bookings as one iCalendar object. An event is its booking: the same UID for ever, SEQUENCE is the booking's revision, which rises with every change.
/// Each reader is shown what the booking's own page shows them: the service, the other side's name, the time.</summary>
internal static class CalendarFeed
{
    /// <param name="nameOf">A customer's name by their account.</param>
    public static byte[] Write(IReadOnlyList<Booking> bookings, Guid reader, Func<Guid, string> nameOf, Uri product)
    {
        var ics = new IcsWriter();
        ics.Begin("VCALENDAR");
        ics.Word("VERSION", "2.0");
        ics.Word("PRODID", "-//Guildhall//Bookings//EN");
        ics.Word("CALSCALE", "GREGORIAN");
        ics.Text("X-WR-CALNAME", $"Guildhall {product.Host}");
        ics.Word("REFRESH-INTERVAL;VALUE=DURATION", "PT1H");
        ics.Word("X-PUBLISHED-TTL", "PT1H");
        if (bookings.Count == 0) NoEvent(ics);
        foreach (var booking in bookings) Event(ics, booking, reader, nameOf, product);
        ics.End("VCALENDAR");
        return ics.ToBytes();
    }

    private static void Event(IcsWriter ics, Booking booking, Guid reader, Func<Guid, string> nameOf, Uri product)
    {
        var isProvider = booking.ProviderAccountId == reader;
        var page = new Uri(product, isProvider ? $"/desk/bookings/{booking.Id}" : $"/bookings/{booking.Id}").AbsoluteUri;
        var (changed, isOff) = (ChangedAt(booking), booking.State == BookingState.Cancelled);
        ics.Begin("VEVENT");
        ics.Word("UID", booking.Id.ToString());
        ics.Instant("DTSTAMP", changed); // without METHOD it is when the event was last revised (RFC 5545, 3.8.7.2)
        ics.Instant("CREATED", booking.CreatedAt);
        ics.Instant("LAST-MODIFIED", changed);
        ics.Number("SEQUENCE", booking.Revision);
        ics.Instant("DTSTART", booking.StartsAt);
        ics.Instant("DTEND", booking.EndsAt);
        ics.Text("SUMMARY", $"{booking.ServiceName} · {(isProvider ? nameOf(booking.CustomerId) : booking.ProviderName)}");
        ics.Text("DESCRIPTION", page);
        ics.Word("URL", page);
        ics.Word("STATUS", isOff ? "CANCELLED" : "CONFIRMED");
        ics.Word("TRANSP", isOff ? "TRANSPARENT" : "OPAQUE");
        ics.Word("CLASS", "PRIVATE");
        ics.End("VEVENT");
    }

    // A calendar has to hold at least one component (3.6).
    private static void NoEvent(IcsWriter ics)
    {
        ics.Begin("VTIMEZONE");
        ics.Word("TZID", "Etc/UTC");
        ics.Begin("STANDARD");
        ics.Word("DTSTART", "19700101T000000");
        ics.Word("TZOFFSETFROM", "+0000");
        ics.Word("TZOFFSETTO", "+0000");
        ics.End("STANDARD");
        ics.End("VTIMEZONE");
    }

    private static DateTimeOffset ChangedAt(Booking booking) =>
        new[] { booking.CreatedAt, booking.ConfirmedAt ?? default, booking.StartedAt ?? default, booking.CompletedAt ?? default, booking.CancelledAt ?? default }.Max();
}
