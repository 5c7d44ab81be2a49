using System.Globalization;

namespace Guildhall.Money.Ledger.Periods;

/// <summary>A month in UTC, written <c>2026-10</c>.</summary>
public readonly record struct Period(int Year, int Month)
{
    public DateTimeOffset From => new(Year, Month, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The first moment that is not in it.</summary>
    public DateTimeOffset Until => From.AddMonths(1);

    public Period Next => Of(Until);

    public Period Previous => Of(From.AddMonths(-1));

    public static Period Of(DateTimeOffset at) => new(at.UtcDateTime.Year, at.UtcDateTime.Month);

    public static bool TryParse(string? text, out Period period)
    {
        period = default;
        if (!DateTime.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first)) return false;
        if (first.Year is < 2000 or > 2200) return false;
        period = new Period(first.Year, first.Month);
        return true;
    }

    public override string ToString() => $"{Year:0000}-{Month:00}";
}
