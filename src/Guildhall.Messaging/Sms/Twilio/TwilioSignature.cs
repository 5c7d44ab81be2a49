using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace Guildhall.Messaging.Sms.Twilio;

/// <summary><c>X-Twilio-Signature</c>: HMAC-SHA1 with the account's token over the address as it was configured and, sorted by name, every parameter of the form. A body
/// that is no form is covered by <c>bodySHA256</c> in the address. It carries no time: whoever acts on a message must bear its repeat.</summary>
internal static class TwilioSignature
{
    private const string BodyHash = "bodySHA256=";

    public static bool Fits(string token, string address, string? given, IEnumerable<KeyValuePair<string, StringValues>> form, ReadOnlySpan<byte> body)
    {
        Span<byte> signature = stackalloc byte[64];
        if (given is not { Length: > 0 and <= 64 } || !Convert.TryFromBase64String(given, signature, out var length)) return false;
        if (HashIn(address) is { } promised && !string.Equals(promised, Convert.ToHexStringLower(SHA256.HashData(body)), StringComparison.OrdinalIgnoreCase)) return false;
        var parameters = Signed(form);
        // They sign with or without the port of the scheme, whichever they were given.
        var fits = false;
        foreach (var variant in Variants(address)) fits |= CryptographicOperations.FixedTimeEquals(Make(token, variant + parameters), signature[..length]);
        return fits;
    }

    internal static byte[] Make(string token, string signed) => HMACSHA1.HashData(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(signed));

    private static string Signed(IEnumerable<KeyValuePair<string, StringValues>> form)
    {
        var text = new StringBuilder();
        foreach (var (name, values) in form.OrderBy(p => p.Key, StringComparer.Ordinal))
            foreach (var value in values.Select(v => v ?? "").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)) text.Append(name).Append(value);
        return text.ToString();
    }

    private static string? HashIn(string address) =>
        address.IndexOf(BodyHash, StringComparison.Ordinal) is > 0 and var at ? address[(at + BodyHash.Length)..].Split('&')[0] : null;

    private static IEnumerable<string> Variants(string address)
    {
        yield return address;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var parsed) || !parsed.IsDefaultPort) yield break;
        var (end, port) = (address.IndexOf('/', parsed.Scheme.Length + 3), $":{parsed.Port}");
        var host = end < 0 ? address : address[..end];
        yield return (host.EndsWith(port, StringComparison.Ordinal) ? host[..^port.Length] : host + port) + (end < 0 ? "" : address[end..]);
    }
}
