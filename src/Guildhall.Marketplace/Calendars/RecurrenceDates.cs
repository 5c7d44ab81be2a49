using NodaTime;

namespace Guildhall.Marketplace.Calendars;

/// <summary>The dates that a rule gives.</summary>
internal partial record RecurrenceRule
{
    private const int MostPeriods = 60_000;

    /// <summary>Dates from the first on, ascending, until one is later than <paramref name="last"/>. The first date is always one of them.</summary>
    public IEnumerable<LocalDate> Dates(LocalDate first, LocalDate last)
    {
        yield return first;
        for (var period = 0; period < MostPeriods; period++)
        {
            var dates = Of(first, period, out var begins);
            if (begins > last) yield break;
            foreach (var date in Chosen(dates))
                if (date > first && date <= last) yield return date;
        }
        throw new NotReadableException("RRULE gives too many dates");
    }

    // What one day, week, month or year gives.
    private IEnumerable<LocalDate> Of(LocalDate first, int period, out LocalDate begins)
    {
        var steps = period * Interval;
        switch (Frequency)
        {
            case "DAILY":
                var day = begins = first.PlusDays(steps);
                return MayBe(day) && (Days.Count == 0 || Days.Any(d => d.Day == day.DayOfWeek)) && (MonthDays.Count == 0 || IsMonthDay(day)) ? [day] : [];
            case "WEEKLY":
                var week = begins = StartOfWeek(first).PlusWeeks(steps);
                var days = Days.Count == 0 ? [first.DayOfWeek] : Days.Select(d => d.Day);
                return Enumerable.Range(0, 7).Select(week.PlusDays).Where(d => days.Contains(d.DayOfWeek) && MayBe(d));
            case "MONTHLY":
                var month = begins = FirstOf(first).PlusMonths(steps);
                return MayBe(month) ? OfMonth(month, first) : [];
            default:
                var year = begins = new LocalDate(first.Year + steps, 1, 1);
                IEnumerable<int> months = Months.Count > 0 ? Months : MonthDays.Count > 0 ? Enumerable.Range(1, 12) : [first.Month];
                return months.SelectMany(m => OfMonth(new LocalDate(year.Year, m, 1), first));
        }
    }

    private IEnumerable<LocalDate> OfMonth(LocalDate month, LocalDate first)
    {
        var length = month.Calendar.GetDaysInMonth(month.Year, month.Month);
        var all = Enumerable.Range(0, length).Select(month.PlusDays);
        if (Days.Count == 0 && MonthDays.Count == 0) return all.Where(d => d.Day == first.Day);
        return all.Where(d => (MonthDays.Count == 0 || IsMonthDay(d)) && (Days.Count == 0 || Days.Any(wanted => wanted.Day == d.DayOfWeek && IsNth(wanted.Nth, d.Day, length))));
    }

    private IEnumerable<LocalDate> Chosen(IEnumerable<LocalDate> dates)
    {
        if (Positions.Count == 0) return dates.Order();
        var all = dates.Order().ToArray();
        return Positions.Select(p => p > 0 ? p - 1 : all.Length + p).Where(at => at >= 0 && at < all.Length).Distinct().Order().Select(at => all[at]);
    }

    private static bool IsNth(int nth, int day, int length) => nth == 0 || (nth > 0 ? (day + 6) / 7 == nth : (length - day + 7) / 7 == -nth);

    private bool IsMonthDay(LocalDate date)
    {
        var length = date.Calendar.GetDaysInMonth(date.Year, date.Month);
        return MonthDays.Any(d => d > 0 ? date.Day == d : date.Day == length + 1 + d);
    }

    private bool MayBe(LocalDate date) => Months.Count == 0 || Months.Contains(date.Month);

    private LocalDate StartOfWeek(LocalDate date) => date.PlusDays(-(((int)date.DayOfWeek - (int)WeekStart + 7) % 7));

    private static LocalDate FirstOf(LocalDate date) => new(date.Year, date.Month, 1);
}
