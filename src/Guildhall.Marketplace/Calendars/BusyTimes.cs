using Guildhall.Foundation;
using NodaTime;

namespace Guildhall.Marketplace.Calendars;

/// <summary>When somebody is busy by a calendar of theirs: its events that count as busy, with what comes back expanded, overlaps joined. All of it is understood or
/// nothing is used.</summary>
internal static class BusyTimes
{
    private const int MostEvents = 20_000, MostTimes = 50_000;

    // Hold no time of an event: to-dos, journals, zones and alarms, and what a program adds of its own.
    private static readonly string[] Idle = ["VTODO", "VJOURNAL", "VTIMEZONE", "VALARM"];

    private sealed record Event(string Uid, IcsTime Start, IcsComponent Source);

    /// <param name="home">The zone of times that name none, and of whole days.</param>
    /// <exception cref="NotReadableException">Something is not understood.</exception>
    public static IReadOnlyList<(Instant From, Instant Until)> Read(string text, DateTimeZone home, Instant from, Instant until)
    {
        var events = new List<Event>();
        foreach (var part in IcsReader.Read(text).SelectMany(calendar => calendar.Parts))
        {
            if (part.Name == "VEVENT") events.Add(ToEvent(part, home));
            else if (!Idle.Contains(part.Name) && !part.Name.StartsWith("X-", StringComparison.Ordinal)) throw new NotReadableException($"it holds {part.Name}");
        }
        if (events.Count > MostEvents) throw new NotReadableException("it has too many events");

        var busy = new List<(Instant From, Instant Until)>();
        foreach (var same in events.GroupBy(e => e.Uid, StringComparer.Ordinal))
        {
            // An event of our own feed: the booking's claim says it, and says it better.
            if (Id.TryParse<BookingId>(same.Key, out _)) continue;
            var changed = same.Where(e => e.Source.Find("RECURRENCE-ID") is not null).Select(e => Replaces(e, home)).ToHashSet();
            foreach (var one in same) busy.AddRange(Times(one, changed, home, until).Where(time => time.From < until && time.Until > from && time.From < time.Until));
            if (busy.Count > MostTimes) throw new NotReadableException("it holds too many times");
        }
        return Joined(busy);
    }

    private static Event ToEvent(IcsComponent part, DateTimeZone home) =>
        new(part.Find("UID")?.Value.Trim() ?? "", IcsTime.Parse(Wanted(part, "DTSTART"), Wanted(part, "DTSTART").Value.Trim(), home), part);

    private static IcsProperty Wanted(IcsComponent part, string name) => part.Find(name) ?? throw new NotReadableException($"an event has no {name}");

    private static Instant Replaces(Event one, DateTimeZone home)
    {
        var id = one.Source.Find("RECURRENCE-ID")!;
        return id.Parameter("RANGE") is null ? IcsTime.Parse(id, id.Value.Trim(), home).Instant : throw new NotReadableException("one event changes all that follow");
    }

    private static IEnumerable<(Instant From, Instant Until)> Times(Event one, HashSet<Instant> changed, DateTimeZone home, Instant until)
    {
        var source = one.Source;
        if (source.Find("STATUS")?.Value.Trim().ToUpperInvariant() is "CANCELLED" || source.Find("TRANSP")?.Value.Trim().ToUpperInvariant() is "TRANSPARENT") yield break;
        var end = EndOf(one, home);
        if (source.Find("RECURRENCE-ID") is not null)
        {
            yield return (one.Start.Instant, end(one.Start.Local));
            yield break;
        }
        var skipped = new Skipped(source, home);
        foreach (var local in Starts(one, home, until))
        {
            var begins = one.Start.At(local);
            if (!skipped.Covers(begins, local.Date) && !changed.Contains(begins)) yield return (begins, end(local));
        }
    }

    // Ascending by rule, then the dates that stand by themselves.
    private static IEnumerable<LocalDateTime> Starts(Event one, DateTimeZone home, Instant until)
    {
        var (source, start) = (one.Source, one.Start);
        if (source.All("EXRULE").Any() || source.All("RRULE").Skip(1).Any()) throw new NotReadableException("an event has several rules");
        if (source.Find("RRULE") is not { } text) yield return start.Local;
        else
        {
            var (rule, count) = (RecurrenceRule.Parse(text.Value), 0);
            var ends = rule.Until is { } limit ? IcsTime.Parse(new IcsProperty("UNTIL", text.Parameters, limit), limit, start.Zone) : (IcsTime?)null;
            foreach (var date in rule.Dates(start.Local.Date, until.InZone(start.Zone).Date.PlusDays(1)))
            {
                var local = date + start.Local.TimeOfDay;
                if (count++ == rule.Count || (ends is { } e && (e.IsDay ? local.Date > e.Local.Date : start.At(local) > e.Instant))) yield break;
                yield return local;
            }
        }
        foreach (var extra in source.All("RDATE"))
            foreach (var text2 in extra.Value.Split(','))
                yield return LocalOf(IcsTime.Parse(extra, text2.Trim(), home), start);
    }

    private static LocalDateTime LocalOf(IcsTime time, IcsTime like) => time.IsDay ? time.Local : time.Instant.InZone(like.Zone).LocalDateTime;

    /// <summary>The end of an occurrence by its start on the wall clock. A length in days is in days of the calendar; one between two times is exact.</summary>
    private static Func<LocalDateTime, Instant> EndOf(Event one, DateTimeZone home)
    {
        var (source, start) = (one.Source, one.Start);
        if (source.Find("DTEND") is { } text)
        {
            var end = IcsTime.Parse(text, text.Value.Trim(), home);
            if (start.IsDay) return local => start.At(local + Period.Between(start.Local.Date, end.Local.Date, PeriodUnits.Days));
            var exact = end.Instant - start.Instant;
            return local => start.At(local) + exact;
        }
        if (source.Find("DURATION") is not { } lasts) return local => start.IsDay ? start.At(local.PlusDays(1)) : start.At(local);
        var length = IcsTime.Length(lasts);
        var time = Duration.FromSeconds((length.Hours * 3600) + (length.Minutes * 60) + length.Seconds);
        return local => start.At(local.PlusWeeks(length.Weeks).PlusDays(length.Days)) + time;
    }

    private static List<(Instant From, Instant Until)> Joined(List<(Instant From, Instant Until)> busy)
    {
        var joined = new List<(Instant From, Instant Until)>();
        foreach (var time in busy.OrderBy(t => t.From))
        {
            if (joined.Count > 0 && time.From <= joined[^1].Until) joined[^1] = (joined[^1].From, Instant.Max(joined[^1].Until, time.Until));
            else joined.Add(time);
        }
        return joined;
    }

    /// <summary>The occurrences that an event leaves out. A date without a time leaves out whatever begins on it.</summary>
    private sealed class Skipped
    {
        private readonly HashSet<Instant> _times = [];
        private readonly HashSet<LocalDate> _dates = [];

        public Skipped(IcsComponent source, DateTimeZone home)
        {
            foreach (var line in source.All("EXDATE"))
                foreach (var text in line.Value.Split(','))
                {
                    var time = IcsTime.Parse(line, text.Trim(), home);
                    if (time.IsDay) _dates.Add(time.Local.Date);
                    else _times.Add(time.Instant);
                }
        }

        public bool Covers(Instant start, LocalDate date) => _times.Contains(start) || _dates.Contains(date);
    }
}
