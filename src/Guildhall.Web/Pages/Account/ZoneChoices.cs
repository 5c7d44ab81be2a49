using Guildhall.Web.Components.Text;
using NodaTime;

namespace Guildhall.Web.Pages.Account;

/// <summary>Time zones to choose from: the usual ones, and the reader's own when it is not among them.</summary>
internal static class ZoneChoices
{
    private static readonly string[] Usual =
    [
        "Pacific/Honolulu", "America/Anchorage", "America/Los_Angeles", "America/Denver", "America/Phoenix", "America/Chicago", "America/New_York", "America/Halifax",
        "America/Bogota", "America/Sao_Paulo", "America/Argentina/Buenos_Aires", "UTC", "Europe/London", "Europe/Dublin", "Europe/Lisbon", "Africa/Casablanca", "Africa/Lagos",
        "Europe/Berlin", "Europe/Madrid", "Europe/Paris", "Africa/Cairo", "Africa/Johannesburg", "Europe/Athens", "Europe/Istanbul", "Asia/Amman", "Asia/Beirut",
        "Asia/Kuwait", "Asia/Riyadh", "Asia/Bahrain", "Asia/Qatar", "Asia/Baghdad", "Africa/Nairobi", "Asia/Dubai", "Asia/Muscat", "Asia/Karachi", "Asia/Kolkata",
        "Asia/Kathmandu", "Asia/Dhaka", "Asia/Bangkok", "Asia/Jakarta", "Asia/Singapore", "Asia/Manila", "Asia/Shanghai", "Asia/Tokyo", "Australia/Sydney", "Pacific/Auckland",
    ];

    public static IEnumerable<(string Value, string Text)> With(string own, DateTimeOffset now) => Usual.Contains(own, StringComparer.Ordinal) ? All(Usual, now) : All([own, .. Usual], now);

    private static IEnumerable<(string Value, string Text)> All(string[] ids, DateTimeOffset now) => ids.Select(id => DateTimeZoneProviders.Tzdb.GetZoneOrNull(id)).OfType<DateTimeZone>()
        .OrderBy(zone => zone.GetUtcOffset(Instant.FromDateTimeOffset(now)).Seconds).Select(zone => (zone.Id, TimeText.ZoneName(zone, now)));
}
