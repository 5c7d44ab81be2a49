using System.Globalization;
using Guildhall.Foundation;
using NodaTime;

namespace Guildhall.Identity.Accounts;

/// <summary>What a name, a language and a zone may be. A name stands in messages to others, so it can carry no address and no markup.</summary>
internal static class ProfileRules
{
    private const int MaxName = 60;
    private static readonly string[] Languages = ["en", "ar"];

    public static string CleanName(string name) => name.Trim();

    public static string? NameObjection(string name)
    {
        var clean = CleanName(name);
        if (clean.Length is 0 or > MaxName) return $"A name has 1 to {MaxName} characters.";
        if (clean.AsSpan().ContainsAny("<>/\\@\"&{}") || clean.Contains("www.", StringComparison.OrdinalIgnoreCase)) return "A name has no addresses and no markup.";
        return clean.EnumerateRunes().All(r => System.Text.Rune.GetUnicodeCategory(r) is not (UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate)
            && r != System.Text.Rune.ReplacementChar)
            ? null : "A name has no invisible characters.";
    }

    public static string? LanguageObjection(string language) => Languages.Contains(language, StringComparer.Ordinal) ? null : "The language is en or ar.";

    public static string? ZoneObjection(string zone) =>
        zone.Length <= 64 && DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is not null ? null : "The zone is an IANA name such as Asia/Kuwait.";

    /// <summary>The refusal that names every field to correct, or null.</summary>
    public static Refusal? Refuse(params (string Field, string? Objection)[] checks)
    {
        var fields = checks.Where(c => c.Objection is not null).ToDictionary(c => c.Field, c => c.Objection!, StringComparer.Ordinal);
        return fields.Count == 0 ? null : FoundationRefusals.InvalidInput.With(("fields", fields));
    }
}
