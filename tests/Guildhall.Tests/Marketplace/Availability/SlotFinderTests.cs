using Guildhall.Marketplace.Availability;
using NodaTime;
using NodaTime.Text;

namespace Guildhall.Tests.Marketplace.Availability;

[Covers("B-3", "marketplace-5")]
public sealed class SlotFinderTests
{
    private static readonly LocalTime Midnight = LocalTime.Midnight;

    [Theory]
    [InlineData("America/New_York", "2026-03-08", "02:30", "the clocks go from 02:00 to 03:00")]
    [InlineData("Europe/Dublin", "2026-03-29", "01:30", "the clocks go from 01:00 to 02:00, by rule an end of negative saving")]
    [InlineData("Africa/Casablanca", "2026-03-22", "02:30", "after Ramadan the clocks go from 02:00 to 03:00")]
    [InlineData("Africa/Cairo", "2026-04-24", "00:00", "the day begins at 01:00")]
    [InlineData("Africa/Cairo", "2026-04-24", "00:30", "the day begins at 01:00")]
    public void A_time_that_the_clocks_skip_is_never_offered(string zoneName, string date, string skipped, string because)
    {
        var zone = Zones.Get(zoneName);
        var day = LocalDatePattern.Iso.Parse(date).Value;
        zone.MapLocal(day + LocalTimePattern.CreateWithInvariantCulture("HH:mm").Parse(skipped).Value).Count.ShouldBe(0, because);

        var offered = WallTimesOf(zone, day, new Window(0, 1440));

        offered.ShouldNotContain(skipped);
        offered.Count.ShouldBe(46, "a day of 23 hours has 46 half hours");
        offered.Distinct().Count().ShouldBe(46);
    }

    [Theory]
    [InlineData("America/New_York", "2026-11-01", "01:30")]
    [InlineData("Europe/Dublin", "2026-10-25", "01:30")]
    [InlineData("Africa/Casablanca", "2026-02-15", "02:30")]
    [InlineData("Africa/Cairo", "2026-10-29", "23:30")]
    public void A_time_that_the_clocks_show_twice_is_offered_twice(string zoneName, string date, string repeated)
    {
        var offered = WallTimesOf(Zones.Get(zoneName), LocalDatePattern.Iso.Parse(date).Value, new Window(0, 1440));

        offered.Count(time => string.Equals(time, repeated, StringComparison.Ordinal)).ShouldBe(2);
        offered.Count.ShouldBe(50, "a day of 25 hours has 50 half hours");
    }

    [Theory]
    [InlineData("Asia/Kuwait")]
    [InlineData("Asia/Kolkata")]
    [InlineData("Europe/Dublin")]
    [InlineData("America/New_York")]
    [InlineData("Australia/Lord_Howe")]
    public void Every_offered_start_stands_inside_the_hours_of_its_wall_clock_for_a_whole_year(string zoneName)
    {
        var zone = Zones.Get(zoneName);
        var from = zone.AtStartOfDay(new LocalDate(2026, 1, 1)).ToInstant();
        var starts = SlotFinder.Starts(EveryDay(new Window(540, 1020)), zone, 60, from, zone.AtStartOfDay(new LocalDate(2027, 1, 1)).ToInstant());

        starts.Count.ShouldBe(365 * 15);
        foreach (var start in starts)
        {
            var (opens, closes) = (start.InZone(zone).TimeOfDay, (start + Duration.FromMinutes(60)).InZone(zone).TimeOfDay);
            opens.ShouldBeGreaterThanOrEqualTo(new LocalTime(9, 0));
            closes.ShouldBeLessThanOrEqualTo(new LocalTime(17, 0));
        }
    }

    [Fact]
    public void A_session_may_run_across_the_change_of_the_clocks_and_across_midnight()
    {
        var zone = Zones.Get("America/New_York");
        var starts = SlotFinder.Starts(EveryDay(new Window(0, 1440)), zone, 120, At(zone, 2026, 3, 8, 0), At(zone, 2026, 3, 9, 0));

        starts.ShouldContain(At(zone, 2026, 3, 8, 1), "01:00 EST to 04:00 EDT is two hours");
        starts.ShouldContain(At(zone, 2026, 3, 8, 23), "the next day opens at midnight");
    }

    [Fact]
    public void Nothing_is_offered_that_would_outlast_the_hours_even_when_the_hour_is_repeated()
    {
        var zone = Zones.Get("America/New_York");
        var day = new LocalDate(2026, 11, 1);
        var starts = SlotFinder.Starts(EveryDay(new Window(0, 90)), zone, 30, zone.AtStartOfDay(day).ToInstant(), zone.AtStartOfDay(day.PlusDays(1)).ToInstant());

        // Open from 00:00 to 01:30 EDT, closed until the clocks go back, open again from 01:00 to 01:30 EST.
        starts.Select(start => Zones.Text(start.InZone(zone))).ShouldBe(
        [
            "2026-11-01T00:00:00-04:00", "2026-11-01T00:30:00-04:00", "2026-11-01T01:00:00-04:00", "2026-11-01T01:00:00-05:00",
        ]);
    }

    [Theory]
    [InlineData("2026-03-29T01:30", "Europe/Dublin", "2026-03-29T02:00:00+01:00")]
    [InlineData("2026-03-08T02:30", "America/New_York", "2026-03-08T03:00:00-04:00")]
    [InlineData("2026-03-22T02:30", "Africa/Casablanca", "2026-03-22T03:00:00+01:00")]
    [InlineData("2026-04-24T00:00", "Africa/Cairo", "2026-04-24T01:00:00+03:00")]
    public void A_skipped_wall_time_is_refused_with_the_next_valid_one(string wall, string zone, string next)
    {
        Zones.ParseStart(wall, Zones.Get(zone)).Is(out _, out var refusal).ShouldBeFalse();
        refusal!.Code.ShouldBe("nonexistent_local_time");
        refusal.Details!["nextValid"].ShouldBe(next);
    }

    [Theory]
    [InlineData("2026-10-25T01:30", "Europe/Dublin", "ambiguous_local_time")]
    [InlineData("infinity", "Europe/Dublin", "start_invalid")]
    [InlineData("9999-12-31T23:59:59Z", "Europe/Dublin", "start_invalid")]
    [InlineData("1970-01-01T00:00:00Z", "Europe/Dublin", "start_invalid")]
    [InlineData("2026-02-30T10:00:00Z", "Europe/Dublin", "start_invalid")]
    [InlineData("", "Europe/Dublin", "start_invalid")]
    public void A_start_that_names_no_single_instant_is_refused(string text, string zone, string code)
    {
        Zones.ParseStart(text, Zones.Get(zone)).Is(out _, out var refusal).ShouldBeFalse();
        refusal!.Code.ShouldBe(code);
    }

    private static List<string> WallTimesOf(DateTimeZone zone, LocalDate day, Window window)
    {
        var (from, until) = (zone.AtStartOfDay(day).ToInstant(), zone.AtStartOfDay(day.PlusDays(1)).ToInstant());
        return [.. SlotFinder.Starts(EveryDay(window), zone, 30, from, until).Select(s => s.InZone(zone).TimeOfDay.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture))];
    }

    private static Schedule EveryDay(Window window) =>
        new([.. Enumerable.Range(1, 7).Select(day => new WeeklyHours(day, window.FromMinute, window.UntilMinute))], []);

    private static Instant At(DateTimeZone zone, int year, int month, int day, int hour) =>
        zone.AtStrictly(new LocalDate(year, month, day) + Midnight.PlusHours(hour)).ToInstant();
}
