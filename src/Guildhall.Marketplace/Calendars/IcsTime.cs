using Guildhall.Marketplace.Availability;
using NodaTime;
using NodaTime.Text;
using NodaTime.TimeZones;

namespace Guildhall.Marketplace.Calendars;

/// <summary>A time as a calendar writes it: on the wall clock of a zone, or a whole day. A skipped time counts from the offset before the gap, a repeated one is
/// its first pass (RFC 5545, 3.3.5).</summary>
internal readonly record struct IcsTime(LocalDateTime Local, DateTimeZone Zone, bool IsDay)
{
    private static readonly LocalDateTimePattern Wall = LocalDateTimePattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss");
    private static readonly LocalDatePattern Day = LocalDatePattern.CreateWithInvariantCulture("uuuuMMdd");

    public Instant Instant => At(Local);

    public Instant At(LocalDateTime local) => IsDay ? Zone.AtStartOfDay(local.Date).ToInstant() : local.InZoneLeniently(Zone).ToInstant();

    /// <param name="home">The zone of times that name none, and of whole days.</param>
    public static IcsTime Parse(IcsProperty property, string text, DateTimeZone home)
    {
        var isDay = property.Parameter("VALUE") is "DATE" || (property.Parameter("VALUE") is null && text.Length == 8);
        if (property.Parameter("VALUE") is not (null or "DATE" or "DATE-TIME")) throw new NotReadableException($"{property.Name} has a value of another kind");
        if (isDay) return Day.Parse(text) is { Success: true } day ? new IcsTime(InReach(day.Value.AtMidnight()), home, true) : throw Wrong(property);
        var isUtc = text.EndsWith('Z');
        if (Wall.Parse(isUtc ? text[..^1] : text) is not { Success: true } wall) throw Wrong(property);
        return new IcsTime(InReach(wall.Value), isUtc ? DateTimeZone.Utc : property.Parameter("TZID") is { } zone ? ZoneOf(zone) : home, false);
    }

    /// <summary>A length such as <c>P1W</c>, <c>P1DT2H</c>, <c>PT45M</c> (3.3.6). Days are days of the calendar.</summary>
    public static Period Length(IcsProperty property)
    {
        var text = property.Value.Trim().TrimStart('+');
        return PeriodPattern.Roundtrip.Parse(text) is { Success: true } length && length.Value is { Years: 0, Months: 0 } && !text.Contains('-', StringComparison.Ordinal) && !text.Contains('.', StringComparison.Ordinal)
            ? length.Value : throw Wrong(property);
    }

    // By its IANA name, by the name Windows has for it, or by an IANA name at the end of a longer one of some program's own.
    private static DateTimeZone ZoneOf(string name)
    {
        if (Zones.Find(name) is { } zone) return zone;
        if (TzdbDateTimeZoneSource.Default.WindowsMapping.PrimaryMapping.TryGetValue(name, out var iana)) return Zones.Get(iana);
        var parts = name.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var from = 1; from < parts.Length; from++)
            if (Zones.Find(string.Join('/', parts[from..])) is { } inside) return inside;
        throw new NotReadableException("it has a time zone of its own");
    }

    private static LocalDateTime InReach(LocalDateTime local) => local.Year is >= 1900 and <= 2200 ? local : throw new NotReadableException("a date is out of reach");

    private static NotReadableException Wrong(IcsProperty property) => new($"{property.Name} cannot be read");
}
