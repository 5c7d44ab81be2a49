using System.Globalization;
using Guildhall.Messaging.Preferences;

namespace Guildhall.Tests.Messaging.Preferences;

[Covers("N-3")]
public sealed class QuietHoursTests
{
    [Theory]
    [InlineData("22:00", "07:00", "Asia/Kuwait", "2026-06-09T18:59Z", null)]
    [InlineData("22:00", "07:00", "Asia/Kuwait", "2026-06-09T19:00Z", "2026-06-10T04:00Z")]
    [InlineData("22:00", "07:00", "Asia/Kuwait", "2026-06-10T03:59Z", "2026-06-10T04:00Z")]
    [InlineData("22:00", "07:00", "Asia/Kuwait", "2026-06-10T04:00Z", null)]
    [InlineData("13:00", "15:30", "Asia/Kolkata", "2026-06-09T08:00Z", "2026-06-09T10:00Z")]
    [InlineData("22:00", "07:00", "Europe/Nowhere", "2026-06-09T22:30Z", "2026-06-10T07:00Z")]
    // The clock goes forward in the night: an hour less of quiet, and an end that is skipped is where the clock goes on.
    [InlineData("22:00", "07:00", "Europe/Berlin", "2026-03-28T22:00Z", "2026-03-29T05:00Z")]
    [InlineData("22:00", "02:30", "Europe/Berlin", "2026-03-28T23:00Z", "2026-03-29T01:00Z")]
    // It goes back: an hour more, and an hour that comes twice is quiet twice.
    [InlineData("22:00", "07:00", "Europe/Berlin", "2026-10-24T22:00Z", "2026-10-25T06:00Z")]
    [InlineData("22:00", "02:30", "Europe/Berlin", "2026-10-25T00:15Z", "2026-10-25T00:30Z")]
    [InlineData("22:00", "02:30", "Europe/Berlin", "2026-10-25T00:45Z", null)]
    [InlineData("22:00", "02:30", "Europe/Berlin", "2026-10-25T01:15Z", "2026-10-25T01:30Z")]
    // Ireland's winter is its exception.
    [InlineData("23:00", "01:30", "Europe/Dublin", "2026-10-25T00:45Z", null)]
    public void Quiet_ends_by_the_hands_of_the_persons_clock(string from, string until, string zone, string now, string? end)
    {
        var ends = new QuietHours(TimeOnly.Parse(from, CultureInfo.InvariantCulture), TimeOnly.Parse(until, CultureInfo.InvariantCulture)).EndOf(Instant(now), zone);
        ends.ShouldBe(end is null ? null : Instant(end));
    }

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
