using NodaTime;

namespace Guildhall.Marketplace.Availability;

/// <summary>The starts a provider offers, as instants. An instant is open when the wall clock of the provider's zone then stands inside the
/// hours of that date, so a day with a skipped hour is shorter, a day with a repeated hour longer, and both passes of a repeated hour count.
/// Starts stand on a grid from the beginning of each window; a time that the clocks skip is never produced.</summary>
internal static class SlotFinder
{
    private const int GridMinutes = 30;

    /// <summary>Every start in [from, until) at which a service of so many minutes fits into open hours, ascending.</summary>
    public static IReadOnlyList<Instant> Starts(Schedule schedule, DateTimeZone zone, int minutes, Instant from, Instant until)
    {
        if (from >= until) return [];
        var parts = Parts(schedule, zone, from, until + Duration.FromMinutes(minutes));
        var open = Merge(parts);
        var step = Duration.FromMinutes(Math.Min(GridMinutes, minutes));
        var length = Duration.FromMinutes(minutes);
        var starts = new SortedSet<Instant>();
        foreach (var part in parts)
        {
            // The grid counts from the window's beginning by the wall clock; a part that begins later (after a change of the clocks) joins it midway.
            var late = part.From.Minus(part.WindowFrom) is var behind && behind > Duration.Zero ? Ceiling(behind, step) : Duration.Zero;
            for (var start = part.WindowFrom + late; start < part.Until; start += step)
                if (start >= from && start < until && Fits(open, start, start + length)) starts.Add(start);
        }
        return [.. starts];
    }

    /// <summary>Whether all of [from, until) is open.</summary>
    public static bool IsOpen(Schedule schedule, DateTimeZone zone, Instant from, Instant until) => Fits(Merge(Parts(schedule, zone, from, until)), from, until);

    /// <summary>A piece of a window under one offset. <c>WindowFrom</c> is where the window would begin were this offset in force then.</summary>
    private readonly record struct Part(Instant From, Instant Until, Instant WindowFrom);

    private static List<Part> Parts(Schedule schedule, DateTimeZone zone, Instant from, Instant until)
    {
        var parts = new List<Part>();
        var last = until.InZone(zone).Date.PlusDays(1);
        for (var date = from.InZone(zone).Date.PlusDays(-1); date <= last; date = date.PlusDays(1))
        {
            foreach (var window in schedule.On(date.ToDateOnly()))
            {
                var (opens, closes) = (date.AtMidnight().PlusMinutes(window.FromMinute), date.AtMidnight().PlusMinutes(window.UntilMinute));
                // A day wider on each side than any offset reaches.
                var around = new Interval(opens.InUtc().ToInstant() - Duration.FromDays(1), closes.InUtc().ToInstant() + Duration.FromDays(1));
                foreach (var era in zone.GetZoneIntervals(around))
                {
                    var (start, end) = (opens.WithOffset(era.WallOffset).ToInstant(), closes.WithOffset(era.WallOffset).ToInstant());
                    var (lower, upper) = (Later(start, era.HasStart ? era.Start : Instant.MinValue), Earlier(end, era.HasEnd ? era.End : Instant.MaxValue));
                    if (lower < upper) parts.Add(new Part(lower, upper, start));
                }
            }
        }
        return parts;
    }

    private static List<(Instant From, Instant Until)> Merge(List<Part> parts)
    {
        var merged = new List<(Instant From, Instant Until)>();
        foreach (var part in parts.OrderBy(p => p.From))
        {
            if (merged.Count > 0 && part.From <= merged[^1].Until) merged[^1] = (merged[^1].From, Later(merged[^1].Until, part.Until));
            else merged.Add((part.From, part.Until));
        }
        return merged;
    }

    // The last open stretch that begins at or before the start is the only one it can fit into.
    private static bool Fits(List<(Instant From, Instant Until)> open, Instant start, Instant end)
    {
        var (low, high) = (0, open.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (open[middle].From <= start) low = middle + 1;
            else high = middle;
        }
        return low > 0 && end <= open[low - 1].Until;
    }

    private static Duration Ceiling(Duration length, Duration step)
    {
        var steps = (long)Math.Ceiling(length / step);
        return step * steps;
    }

    private static Instant Later(Instant one, Instant other) => one > other ? one : other;
    private static Instant Earlier(Instant one, Instant other) => one < other ? one : other;
}
