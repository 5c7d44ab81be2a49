using System.Text.Json;

namespace Guildhall.Money.Gateways;

/// <summary>Looks into JSON that may have any shape.</summary>
internal static class GatewayJson
{
    /// <summary>Null for what is no JSON.</summary>
    public static JsonElement? Read(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Clone();
        }
        catch (JsonException) { return null; }
    }

    public static JsonElement Child(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    public static string? Text(JsonElement element, string name) => Child(element, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>A text for people, cut to what rows and messages hold.</summary>
    public static string? Sentence(JsonElement element, string name) => Text(element, name) is { } text ? text.Length > 500 ? text[..500] : text : null;

    public static IReadOnlyList<JsonElement> Items(JsonElement element, string name) =>
        Child(element, name) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray()] : [];

    public static JsonElement First(JsonElement element, string name) => Items(element, name) is [var first, ..] ? first : default;
}
