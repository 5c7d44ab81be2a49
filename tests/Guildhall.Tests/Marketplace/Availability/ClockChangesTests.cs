using Guildhall.Marketplace.Availability;
using Guildhall.Marketplace.Calendars;
using Guildhall.Web.Components.Text;
using NodaTime;
using NodaTime.Text;

namespace Guildhall.Tests.Marketplace.Availability;

/// <summary>Every zone there is, every time its clocks change until 2035: what is offered, what is refused, and what a booking of it shows everywhere.</summary>
[Covers("B-3", "B-12", "marketplace-5")]
public sealed class ClockChangesTests
{
    private static readonly Instant First = Instant.FromUtc(2024, 1, 1, 0, 0), Last = Instant.FromUtc(2036, 1, 1, 0, 0);
    private static readonly Schedule AllDay = new([.. Enumerable.Range(1, 7).Select(day => new WeeklyHours(day, 0, 1440))], []);

    private sealed record Change(DateTimeZone Zone, Instant At, Offset Before, Offset After);

    private static readonly Change[] Changes =
    [
        .. from zone in DateTimeZoneProviders.Tzdb.Ids.Select(id => DateTimeZoneProviders.Tzdb[id])
           from era in zone.GetZoneIntervals(First, Last)
           where era.HasStart && era.Start > First
           let before = zone.GetUtcOffset(era.Start - Duration.Epsilon)
           where before != era.WallOffset
           select new Change(zone, era.Start, before, era.WallOffset),
    ];

    [Fact]
    public void At_every_change_of_every_clock_no_skipped_time_is_offered_and_each_repeated_one_twice_with_its_offset()
    {
        Changes.Select(c => c.Zone.Id).Distinct().Count().ShouldBeGreaterThan(150);
        Changes.Length.ShouldBeGreaterThan(3_000);
        foreach (var change in Changes)
        {
            var (from, until) = (change.At - Duration.FromHours(6), change.At + Duration.FromHours(6));
            var starts = SlotFinder.Starts(AllDay, change.Zone, 30, from, until);
            starts.Count.ShouldBeGreaterThanOrEqualTo(23, $"{change}: always open, so always offered");
            starts.ShouldBeUnique();
            foreach (var start in starts) change.Zone.MapLocal(start.InZone(change.Zone).LocalDateTime).Count.ShouldBeGreaterThan(0, $"{change}");

            var offered = starts.ToLookup(start => start.InZone(change.Zone).LocalDateTime);
            // Both edges of what is skipped or repeated, on the half hours between them.
            var (one, other) = (change.At.WithOffset(change.Before).LocalDateTime, change.At.WithOffset(change.After).LocalDateTime);
            var (low, high) = one < other ? (one, other) : (other, one);
            for (var local = low; local < high; local = local.PlusMinutes(30))
            {
                if (one < other) offered.Contains(local).ShouldBeFalse($"{change}: {local} is skipped");
                else if (local.Minute % 30 == 0 && local.Second == 0) offered[local].Select(s => s.InZone(change.Zone).Offset).ShouldBe([change.Before, change.After], $"{change}: {local} comes twice");
            }
        }
    }

    [Fact]
    public void Hours_that_the_clocks_skip_wholly_offer_nothing_and_hours_that_they_repeat_are_offered_twice()
    {
        foreach (var change in Changes)
        {
            var (one, other) = (change.At.WithOffset(change.Before).LocalDateTime, change.At.WithOffset(change.After).LocalDateTime);
            var (low, high) = one < other ? (one, other) : (other, one);
            var starts = SlotFinder.Starts(new Schedule([], [.. Between(low, high)]), change.Zone, 30, change.At - Duration.FromHours(30), change.At + Duration.FromHours(30));
            var length = (int)Period.Between(low, high, PeriodUnits.Minutes).Minutes;
            starts.Count.ShouldBe(one < other ? 0 : 2 * (length / 30), $"{change}");
        }
    }

    // The stretch on the wall as hours of its date, or of two when it runs over midnight.
    private static IEnumerable<HourException> Between(LocalDateTime low, LocalDateTime high)
    {
        static int Minute(LocalDateTime time) => (time.Hour * 60) + time.Minute;
        if (low.Date == high.Date) yield return new HourException(default, low.Date.ToDateOnly(), Minute(low), Minute(high), "");
        else
        {
            yield return new HourException(default, low.Date.ToDateOnly(), Minute(low), 1440, "");
            if (Minute(high) > 0) yield return new HourException(default, high.Date.ToDateOnly(), 0, Minute(high), "");
        }
    }

    [Fact]
    public void A_wall_time_is_refused_when_it_is_skipped_with_the_next_valid_one_and_when_it_is_repeated_with_both()
    {
        foreach (var change in Changes)
        {
            var (one, other) = (change.At.WithOffset(change.Before).LocalDateTime, change.At.WithOffset(change.After).LocalDateTime);
            var middle = one < other ? one.PlusMinutes((int)Period.Between(one, other, PeriodUnits.Minutes).Minutes / 2) : other.PlusMinutes((int)Period.Between(other, one, PeriodUnits.Minutes).Minutes / 2);
            Zones.ParseStart(LocalDateTimePattern.GeneralIso.Format(middle), change.Zone).Is(out _, out var refusal).ShouldBeFalse($"{change}: {middle}");
            if (one < other)
            {
                refusal!.Code.ShouldBe("nonexistent_local_time");
                refusal.Details!["nextValid"].ShouldBe(Zones.Text(change.At.InZone(change.Zone)));
                Zones.ParseStart((string)refusal.Details["nextValid"]!, change.Zone).OrThrow().ShouldBe(change.At);
            }
            else
            {
                refusal!.Code.ShouldBe("ambiguous_local_time");
                foreach (var (text, offset) in ((string[])refusal.Details!["either"]!).Zip([change.Before, change.After]))
                    Zones.ParseStart(text, change.Zone).OrThrow().ShouldBe(middle.WithOffset(offset).ToInstant());
            }
        }
    }

    [Fact]
    public void What_a_booking_a_feed_and_a_page_say_of_a_time_beside_a_change_is_one_instant_to_the_second()
    {
        foreach (var change in Changes)
            foreach (var at in new[] { change.At - Duration.FromSeconds(1), change.At, change.At + Duration.FromSeconds(1), change.At - Duration.FromMinutes(30), change.At + Duration.FromMinutes(30) })
            {
                var wall = at.InZone(change.Zone).LocalDateTime;
                var booked = at.ToDateTimeOffset();
                Zones.WallText(booked, change.Zone.Id).ShouldBe(LocalDateTimePattern.GeneralIso.Format(wall));
                // A slot's text names its instant, whichever pass it is.
                OffsetDateTimePattern.Rfc3339.Parse(Zones.Text(at.InZone(change.Zone))).Value.ToInstant().ShouldBe(at);

                var ics = new IcsWriter();
                ics.Begin("VCALENDAR");
                ics.Instant("DTSTART", booked);
                ics.End("VCALENDAR");
                var line = IcsReader.Read(System.Text.Encoding.UTF8.GetString(ics.ToBytes())).Single().Properties.Single();
                IcsTime.Parse(line, line.Value, change.Zone).Instant.ShouldBe(at);
                TimeText.Exact(booked, change.Zone, Reader, booked).ShouldEndWith(wall.ToString(" HH:mm", System.Globalization.CultureInfo.InvariantCulture));
            }
    }

    private static readonly Guildhall.Web.Components.Reader Reader = new("en", null, DateTimeZone.Utc, true, null, null);
}
