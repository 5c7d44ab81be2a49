using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Guildhall.Sandbox.Mpesa;

/// <summary>The JSON body of a call, checked field by field. Numbers may come as text.</summary>
internal sealed partial class MpesaForm(JsonElement body)
{
    public static async Task<MpesaForm> Read(HttpRequest request)
    {
        if (!request.HasJsonContentType()) throw MpesaFault.Bad("Content-Type");
        try
        {
            var body = await JsonSerializer.DeserializeAsync<JsonElement>(request.Body, cancellationToken: request.HttpContext.RequestAborted);
            return body.ValueKind == JsonValueKind.Object ? new MpesaForm(body) : throw MpesaFault.Bad("Body");
        }
        catch (JsonException)
        {
            throw MpesaFault.Bad("Body");
        }
    }

    public string Text(string name, int most)
    {
        var text = body.TryGetProperty(name, out var value) ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.ValueKind == JsonValueKind.Number ? value.GetRawText() : null : null;
        return text is { Length: > 0 } && text.Length <= most ? text : throw MpesaFault.Bad(name);
    }

    public bool Has(string name) => body.TryGetProperty(name, out _);

    public string One(string name, params string[] of) => of.Contains(Text(name, 60), StringComparer.Ordinal) ? Text(name, 60) : throw MpesaFault.Bad(name);

    public string Digits(string name, int least, int most) => Text(name, most) is var text && text.Length >= least && text.All(char.IsAsciiDigit) ? text : throw MpesaFault.Bad(name);

    public long Amount() => Text("Amount", 9) is var text && text[0] != '0' && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var amount) ? amount : throw MpesaFault.Bad("Amount");

    public string Phone(string name) => Number().IsMatch(Text(name, 12)) ? Text(name, 12) : throw MpesaFault.Bad(name);

    /// <summary>As the real thing wants it: https. On this machine plain http will do.</summary>
    public string Address(string name) => Uri.TryCreate(Text(name, 2000), UriKind.Absolute, out var address) && (address.Scheme == "https" || (address.Scheme == "http" && address.IsLoopback))
        ? Text(name, 2000) : throw MpesaFault.Bad(name);

    [GeneratedRegex("^254[17][0-9]{8}$", RegexOptions.None, 200)]
    private static partial Regex Number();
}
