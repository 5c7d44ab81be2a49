using Guildhall.Foundation.Data;
using Guildhall.Foundation.Settings;
using Guildhall.Marketplace.Calendars;
using Guildhall.Marketplace.Catalog;
using Guildhall.Marketplace.Visits.Travel;
using NodaTime;

namespace Guildhall.Marketplace.Availability;

/// <summary>Everything that keeps one start of one service from being free, with what it is. Nothing found means free.</summary>
internal static class SlotObstacles
{
    private sealed record Claim(BookingId BookingId, ProviderId ProviderId, string? Needed, DateTimeOffset From, DateTimeOffset Until, DateTimeOffset StartsAt, DateTimeOffset EndsAt, DateTimeOffset? HoldUntil, string ServiceName);

    private sealed record Busy(DateTimeOffset From, DateTimeOffset Until, string Name);

    /// <param name="except">A booking that would move there.</param>
    public static async Task<IReadOnlyList<ExplainSlot.Reason>> Of(Database database, Service service, Instant start, CancellationToken stop, BookingId? except = null)
    {
        var reasons = new List<ExplainSlot.Reason>();
        if (!service.IsOffered) reasons.Add(new(SlotObstacle.NotOnSale));
        reasons.AddRange(Bounds(service, Instant.FromDateTimeOffset(database.Clock.GetUtcNow()), start));
        if (await Hours(database, service, start, stop) is { } hours) reasons.Add(hours);
        reasons.AddRange(await Claims(database, service, start, except, stop));
        var at = start.ToDateTimeOffset();
        if (except is { } moving && await TravelGaps.Of(database, moving, at, at, stop) is { } fits && !fits(at)) reasons.Add(new(SlotObstacle.Travel));
        reasons.AddRange(await Elsewhere(database, service, start, stop));
        return reasons;
    }

    private static IEnumerable<ExplainSlot.Reason> Bounds(Service service, Instant now, Instant start)
    {
        var (earliest, latest) = (now + Duration.FromMinutes(service.NoticeMinutes), now + Duration.FromDays(service.HorizonDays));
        if (start <= now) yield return new(SlotObstacle.Past);
        else if (start < earliest) yield return new(SlotObstacle.Notice, From: earliest.ToDateTimeOffset());
        if (start >= latest) yield return new(SlotObstacle.Horizon, Until: latest.ToDateTimeOffset());
    }

    private static async Task<ExplainSlot.Reason?> Hours(Database database, Service service, Instant start, CancellationToken stop)
    {
        var (zone, tick) = (Zones.Get(service.ProviderZone), Duration.FromTicks(1));
        var date = start.InZone(zone).Date;
        var weekly = await database.List<WeeklyHours>(FreeSlots.SelectWeekly, new { provider = service.ProviderId }, stop);
        var exceptions = await database.List<HourException>(FreeSlots.SelectExceptions, new
        {
            provider = service.ProviderId, first = date.PlusDays(-3).ToDateOnly(), last = date.PlusDays(3).ToDateOnly(),
        }, stop);
        var schedule = new Schedule(weekly, exceptions);
        if (SlotFinder.Starts(schedule, zone, service.Minutes, start, start + tick).Count == 1) return null;

        var ofDate = exceptions.Where(e => e.Date == date.ToDateOnly()).ToArray();
        var windows = string.Join(", ", schedule.On(date.ToDateOnly()).Select(w => $"{w.From}–{w.Until}"));
        if (SlotFinder.IsOpen(schedule, zone, start, start + Duration.FromMinutes(service.Minutes))) return new(SlotObstacle.OffGrid, Says: windows);
        if (SlotFinder.IsOpen(schedule, zone, start, start + tick)) return new(SlotObstacle.TooLong, Says: windows);
        var note = string.Join(", ", ofDate.Select(e => e.Note).Where(n => n.Length > 0));
        return ofDate.Length > 0 ? new(SlotObstacle.Closed, Says: note.Length > 0 ? note : windows) : new(SlotObstacle.OutsideHours, Says: windows);
    }

    private static async Task<IEnumerable<ExplainSlot.Reason>> Claims(Database database, Service service, Instant start, BookingId? except, CancellationToken stop)
    {
        var (from, until) = (start.ToDateTimeOffset(), (start + Duration.FromMinutes(service.Minutes + service.BufferMinutes)).ToDateTimeOffset());
        var claims = await database.List<Claim>(SelectClaims, new { resources = service.Claimed, from, until, now = database.Clock.GetUtcNow(), except }, stop);
        return claims.GroupBy(c => c.BookingId).Select(of =>
        {
            var claim = of.First();
            string[] needed = [.. of.Select(c => c.Needed).OfType<string>()];
            // What a colleague sold is theirs: that it takes the van is all that is said of it.
            var (says, booking) = claim.ProviderId == service.ProviderId ? (claim.ServiceName, claim.BookingId) : ((string?)null, (BookingId?)null);
            ExplainSlot.Reason Because(SlotObstacle kind, DateTimeOffset since, DateTimeOffset till) => new(kind, since, till, says, booking, needed.Length == 0 ? null : needed);
            // Only the time after a session, this one's or that one's, is in the way.
            if (claim.EndsAt <= from || claim.StartsAt >= from.AddMinutes(service.Minutes)) return Because(SlotObstacle.Buffer, claim.EndsAt, claim.Until);
            return claim.HoldUntil is { } hold
                ? Because(SlotObstacle.Held, claim.StartsAt, hold)
                : Because(SlotObstacle.Booked, claim.StartsAt, claim.EndsAt);
        });
    }

    private static async Task<IEnumerable<ExplainSlot.Reason>> Elsewhere(Database database, Service service, Instant start, CancellationToken stop)
    {
        var (from, until, now) = (start.ToDateTimeOffset(), (start + Duration.FromMinutes(service.Minutes + service.BufferMinutes)).ToDateTimeOffset(), database.Clock.GetUtcNow());
        var ageLimit = TimeSpan.FromHours(await database.Setting(MarketplaceSettings.CalendarAgeHours, stop));
        var unknown = (await ExternalCalendars.Of(database, service.ProviderId, stop)).Select(c => c.ToView(now, ageLimit)).Where(c => c.Withholds)
            .Select(c => new ExplainSlot.Reason(SlotObstacle.CalendarUnknown, c.ReadAt, Says: c.Name));
        var busy = await database.List<Busy>(SelectBusy, new { provider = service.ProviderId, from, until }, stop);
        return unknown.Concat(busy.Select(b => new ExplainSlot.Reason(SlotObstacle.Calendar, b.From, b.Until, b.Name)));
    }

    private const string SelectClaims = """
        select c.booking_id, b.provider_id, r.name as needed, lower(c.during) as "from", upper(c.during) as until, b.starts_at, b.ends_at, c.hold_until, b.service_name
        from marketplace.claims c join marketplace.bookings b on b.id = c.booking_id left join marketplace.resources r on r.id = c.resource
        where c.resource = any (@resources) and c.during && tstzrange(@from, @until, '[)') and (c.state = 'booked' or c.hold_until > @now)
            and (@except is null or c.booking_id <> @except) order by lower(c.during), c.booking_id, r.name limit 200
        """;

    private const string SelectBusy = """
        select lower(e.during) as "from", upper(e.during) as until, c.name from marketplace.external_busy e join marketplace.external_calendars c on c.id = e.calendar_id
        where e.provider_id = @provider and e.during && tstzrange(@from, @until, '[)') order by lower(e.during) limit 100
        """;
}
