using System.Globalization;
using NodaTime;

namespace Guildhall.Marketplace.Calendars;

/// <summary>A rule by which an event comes back (RFC 5545, 3.3.10): daily, weekly, monthly, yearly, with interval, count, until, and the parts that calendar programs
/// write. Any other part makes the calendar unreadable.</summary>
internal sealed partial record RecurrenceRule(string Frequency, int Interval, int? Count, string? Until, IsoDayOfWeek WeekStart,
    IReadOnlyList<(int Nth, IsoDayOfWeek Day)> Days, IReadOnlyList<int> MonthDays, IReadOnlyList<int> Months, IReadOnlyList<int> Positions)
{
    private static readonly Dictionary<string, IsoDayOfWeek> DayNames = new(StringComparer.Ordinal)
    {
        ["MO"] = IsoDayOfWeek.Monday, ["TU"] = IsoDayOfWeek.Tuesday, ["WE"] = IsoDayOfWeek.Wednesday, ["TH"] = IsoDayOfWeek.Thursday,
        ["FR"] = IsoDayOfWeek.Friday, ["SA"] = IsoDayOfWeek.Saturday, ["SU"] = IsoDayOfWeek.Sunday,
    };

    /// <exception cref="NotReadableException">A part is not understood.</exception>
    public static RecurrenceRule Parse(string text)
    {
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in text.Trim().ToUpperInvariant().Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !parts.TryAdd(part[..equals], part[(equals + 1)..])) throw new NotReadableException("RRULE cannot be read");
        }
        string? Take(string name) => parts.Remove(name, out var value) ? value : null;
        var rule = new RecurrenceRule(Take("FREQ") ?? "", Number(Take("INTERVAL") ?? "1", 1, 1000), Take("COUNT") is { } count ? Number(count, 1, 1_000_000) : null, Take("UNTIL"),
            DayNames.TryGetValue(Take("WKST") ?? "MO", out var weekStart) ? weekStart : throw new NotReadableException("WKST cannot be read"),
            [.. List(Take("BYDAY")).Select(Day)], [.. List(Take("BYMONTHDAY")).Select(d => Signed(d, 31))], [.. List(Take("BYMONTH")).Select(m => Number(m, 1, 12))],
            [.. List(Take("BYSETPOS")).Select(p => Signed(p, 366))]);
        if (parts.Count > 0) throw new NotReadableException($"RRULE has {parts.Keys.First()}");
        rule.Check();
        return rule;
    }

    private void Check()
    {
        var understood = Frequency switch
        {
            "DAILY" => !HasNth,
            "WEEKLY" => !HasNth && MonthDays.Count == 0,
            "MONTHLY" => true,
            "YEARLY" => Days.Count == 0 || Months.Count > 0, // else days count through the year
            _ => false,
        };
        if (!understood || (Count is not null && Until is not null)) throw new NotReadableException("RRULE is of a kind that is not understood");
    }

    private bool HasNth => Days.Any(d => d.Nth != 0);

    private static string[] List(string? text) => text?.Split(',') ?? [];

    private static (int Nth, IsoDayOfWeek Day) Day(string text) =>
        text.Length >= 2 && DayNames.TryGetValue(text[^2..], out var day) ? (text.Length == 2 ? 0 : Signed(text[..^2], 5), day) : throw new NotReadableException("BYDAY cannot be read");

    private static int Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : throw new NotReadableException("RRULE has a number out of reach");

    private static int Signed(string text, int most) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number != 0 && Math.Abs(number) <= most
            ? number : throw new NotReadableException("RRULE has a number out of reach");
}
