using System.Text.Json;
using Guildhall.Foundation;
using Guildhall.Web.Components.Data;
using Guildhall.Web.Components.Text;

namespace Guildhall.Web.Pages.Console.Parts;

/// <summary>Stored facts as people read them: field names in words, amounts as amounts.</summary>
internal static class JsonWords
{
    private const int MaxRows = 60;

    /// <summary>One row per field of either side, in the order they stand there.</summary>
    public static IReadOnlyList<DiffRow> Rows(JsonElement? before, JsonElement? after)
    {
        var (old, young) = (Fields(before), Fields(after));
        return [.. old.Keys.Concat(young.Keys).Distinct(StringComparer.Ordinal).Take(MaxRows).Select(name => new DiffRow(Say(name), old.GetValueOrDefault(name), young.GetValueOrDefault(name)))];
    }

    /// <summary>The facts in one line, such as <c>code: card_declined, text: Your card was refused.</c></summary>
    public static string? Line(JsonElement? facts)
    {
        var fields = Fields(facts);
        return fields.Count == 0 ? null : string.Join(" · ", fields.Select(f => $"{Say(f.Key)}: {f.Value}"));
    }

    public static string Say(string name)
    {
        var words = string.Concat(name.Select((c, i) => char.IsUpper(c) && i > 0 && char.IsLower(name[i - 1]) ? " " + char.ToLowerInvariant(c) : c is '_' ? " " : c.ToString()));
        return words.Length == 0 ? name : char.ToUpperInvariant(words[0]) + words[1..];
    }

    private static Dictionary<string, string> Fields(JsonElement? facts)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        if (facts is not { } json) return fields;
        if (json.ValueKind != JsonValueKind.Object) fields["value"] = Text(json);
        else foreach (var member in json.EnumerateObject().Where(m => m.Value.ValueKind is not JsonValueKind.Null)) fields[member.Name] = Text(member.Value);
        return fields;
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Plain(value.GetString()!),
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Text)),
        JsonValueKind.Object when AmountOf(value) is { } amount => amount.Words(),
        _ => value.GetRawText(),
    };

    // Names such as in_transit become words; ids and sentences stay as they are.
    private static string Plain(string text) => text.All(c => c is '_' or >= 'a' and <= 'z') ? text.Replace('_', ' ') : text;

    public static Amount? AmountOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty("minor", out var minor) && value.TryGetProperty("currency", out var code)
        && minor.TryGetInt64(out var number) && Currency.TryParse(code.GetString(), out var currency) ? new Amount(number, currency) : null;
}
