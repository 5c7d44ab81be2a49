using Guildhall.Foundation.Data;
using Guildhall.Marketplace.Calendars;
using Guildhall.Marketplace.Catalog;
using Guildhall.Marketplace.Visits.Travel;
using NodaTime;

namespace Guildhall.Marketplace.Availability;

/// <summary>What a service offers and what of it is free. Few reads whatever the number of days: hours, exceptions, claims with the busy times of calendars elsewhere.</summary>
internal static class FreeSlots
{
    internal sealed record Taken(DateTimeOffset From, DateTimeOffset Until);

    /// <summary>Free starts in [from, until): offered, not before the notice, not after the horizon, clear of every claim and of every busy time elsewhere. None while
    /// a calendar elsewhere is not known.</summary>
    /// <param name="except">A booking that is to move: what it takes now is free to it, and times that leave a visit no way are not.</param>
    public static async Task<IReadOnlyList<Instant>> Find(Database database, Service service, Instant from, Instant until, BookingId? except, CancellationToken stop)
    {
        var now = Instant.FromDateTimeOffset(database.Clock.GetUtcNow());
        if (Bounds(service.NoticeMinutes, service.HorizonDays, now, ref from, ref until) || await ExternalCalendars.Withhold(database, service.ProviderId, stop)) return [];
        var args = new Range(service.ProviderId, from.InZone(Zones.Get(service.ProviderZone)), until.InZone(Zones.Get(service.ProviderZone))).ToArgs();
        var weekly = await database.List<WeeklyHours>(SelectWeekly, new { provider = service.ProviderId }, stop);
        var exceptions = await database.List<HourException>(SelectExceptions, args, stop);
        var taken = await database.List<Taken>(SelectTaken, new
        {
            resources = service.Claimed, provider = service.ProviderId, now = now.ToDateTimeOffset(), from = from.ToDateTimeOffset(), until = until.ToDateTimeOffset().AddHours(24), except,
        }, stop);
        var starts = SlotFinder.Starts(new Schedule(weekly, exceptions), Zones.Get(service.ProviderZone), service.Minutes, from, until);
        var free = Clear(starts, Duration.FromMinutes(service.Minutes + service.BufferMinutes), taken);
        return except is { } moving && await TravelGaps.Of(database, moving, from.ToDateTimeOffset(), until.ToDateTimeOffset(), stop) is { } fits ? [.. free.Where(start => fits(start.ToDateTimeOffset()))] : free;
    }

    /// <summary>Whether the provider offers this start at all, taken here or not.</summary>
    public static async Task<bool> Offers(Transaction tx, Service service, Instant start)
    {
        var (from, until) = (start, start + Duration.FromTicks(1));
        if (Bounds(service.NoticeMinutes, service.HorizonDays, Instant.FromDateTimeOffset(tx.Now), ref from, ref until)) return false;
        var zone = Zones.Get(service.ProviderZone);
        var weekly = await tx.List<WeeklyHours>(SelectWeekly, new { provider = service.ProviderId });
        var exceptions = await tx.List<HourException>(SelectExceptions, new Range(service.ProviderId, from.InZone(zone), until.InZone(zone)).ToArgs());
        if (SlotFinder.Starts(new Schedule(weekly, exceptions), zone, service.Minutes, from, until).Count != 1) return false;
        var busyUntil = start + Duration.FromMinutes(service.Minutes + service.BufferMinutes);
        return !await ExternalCalendars.Withhold(tx, service.ProviderId)
            && !await tx.Get<bool>(IsBusyElsewhere, new { provider = service.ProviderId, from = start.ToDateTimeOffset(), until = busyUntil.ToDateTimeOffset() });
    }

    /// <summary>True when nothing is left between notice and horizon.</summary>
    internal static bool Bounds(int noticeMinutes, int horizonDays, Instant now, ref Instant from, ref Instant until)
    {
        var (earliest, latest) = (now + Duration.FromMinutes(noticeMinutes), now + Duration.FromDays(horizonDays));
        if (earliest <= now) earliest = now + Duration.FromTicks(1);
        if (from < earliest) from = earliest;
        if (until > latest) until = latest;
        return from >= until;
    }

    /// <summary>The starts of which nothing is taken. Both lists ascend; where taken times overlap, the one that ends last counts.</summary>
    internal static List<Instant> Clear(IReadOnlyList<Instant> starts, Duration length, IReadOnlyList<Taken> taken)
    {
        var (free, next, busyUntil) = (new List<Instant>(starts.Count), 0, Instant.MinValue);
        foreach (var start in starts)
        {
            while (next < taken.Count && Instant.FromDateTimeOffset(taken[next].From) < start + length)
            {
                busyUntil = Instant.Max(busyUntil, Instant.FromDateTimeOffset(taken[next].Until));
                next++;
            }
            if (busyUntil <= start) free.Add(start);
        }
        return free;
    }

    // A service reaches at most 12 hours beyond its start and windows may join over midnight: two days more on each side.
    private readonly record struct Range(ProviderId Provider, ZonedDateTime From, ZonedDateTime Until)
    {
        public object ToArgs() => new { provider = Provider, first = From.Date.PlusDays(-2).ToDateOnly(), last = Until.Date.PlusDays(2).ToDateOnly() };
    }

    internal const string SelectWeekly = """
        select weekday, from_minute, until_minute from marketplace.weekly_hours where provider_id = @provider order by weekday, from_minute limit 500
        """;

    internal const string SelectExceptions = """
        select id, date, from_minute, until_minute, note from marketplace.hour_exceptions
        where provider_id = @provider and date between @first and @last order by date, from_minute limit 2000
        """;

    private const string SelectTaken = """
        select t.f as "from", t.u as until from (
            select lower(c.during) as f, upper(c.during) as u from marketplace.claims c
            where c.resource = any (@resources) and c.during && tstzrange(@from, @until, '[)') and (c.state = 'booked' or c.hold_until > @now)
                and (@except is null or c.booking_id <> @except)
            union all
            select lower(e.during), upper(e.during) from marketplace.external_busy e where e.provider_id = @provider and e.during && tstzrange(@from, @until, '[)')) t
        order by t.f limit 20000
        """;

    private const string IsBusyElsewhere = """
        select exists (select 1 from marketplace.external_busy where provider_id = @provider and during && tstzrange(@from, @until, '[)'))
        """;
}
