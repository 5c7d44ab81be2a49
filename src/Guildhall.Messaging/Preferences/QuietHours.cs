using NodaTime;
using NodaTime.TimeZones;

namespace Guildhall.Messaging.Preferences;

/// <summary>The hours of the day, on the person's own clock, in which what is not urgent waits. They may go over midnight.</summary>
/// <param name="From">The first quiet minute.</param>
/// <param name="Until">The first minute that is not.</param>
public sealed record QuietHours(TimeOnly From, TimeOnly Until)
{
    /// <summary>When the quiet ends that there is now; null when there is none. On a day whose clock is turned, the hands of the clock decide: an hour that comes twice is quiet
    /// twice, and an end that is skipped is where the clock goes on. An unknown zone reads as UTC.</summary>
    public DateTimeOffset? EndOf(DateTimeOffset now, string zone)
    {
        var known = DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) ?? DateTimeZone.Utc;
        var instant = Instant.FromDateTimeOffset(now);
        var local = instant.InZone(known).LocalDateTime;
        var (time, from, until) = (local.TimeOfDay, LocalTime.FromTimeOnly(From), LocalTime.FromTimeOnly(Until));
        var quiet = from < until ? time >= from && time < until : time >= from || time < until;
        if (!quiet) return null;
        var end = (time < until ? local.Date : local.Date.PlusDays(1)).At(until);
        return known.ResolveLocal(end, Resolvers.CreateMappingResolver(Twice(instant), Resolvers.ReturnStartOfIntervalAfter)).ToDateTimeOffset();
    }

    /// <summary>As they are stored: minutes of the day.</summary>
    internal static QuietHours OfMinutes(int from, int until) => new(Minute(from), Minute(until));

    internal static int Minutes(TimeOnly time) => (time.Hour * 60) + time.Minute;

    private static TimeOnly Minute(int minute) => new(minute / 60, minute % 60);

    private static AmbiguousTimeResolver Twice(Instant now) => (earlier, later) => earlier.ToInstant() > now ? earlier : later;
}
