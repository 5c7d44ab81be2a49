using Guildhall.Foundation;
using NodaTime;
using NodaTime.Text;

namespace Guildhall.Content.Schedules;

/// <summary>A time as the clocks of a zone say it. Where they say it twice, the first is meant.</summary>
internal static class WallTime
{
    private static readonly LocalDateTimePattern Pattern = LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm");

    /// <summary>The instant by the zone's rules as they are now.</summary>
    public static Result<DateTimeOffset> InstantOf(string wallTime, string zone)
    {
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is not { } place) return ContentRefusals.ZoneUnknown;
        if (!Pattern.Parse(wallTime).TryGetValue(default, out var local)) return ContentRefusals.TimeInvalid;
        var mapping = place.MapLocal(local);
        return mapping.Count == 0 ? ContentRefusals.TimeSkipped : mapping.First().ToDateTimeOffset();
    }
}
