using System.Globalization;
using NodaTime;

namespace Guildhall.Messaging;

/// <summary>Facts as people read them.</summary>
public static class Say
{
    /// <summary>An instant on the wall clock of a zone: <c>Sat 21 Nov 2026, 18:30 (Asia/Kuwait)</c>. An unknown zone reads as UTC.</summary>
    public static string When(DateTimeOffset instant, string zone)
    {
        var known = DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) ?? DateTimeZone.Utc;
        return Instant.FromDateTimeOffset(instant).InZone(known).LocalDateTime.ToString("ddd d MMM yyyy, HH:mm", CultureInfo.InvariantCulture) + $" ({known.Id})";
    }
}
