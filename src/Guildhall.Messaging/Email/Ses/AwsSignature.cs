using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Guildhall.Messaging.Email.Ses;

/// <summary>Amazon's signature version 4 in the Authorization header (<c>AWS4-HMAC-SHA256</c>): a chain of HMACs over method, path, headers and body, bound to day, region
/// and service. Paths that need no escaping, without a query: there are no others here.</summary>
internal static class AwsSignature
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>The headers <c>X-Amz-Date</c> and <c>Authorization</c> of a call.</summary>
    /// <param name="service">As in the signature, <c>ses</c>; the host may call it otherwise.</param>
    /// <param name="contentType">Is signed; null when there is none.</param>
    public static (string Date, string Authorization) Sign(string keyId, string secret, string region, string service, string method, Uri address, string? contentType, ReadOnlySpan<byte> body, DateTimeOffset at)
    {
        if (address.Query.Length > 0) throw new ArgumentException("A query is not signed here.", nameof(address));
        var date = at.ToUniversalTime().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var scope = $"{date[..8]}/{region}/{service}/aws4_request";
        var (names, lines) = contentType is null ? ("host;x-amz-date", "") : ("content-type;host;x-amz-date", $"content-type:{contentType}\n");
        var request = $"{method}\n{address.AbsolutePath}\n\n{lines}host:{address.Authority}\nx-amz-date:{date}\n\n{names}\n{Hash(body)}";
        var toSign = $"{Algorithm}\n{date}\n{scope}\n{Hash(Encoding.UTF8.GetBytes(request))}";
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Key(secret, date[..8], region, service), Encoding.UTF8.GetBytes(toSign)));
        return (date, $"{Algorithm} Credential={keyId}/{scope}, SignedHeaders={names}, Signature={signature}");
    }

    /// <summary>The key of a day, region and service.</summary>
    internal static byte[] Key(string secret, string day, string region, string service) =>
        Chain(Chain(Chain(Chain(Encoding.UTF8.GetBytes("AWS4" + secret), day), region), service), "aws4_request");

    private static byte[] Chain(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
