using Guildhall.Foundation;
using Guildhall.Marketplace.Availability;
using NodaTime;

namespace Guildhall.Marketplace.Series;

/// <summary>One of a series by the wall clock of the provider's zone, the same on every date whatever the clocks do.</summary>
/// <param name="Start">Null when the clocks skip this time on that day; of a repeated hour the first pass.</param>
/// <param name="NextValid">When the clocks skip it: the first time after the gap, with its offset.</param>
internal sealed record Occurrence(int No, LocalDateTime Wall, Instant? Start, string? NextValid);

internal static class Occurrences
{
    public const int MostWeeks = 8;

    /// <param name="start">The first one; it names the wall time of all.</param>
    public static Result<Occurrence[]> Of(Instant start, DateTimeZone zone, int everyWeeks, int count, int most)
    {
        if (everyWeeks is < 1 or > MostWeeks || count < 2 || count > most) return MarketplaceRefusals.SeriesInvalid.With(("atMost", most));
        var first = start.InZone(zone).LocalDateTime;
        return Enumerable.Range(0, count).Select(n => At(n + 1, n == 0 ? start : null, first.PlusWeeks(n * everyWeeks), zone)).ToArray();
    }

    private static Occurrence At(int no, Instant? known, LocalDateTime wall, DateTimeZone zone)
    {
        if (known is not null) return new Occurrence(no, wall, known, null); // the pass that was asked for
        var mapping = zone.MapLocal(wall);
        return mapping.Count == 0 ? new Occurrence(no, wall, null, Zones.Text(mapping.LateInterval.Start.InZone(zone))) : new Occurrence(no, wall, mapping.First().ToInstant(), null);
    }
}
