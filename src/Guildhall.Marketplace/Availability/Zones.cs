using System.Globalization;
using Guildhall.Foundation;
using NodaTime;
using NodaTime.Text;
using NodaTime.TimeZones;

namespace Guildhall.Marketplace.Availability;

/// <summary>Time zones by their IANA names (tzdb as shipped with NodaTime; the BCL misses gaps and overlaps of zones with negative saving).</summary>
internal static class Zones
{
    private static readonly LocalDateTimePattern[] Wall =
    [
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm"), LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'ss"),
    ];

    public static DateTimeZone? Find(string? name) => name is { Length: > 0 and <= 64 } ? DateTimeZoneProviders.Tzdb.GetZoneOrNull(name) : null;

    /// <summary>A zone that a row names: one that tzdb does not know is a bug.</summary>
    /// <summary>The country of a zone by the table of the time zones, such as <c>KW</c> of Asia/Kuwait; null of UTC and its like.</summary>
    public static string? CountryOf(string zone) => Countries.Value.GetValueOrDefault(zone)
        ?? (TzdbDateTimeZoneSource.Default.CanonicalIdMap.TryGetValue(zone, out var same) ? Countries.Value.GetValueOrDefault(same) : null);

    private static readonly Lazy<Dictionary<string, string>> Countries =
        new(() => (TzdbDateTimeZoneSource.Default.ZoneLocations ?? []).DistinctBy(l => l.ZoneId).ToDictionary(l => l.ZoneId, l => l.CountryCode, StringComparer.Ordinal));

    public static DateTimeZone Get(string name) => DateTimeZoneProviders.Tzdb[name];

    /// <summary>What names its moment without a zone, <c>2026-11-21T15:30:00Z</c>; null for all else.</summary>
    public static Instant? Exact(string? text) =>
        text is { Length: <= 40 } && OffsetDateTimePattern.ExtendedIso.Parse(text) is { Success: true } parsed && InRange(parsed.Value.ToInstant()).Is(out var instant, out _) ? instant : null;

    /// <summary>An instant with an offset or Z, or without one a wall time of the zone; refused when the clocks skip or repeat it.</summary>
    public static Result<Instant> ParseStart(string? text, DateTimeZone zone)
    {
        if (text is null || text.Length > 40) return MarketplaceRefusals.StartInvalid;
        var withOffset = OffsetDateTimePattern.ExtendedIso.Parse(text);
        if (withOffset.Success) return InRange(withOffset.Value.ToInstant());
        foreach (var pattern in Wall)
            if (pattern.Parse(text) is { Success: true } wall) return OfWall(wall.Value, zone);
        return MarketplaceRefusals.StartInvalid;
    }

    private static Result<Instant> OfWall(LocalDateTime wall, DateTimeZone zone)
    {
        if (wall.Year is < 2000 or > 2100) return MarketplaceRefusals.StartInvalid;
        var mapping = zone.MapLocal(wall);
        return mapping.Count switch
        {
            0 => MarketplaceRefusals.NonexistentLocalTime.With(("zone", zone.Id), ("nextValid", Text(mapping.LateInterval.Start.InZone(zone)))),
            2 => MarketplaceRefusals.AmbiguousLocalTime.With(("zone", zone.Id), ("either", new[] { Text(mapping.First()), Text(mapping.Last()) })),
            _ => InRange(mapping.Single().ToInstant()),
        };
    }

    // What PostgreSQL and every later sum can hold without a second thought.
    private static Result<Instant> InRange(Instant instant) =>
        instant.InUtc().Year is >= 2000 and <= 2100 ? instant : MarketplaceRefusals.StartInvalid;

    /// <summary><c>2026-11-21T18:30:00+03:00</c>.</summary>
    public static string Text(ZonedDateTime time) => OffsetDateTimePattern.Rfc3339.Format(time.ToOffsetDateTime());

    /// <summary><c>2026-11-21T18:30:00</c>, as the wall clock of the zone shows it.</summary>
    public static string WallText(DateTimeOffset time, string zone) =>
        Instant.FromDateTimeOffset(time).InZone(Get(zone)).LocalDateTime.ToString("uuuu'-'MM'-'dd'T'HH':'mm':'ss", CultureInfo.InvariantCulture);
}
