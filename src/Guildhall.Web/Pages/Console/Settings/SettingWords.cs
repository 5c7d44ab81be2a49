using System.Globalization;
using System.Text.Json;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.Settings;

/// <summary>Settings as people read and type them.</summary>
internal static class SettingWords
{
    private const string Hundredths = "1/100 %";

    /// <summary><c>money.platform_fee_basis_points</c> becomes <c>Platform fee</c>.</summary>
    public static string Title(string key)
    {
        var name = key[(key.LastIndexOf('.') + 1)..];
        return JsonWords.Say(name.EndsWith("_basis_points", StringComparison.Ordinal) ? name[..^"_basis_points".Length] : name);
    }

    /// <summary>With its unit; hundredths of a percent as percent.</summary>
    public static string Value(JsonElement value, string unit) => value.ValueKind switch
    {
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Number when unit == Hundredths && value.TryGetInt64(out var parts) => Percent(parts) + " %",
        JsonValueKind.String => value.GetString()!,
        _ => $"{value.GetRawText()} {unit}".TrimEnd(),
    };

    /// <summary>As it stands in the field, and the unit beside it.</summary>
    public static (string Text, string Unit) Typed(JsonElement value, string unit) => value.ValueKind switch
    {
        JsonValueKind.Number when unit == Hundredths && value.TryGetInt64(out var parts) => (Percent(parts), "%"),
        JsonValueKind.String => (value.GetString()!, unit),
        _ => (value.GetRawText(), unit),
    };

    /// <summary>What was typed, as JSON of the kind the setting has; null when it cannot be read as that.</summary>
    public static JsonElement? Read(string typed, JsonElement kind, string unit)
    {
        if (kind.ValueKind == JsonValueKind.String) return JsonSerializer.SerializeToElement(typed);
        if (unit == Hundredths) return Parts(typed) is { } parts ? JsonSerializer.SerializeToElement(parts) : null;
        try { return JsonSerializer.Deserialize<JsonElement>(typed); }
        catch (JsonException) { return null; }
    }

    private static string Percent(long parts) =>
        parts % 100 == 0 ? (parts / 100).ToString(CultureInfo.InvariantCulture) : $"{parts / 100}.{parts % 100:00}".TrimEnd('0');

    private static long? Parts(string percent)
    {
        var split = percent.TrimEnd('%', ' ').Split('.');
        if (split.Length > 2 || !long.TryParse(split[0], NumberStyles.None, CultureInfo.InvariantCulture, out var whole) || whole > 1_000_000) return null;
        if (split.Length == 1) return whole * 100;
        return split[1].Length is 1 or 2 && long.TryParse(split[1].PadRight(2, '0'), NumberStyles.None, CultureInfo.InvariantCulture, out var rest) ? (whole * 100) + rest : null;
    }
}
