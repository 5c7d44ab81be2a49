using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Guildhall.Money.Gateways.Paytm;

/// <summary><c>{"head":{…,"signature":…},"body":{…}}</c>. Signed is the text of the body exactly as it stands there.</summary>
internal static class PaytmEnvelope
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What was in one. <c>Signed</c>: the signature is there and holds.</summary>
    public sealed record Opened(JsonElement Body, bool Signed);

    public static byte[] Seal(object body, string key, DateTimeOffset now)
    {
        var text = JsonSerializer.Serialize(body, Plain);
        var head = JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["version"] = "v1", ["channelId"] = "WEB", ["requestTimestamp"] = now.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture), ["signature"] = PaytmSignature.Make(text, key),
        }, Plain);
        return Encoding.UTF8.GetBytes($$"""{"head":{{head}},"body":{{text}}}""");
    }

    /// <summary>Null when it is none.</summary>
    public static Opened? Open(ReadOnlyMemory<byte> message, string key)
    {
        try
        {
            using var document = JsonDocument.Parse(message, new JsonDocumentOptions { MaxDepth = 32 });
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("body", out var body) || body.ValueKind != JsonValueKind.Object) return null;
            var signature = document.RootElement.TryGetProperty("head", out var head) ? Text(head, "signature") : null;
            return new Opened(body.Clone(), signature is not null && PaytmSignature.Holds(body.GetRawText(), key, signature));
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or ArgumentException) { return null; }
    }

    public static string? Text(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String) return null;
        try { return value.GetString(); }
        catch (InvalidOperationException) { return null; } // half of a pair of characters
    }

    /// <summary>A text for people, cut to what rows and messages hold.</summary>
    public static string? Sentence(JsonElement element, string name) => Text(element, name) is { } text ? text.Length > 500 ? text[..500] : text : null;
}
