using Guildhall.Foundation.Data;
using Guildhall.Foundation.Settings;
using Guildhall.Marketplace.Catalog;
using NodaTime;

namespace Guildhall.Marketplace.Availability;

/// <summary>The first free time of many services at once, by the same rules as <see cref="FreeSlots"/>. Looks at two days first, then at more for those who are full, so
/// that of most providers little is read.</summary>
internal static class FirstFreeTimes
{
    private static readonly Duration[] Steps = [Duration.FromDays(2), Duration.FromDays(8), Duration.FromDays(100)];

    private sealed record Weekly(ProviderId ProviderId, int Weekday, int FromMinute, int UntilMinute);
    private sealed record Exception(ProviderId ProviderId, ExceptionId Id, DateOnly Date, int? FromMinute, int? UntilMinute, string Note);
    private sealed record Taken(Guid Resource, DateTimeOffset From, DateTimeOffset Until);

    /// <summary>Of each service that has one in [from, until).</summary>
    public static async Task<IReadOnlyDictionary<ServiceId, Instant>> Of(Database database, IReadOnlyList<SearchRow> services, Instant from, Instant until, CancellationToken stop)
    {
        var (now, found) = (Instant.FromDateTimeOffset(database.Clock.GetUtcNow()), new Dictionary<ServiceId, Instant>());
        var schedules = await Schedules(database, services, from, until, stop);
        var open = services.Where(s => schedules.ContainsKey(s.ProviderId)).ToList();
        var begins = from;
        foreach (var step in Steps)
        {
            if (open.Count == 0 || begins >= until) break;
            var ends = Instant.Min(until, begins + step);
            var taken = await TakenTimes(database, open, begins, ends, now, stop);
            foreach (var service in open)
                if (First(service, schedules[service.ProviderId], Of(service, taken), now, begins, ends) is { } first) found[service.Id] = first;
            open.RemoveAll(s => found.ContainsKey(s.Id));
            begins = ends;
        }
        return found;
    }

    // What takes the time of anything that the service needs, in order.
    private static IEnumerable<FreeSlots.Taken> Of(SearchRow service, ILookup<Guid, FreeSlots.Taken> taken) =>
        service.Resources.Length == 0 ? taken[service.ProviderId.Value] : service.Claimed.SelectMany(resource => taken[resource]).OrderBy(t => t.From);

    private static Instant? First(SearchRow service, Schedule schedule, IEnumerable<FreeSlots.Taken> taken, Instant now, Instant from, Instant until)
    {
        if (FreeSlots.Bounds(service.NoticeMinutes, service.HorizonDays, now, ref from, ref until)) return null;
        var starts = SlotFinder.Starts(schedule, Zones.Get(service.Zone), service.Minutes, from, until);
        var free = FreeSlots.Clear(starts, Duration.FromMinutes(service.Minutes + service.BufferMinutes), [.. taken]);
        return free.Count == 0 ? null : free[0];
    }

    // Those who are withheld since a calendar elsewhere is not known have none.
    private static async Task<Dictionary<ProviderId, Schedule>> Schedules(Database database, IReadOnlyList<SearchRow> services, Instant from, Instant until, CancellationToken stop)
    {
        var oldest = database.Clock.GetUtcNow().AddHours(-await database.Setting(MarketplaceSettings.CalendarAgeHours, stop));
        var providers = services.Select(s => s.ProviderId).Distinct().ToArray();
        var withheld = (await database.List<ProviderId>(SelectWithheld, new { providers, oldest }, stop)).ToHashSet();
        providers = [.. providers.Where(p => !withheld.Contains(p))];
        var weekly = (await database.List<Weekly>(SelectWeekly, new { providers }, stop)).ToLookup(w => w.ProviderId, w => new WeeklyHours(w.Weekday, w.FromMinute, w.UntilMinute));
        var (first, last) = (from.InUtc().Date.PlusDays(-3).ToDateOnly(), until.InUtc().Date.PlusDays(3).ToDateOnly());
        var exceptions = (await database.List<Exception>(SelectExceptions, new { providers, first, last }, stop))
            .ToLookup(e => e.ProviderId, e => new HourException(e.Id, e.Date, e.FromMinute, e.UntilMinute, e.Note));
        return providers.ToDictionary(p => p, p => new Schedule([.. weekly[p]], [.. exceptions[p]]));
    }

    private static async Task<ILookup<Guid, FreeSlots.Taken>> TakenTimes(Database database, List<SearchRow> services, Instant from, Instant until, Instant now, CancellationToken stop)
    {
        var rows = await database.List<Taken>(SelectTaken, new
        {
            resources = services.SelectMany(s => s.Claimed).Distinct().ToArray(), now = now.ToDateTimeOffset(), from = from.ToDateTimeOffset(), until = until.ToDateTimeOffset().AddHours(24),
        }, stop);
        return rows.ToLookup(t => t.Resource, t => new FreeSlots.Taken(t.From, t.Until));
    }

    private const string SelectWithheld = """
        select distinct provider_id from marketplace.external_calendars where provider_id = any (@providers) and (read_at is null or read_at <= @oldest) limit 10000
        """;

    private const string SelectWeekly = """
        select provider_id, weekday, from_minute, until_minute from marketplace.weekly_hours where provider_id = any (@providers) limit 200000
        """;

    private const string SelectExceptions = """
        select provider_id, id, date, from_minute, until_minute, note from marketplace.hour_exceptions
        where provider_id = any (@providers) and date between @first and @last limit 200000
        """;

    private const string SelectTaken = """
        select t.r as resource, t.f as "from", t.u as until from (
            select c.resource as r, lower(c.during) as f, upper(c.during) as u from marketplace.claims c
            where c.resource = any (@resources) and c.during && tstzrange(@from, @until, '[)') and (c.state = 'booked' or c.hold_until > @now)
            union all
            select e.provider_id, lower(e.during), upper(e.during) from marketplace.external_busy e where e.provider_id = any (@resources) and e.during && tstzrange(@from, @until, '[)')) t
        order by t.f limit 500000
        """;
}
