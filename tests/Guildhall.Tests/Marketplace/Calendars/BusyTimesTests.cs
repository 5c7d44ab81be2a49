using Guildhall.Marketplace.Availability;
using Guildhall.Marketplace.Calendars;
using NodaTime;
using NodaTime.Text;

namespace Guildhall.Tests.Marketplace.Calendars;

/// <summary>Calendars as programs write them, and what of them is busy time.</summary>
[Covers("B-3", "marketplace-17")]
public sealed class BusyTimesTests
{
    private static readonly DateTimeZone Dublin = Zones.Get("Europe/Dublin");

    [Theory]
    [InlineData("DTSTART:20260105T100000Z|DTEND:20260105T110000Z", "05T10:00-05T11:00")]
    [InlineData("DTSTART;TZID=Asia/Kuwait:20260105T100000|DTEND;TZID=Asia/Kuwait:20260105T110000", "05T07:00-05T08:00")]
    [InlineData("DTSTART;TZID=\"Arab Standard Time\":20260105T100000|DURATION:PT1H30M", "05T07:00-05T08:30")]
    [InlineData("DTSTART;TZID=/mozilla.org/20050126_1/Asia/Kuwait:20260105T100000|DURATION:P1DT1H", "05T07:00-06T08:00")]
    [InlineData("DTSTART:20260105T100000|DURATION:PT30M", "05T10:00-05T10:30")]
    [InlineData("DTSTART;VALUE=DATE:20260105|DTEND;VALUE=DATE:20260107", "05T00:00-07T00:00")]
    [InlineData("DTSTART;VALUE=DATE:20260105", "05T00:00-06T00:00")]
    [InlineData("DTSTART:20260105T100000Z", "")]
    [InlineData("DTSTART:20260105T100000Z|DTEND:20260105T110000Z|TRANSP:TRANSPARENT", "")]
    [InlineData("DTSTART:20260105T100000Z|DTEND:20260105T110000Z|STATUS:CANCELLED", "")]
    [InlineData("DTSTART:20260105T100000Z|DTEND:20260105T110000Z|RRULE:FREQ=DAILY;COUNT=3", "05T10:00-05T11:00 06T10:00-06T11:00 07T10:00-07T11:00")]
    [InlineData("DTSTART:20260105T100000Z|DTEND:20260105T110000Z|RRULE:FREQ=DAILY;UNTIL=20260106T100000Z", "05T10:00-05T11:00 06T10:00-06T11:00")]
    [InlineData("DTSTART:20260105T100000Z|DTEND:20260105T110000Z|RRULE:FREQ=DAILY;COUNT=3|EXDATE:20260106T100000Z", "05T10:00-05T11:00 07T10:00-07T11:00")]
    [InlineData("DTSTART;VALUE=DATE:20260105|RRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=3|EXDATE;VALUE=DATE:20260107", "05T00:00-06T00:00 12T00:00-13T00:00")]
    [InlineData("DTSTART:20260106T100000Z|DURATION:PT1H|RRULE:FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=TU,SU;COUNT=4", "06T10:00-06T11:00 18T10:00-18T11:00 20T10:00-20T11:00")]
    [InlineData("DTSTART:20260105T100000Z|DURATION:PT1H|RRULE:FREQ=MONTHLY;BYDAY=-1FR", "05T10:00-05T11:00 30T10:00-30T11:00")]
    [InlineData("DTSTART:20260105T100000Z|DURATION:PT1H|RRULE:FREQ=MONTHLY;BYDAY=-1SA,-1SU", "05T10:00-05T11:00 25T10:00-25T11:00 31T10:00-31T11:00")]
    [InlineData("DTSTART:20251231T100000Z|DURATION:PT1H|RRULE:FREQ=MONTHLY;BYMONTHDAY=-1", "31T10:00-31T11:00")]
    [InlineData("DTSTART:20251009T100000Z|DURATION:PT1H|RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=2", "02T10:00-02T11:00")]
    [InlineData("DTSTART:19700112T100000Z|DURATION:PT1H|RRULE:FREQ=YEARLY", "12T10:00-12T11:00")]
    [InlineData("DTSTART:20250120T100000Z|DURATION:PT1H|RRULE:FREQ=YEARLY;BYMONTH=1;BYDAY=3MO", "19T10:00-19T11:00")]
    [InlineData("DTSTART:20260105T100000Z|DURATION:PT1H|RDATE:20260108T120000Z,20260109T120000Z", "05T10:00-05T11:00 08T12:00-08T13:00 09T12:00-09T13:00")]
    public void An_event_is_busy_when_it_says_so(string lines, string busy) => Busy(Event(lines)).ShouldBe(busy);

    [Fact]
    public void A_calendar_of_a_million_folded_lines_is_neither_put_together_piece_by_piece_nor_read()
    {
        static string Folded(int lines, string line) => "BEGIN:VCALENDAR\nX-NOTE:\n" + string.Concat(Enumerable.Repeat(line, lines)) + "END:VCALENDAR\n";
        Should.Throw<NotReadableException>(() => IcsReader.Read(Folded(1_000_000, " \n"))).Message.ShouldContain("too many lines");
        var text = Folded(20_000, " a\r\n");
        var before = GC.GetAllocatedBytesForCurrentThread();
        IcsReader.Read(text)[0].Find("X-NOTE")!.Value.ShouldBe(new string('a', 20_000));
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(10_000_000);
    }

    [Fact]
    public void What_comes_back_keeps_its_time_on_the_wall_over_the_change_of_the_clocks()
    {
        var busy = BusyTimes.Read(Calendar(Event("DTSTART;TZID=Europe/Dublin:20260328T013000|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=3")), Dublin, At("2026-03-01"), At("2026-05-01"));
        // 01:30 is skipped on the 29th: it counts from the offset before the gap, 01:30 UTC.
        busy.Select(b => InstantPattern.General.Format(b.From)).ShouldBe(["2026-03-28T01:30:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"]);
    }

    [Fact]
    public void One_changed_occurrence_takes_the_place_of_the_one_it_changes_and_overlaps_are_joined()
    {
        var (series, moved) = ("UID:a|DTSTART:20260105T100000Z|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=3", "UID:a|RECURRENCE-ID:20260106T100000Z|DTSTART:20260106T150000Z|DURATION:PT1H");
        Busy(Event(series), Event(moved)).ShouldBe("05T10:00-05T11:00 06T15:00-06T16:00 07T10:00-07T11:00");
        Busy(Event(series), Event(moved.Replace("DTSTART", "STATUS:CANCELLED|DTSTART", StringComparison.Ordinal))).ShouldBe("05T10:00-05T11:00 07T10:00-07T11:00");
        Busy(Event("DTSTART:20260105T100000Z|DURATION:PT1H"), Event("DTSTART:20260105T103000Z|DURATION:PT1H"), Event("DTSTART:20260105T113000Z|DURATION:PT1H")).ShouldBe("05T10:00-05T12:30");
    }

    [Fact]
    public void Our_own_bookings_in_it_are_left_to_their_claims() =>
        Busy(Event($"UID:{new Guildhall.Marketplace.BookingId(Guid.CreateVersion7())}|DTSTART:20260105T100000Z|DURATION:PT1H")).ShouldBe("");

    [Theory]
    [InlineData("")]
    [InlineData("<html><body>Sign in</body></html>")]
    [InlineData("BEGIN:VCALENDAR")]
    [InlineData("BEGIN:VCALENDAR|BEGIN:VEVENT|UID:1|DTSTART:20260105T100000Z|END:VEVENT")]
    [InlineData("BEGIN:VCALENDAR|BEGIN:VEVENT|END:VCALENDAR|END:VEVENT")]
    [InlineData("BEGIN:VCALENDAR|BEGIN:VFREEBUSY|FREEBUSY:20260105T100000Z/PT3H|END:VFREEBUSY|END:VCALENDAR")]
    [InlineData("BEGIN:VCARD|FN:Somebody|END:VCARD")]
    public void What_is_no_whole_calendar_is_not_readable(string text) =>
        Should.Throw<NotReadableException>(() => BusyTimes.Read(text.Replace("|", "\r\n", StringComparison.Ordinal), Dublin, At("2026-01-01"), At("2026-02-01")));

    [Theory]
    [InlineData("SUMMARY:no beginning")]
    [InlineData("DTSTART:tomorrow")]
    [InlineData("DTSTART;TZID=Customized Time Zone:20260105T100000")]
    [InlineData("DTSTART;VALUE=PERIOD:20260105T100000Z/PT1H")]
    [InlineData("DTSTART:20260105T100000Z|DURATION:-PT1H")]
    [InlineData("DTSTART:20260105T100000Z|DURATION:PT1H|RRULE:FREQ=HOURLY")]
    [InlineData("DTSTART:20260105T100000Z|DURATION:PT1H|RRULE:FREQ=DAILY;BYHOUR=9,12")]
    [InlineData("DTSTART:20260105T100000Z|DURATION:PT1H|RRULE:FREQ=YEARLY;BYDAY=20MO")]
    [InlineData("DTSTART:20260105T100000Z|DURATION:PT1H|RRULE:FREQ=YEARLY;BYWEEKNO=20")]
    [InlineData("DTSTART:20260105T100000Z|DURATION:PT1H|RRULE:FREQ=DAILY|RRULE:FREQ=WEEKLY")]
    [InlineData("DTSTART:20260105T100000Z|DURATION:PT1H|RRULE:FREQ=DAILY|EXRULE:FREQ=WEEKLY")]
    [InlineData("DTSTART:20260105T100000Z|DURATION:PT1H|RDATE;VALUE=PERIOD:20260105T100000Z/PT1H")]
    [InlineData("DTSTART:20260105T100000Z|DURATION:PT1H|RECURRENCE-ID;RANGE=THISANDFUTURE:20260105T100000Z")]
    [InlineData("DTSTART:20260105T100000Z|DTSTART:20260106T100000Z")]
    [InlineData("DTSTART:20260105T100000Z|DURATION:PT1H|RRULE:FREQ=DAILY;INTERVAL=0")]
    public void An_event_with_something_not_understood_makes_all_of_it_unreadable(string lines) =>
        Should.Throw<NotReadableException>(() => Busy(Event("DTSTART:20260105T100000Z|DURATION:PT1H"), Event(lines)));

    private static string Busy(params string[] events) => string.Join(' ', BusyTimes.Read(Calendar(events), Dublin, At("2026-01-01"), At("2026-02-01"))
        .Select(b => $"{b.From:dd'T'HH:mm}-{b.Until:dd'T'HH:mm}"));

    private static string Event(string lines) => $"BEGIN:VEVENT|{lines}|BEGIN:VALARM|TRIGGER:-PT15M|END:VALARM|END:VEVENT";

    private static string Calendar(params string[] events) =>
        string.Join('|', ["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VTIMEZONE", "TZID:Asia/Kuwait", "END:VTIMEZONE", .. events, "END:VCALENDAR", ""]).Replace("|", "\r\n", StringComparison.Ordinal);

    private static Instant At(string date) => LocalDatePattern.Iso.Parse(date).Value.AtStartOfDayInZone(DateTimeZone.Utc).ToInstant();
}
