using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Guildhall.Foundation.Http;

/// <summary>AWS Signature Version 4: the request in one way of writing, hashed, under a key of the day, the region and the service.</summary>
/// <param name="KeyId">Which key it is.</param>
/// <param name="Secret">Never sent.</param>
/// <param name="Service">As in the signature, <c>s3</c>; the host may call it otherwise.</param>
public sealed record AwsSignature(string KeyId, string Secret, string Region, string Service)
{
    private const string Unsigned = "UNSIGNED-PAYLOAD";
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>The value of <c>Authorization</c> for these headers (lower case names, <c>host</c> and <c>x-amz-date</c> among them).</summary>
    public string Authorize(string method, string path, IReadOnlyList<KeyValuePair<string, string>> query, IReadOnlyDictionary<string, string> headers, string payloadHash, DateTimeOffset at) =>
        $"{Algorithm} Credential={KeyId}/{Scope(at)}, SignedHeaders={Names(headers)}, Signature={Sign(method, path, query, headers, payloadHash, at)}";

    /// <summary>The query of an address that does one thing until it ends: whoever has it sends these headers exactly.</summary>
    public string Presign(string method, string path, IReadOnlyDictionary<string, string> headers, DateTimeOffset at, TimeSpan lasts)
    {
        List<KeyValuePair<string, string>> query =
        [
            new("X-Amz-Algorithm", Algorithm), new("X-Amz-Credential", $"{KeyId}/{Scope(at)}"), new("X-Amz-Date", Stamp(at)),
            new("X-Amz-Expires", ((long)lasts.TotalSeconds).ToString(CultureInfo.InvariantCulture)), new("X-Amz-SignedHeaders", Names(headers)),
        ];
        return $"{Query(query)}&X-Amz-Signature={Sign(method, path, query, headers, Unsigned, at)}";
    }

    /// <summary>Hexadecimal, lower case.</summary>
    internal string Sign(string method, string path, IReadOnlyList<KeyValuePair<string, string>> query, IReadOnlyDictionary<string, string> headers, string payloadHash, DateTimeOffset at)
    {
        var request = string.Join('\n', method, Path(path), Query(query),
            string.Concat(headers.OrderBy(h => h.Key, StringComparer.Ordinal).Select(h => $"{h.Key}:{Folded(h.Value)}\n")), Names(headers), payloadHash);
        var toSign = string.Join('\n', Algorithm, Stamp(at), Scope(at), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request))));
        return Convert.ToHexStringLower(Mac(Key(at), toSign));
    }

    /// <summary>The key of a day, region and service.</summary>
    internal byte[] Key(DateTimeOffset at) => new[] { Day(at), Region, Service, "aws4_request" }.Aggregate(Encoding.UTF8.GetBytes("AWS4" + Secret), Mac);

    /// <summary>The value of <c>x-amz-date</c>.</summary>
    public static string Stamp(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Each part of a path once, the slashes kept: what S3 wants. (Others want it twice, which is the same for the paths we call.)</summary>
    public static string Path(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    private static string Query(IEnumerable<KeyValuePair<string, string>> query) => string.Join('&',
        query.Select(q => (Name: Uri.EscapeDataString(q.Key), Value: Uri.EscapeDataString(q.Value))).OrderBy(q => q.Name, StringComparer.Ordinal).ThenBy(q => q.Value, StringComparer.Ordinal)
            .Select(q => $"{q.Name}={q.Value}"));

    private static string Names(IReadOnlyDictionary<string, string> headers) => string.Join(';', headers.Keys.Order(StringComparer.Ordinal));

    private static string Folded(string value) => string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private string Scope(DateTimeOffset at) => $"{Day(at)}/{Region}/{Service}/aws4_request";

    private static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
