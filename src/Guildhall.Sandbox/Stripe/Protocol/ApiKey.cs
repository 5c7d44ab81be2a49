using System.Text;

namespace Guildhall.Sandbox.Stripe.Protocol;

/// <summary>Bearer, or Basic with the key as user name.</summary>
internal static class ApiKey
{
    public static void Check(HttpRequest request, string expected)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.Length == 0)
            throw Refuse("You did not provide an API key. Provide it in the Authorization header, using Bearer auth.");

        var given = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : FromBasic(header);
        if (given != expected) throw Refuse($"Invalid API Key provided: {Mask(given)}");
    }

    private static string FromBasic(string header)
    {
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)) return "";
        Span<byte> bytes = stackalloc byte[512];
        return header.Length < 600 && Convert.TryFromBase64String(header[6..].Trim(), bytes, out var length)
            ? Encoding.UTF8.GetString(bytes[..length]).Split(':')[0]
            : "";
    }

    private static StripeRefusal Refuse(string message) => new(401, "invalid_request_error", null, message);

    private static string Mask(string key) => key.Length < 12 ? "****" : $"{key[..8]}****{key[^4..]}";
}
