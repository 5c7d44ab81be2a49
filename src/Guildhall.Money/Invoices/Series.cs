using System.Globalization;
using System.Text.RegularExpressions;

namespace Guildhall.Money.Invoices;

/// <summary>Which series a document is numbered in: <c>booking=BK-{year}- *=INV-{year}-</c>. The year is that of the issue in UTC.</summary>
internal static partial class Series
{
    private const int MaxChoices = 20;

    public static string Of(string setting, string purpose, DateTimeOffset at)
    {
        var choices = Parse(setting)!;
        var series = choices.GetValueOrDefault(purpose) ?? choices["*"];
        return series.Replace("{year}", at.UtcDateTime.Year.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    public static string? Objection(string setting) => Parse(setting) is not { } choices ? "Write purpose=SERIES pairs with spaces between them; a series has capital letters, digits, hyphens, slashes and {year}."
        : choices.ContainsKey("*") ? null : "Name the series of all other purposes with *=.";

    private static Dictionary<string, string>? Parse(string setting)
    {
        var parts = setting.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(p => Choice().Match(p)).ToList();
        if (parts.Count is 0 or > MaxChoices || parts.Any(p => !p.Success) || parts.DistinctBy(p => p.Groups[1].Value).Count() != parts.Count) return null;
        return parts.ToDictionary(p => p.Groups[1].Value, p => p.Groups[2].Value, StringComparer.Ordinal);
    }

    // At most 19 characters with the year, as the table has it.
    [GeneratedRegex(@"^([a-z_]{1,40}|\*)=((?=[A-Z0-9])(?:[A-Z0-9/-]|\{year\}(?!.*\{year\})){1,13})$", RegexOptions.None, 1000)]
    private static partial Regex Choice();
}
