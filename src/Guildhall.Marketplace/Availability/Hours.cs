using System.Globalization;

namespace Guildhall.Marketplace.Availability;

/// <summary>Opening hours on the wall clock, in minutes after midnight; 1440 ends the day.</summary>
internal readonly record struct Window(int FromMinute, int UntilMinute)
{
    /// <summary>Reads <c>09:00</c> and <c>17:30</c>; <c>24:00</c> ends the day.</summary>
    public static bool TryParse(string? from, string? until, out Window window)
    {
        window = default;
        if (Minute(from) is not { } start || Minute(until) is not { } end || start >= end) return false;
        window = new Window(start, end);
        return true;
    }

    public string From => Text(FromMinute);
    public string Until => Text(UntilMinute);

    private static string Text(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");

    private static int? Minute(string? text)
    {
        if (text is not { Length: 5 } || text[2] != ':') return null;
        if (!int.TryParse(text.AsSpan(0, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var hour)) return null;
        if (!int.TryParse(text.AsSpan(3, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var minute) || minute > 59) return null;
        return (hour * 60) + minute is var total and <= 1440 ? total : null;
    }
}

/// <summary>One row of the weekly hours; Monday is 1.</summary>
internal sealed record WeeklyHours(int Weekday, int FromMinute, int UntilMinute);

/// <summary>What replaces the weekly hours of a date; without hours the date is closed.</summary>
internal sealed record HourException(ExceptionId Id, DateOnly Date, int? FromMinute, int? UntilMinute, string Note);

/// <summary>When a provider is open, by the wall clock of their zone.</summary>
internal sealed class Schedule(IReadOnlyList<WeeklyHours> weekly, IReadOnlyList<HourException> exceptions)
{
    private readonly ILookup<int, Window> _weekly = weekly.ToLookup(w => w.Weekday, w => new Window(w.FromMinute, w.UntilMinute));
    private readonly ILookup<DateOnly, HourException> _exceptions = exceptions.ToLookup(e => e.Date);

    /// <summary>The windows of a date: its exceptions when it has any, else those of its weekday.</summary>
    public IEnumerable<Window> On(DateOnly date)
    {
        if (!_exceptions.Contains(date)) return _weekly[date.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)date.DayOfWeek];
        return _exceptions[date].Where(e => e.FromMinute is not null).Select(e => new Window(e.FromMinute!.Value, e.UntilMinute!.Value));
    }
}
