using System.Globalization;
using System.Security.Cryptography;
using Guildhall.Sandbox.Aws;
using Microsoft.AspNetCore.Http.Features;

namespace Guildhall.Sandbox.S3;

/// <summary>Why S3 does not take a request.</summary>
internal sealed record S3Refusal(int Status, string Code, string Message);

/// <summary>Whether a request is signed with Signature Version 4, in its headers or in its address. Worked out from the bytes that came, as they came.</summary>
internal static class S3Check
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(15);

    public static S3Refusal? Run(HttpContext http, byte[] body)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?', 2);
        var query = target.Length < 2 ? [] : target[1].Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=', 2)).Select(p => (Name: p[0], Value: p.Length > 1 ? p[1] : "")).ToArray();
        string? InQuery(string name) => query.Where(q => q.Name == name).Select(q => Uri.UnescapeDataString(q.Value)).FirstOrDefault();
        return InQuery("X-Amz-Signature") is { } signature
            ? Address(http, target[0], query, InQuery, signature)
            : Headers(http, body, target[0], query);
    }

    private static S3Refusal? Address(HttpContext http, string path, (string Name, string Value)[] query, Func<string, string?> inQuery, string signature)
    {
        if (inQuery("X-Amz-Algorithm") is not "AWS4-HMAC-SHA256" || inQuery("X-Amz-SignedHeaders") is not { } names || inQuery("X-Amz-Credential") is not { } credential)
            return new(400, "AuthorizationQueryParametersError", "Query-string authentication version 4 requires its parameters.");
        if (!int.TryParse(inQuery("X-Amz-Expires"), NumberStyles.None, CultureInfo.InvariantCulture, out var lasts) || lasts is < 1 or > 604800)
            return new(400, "AuthorizationQueryParametersError", "X-Amz-Expires must be between 1 and 604800 seconds");
        if (At(inQuery("X-Amz-Date")) is not { } at) return new(400, "AuthorizationQueryParametersError", "X-Amz-Date must be in the ISO8601 Long Format.");
        if (TimeProvider.System.GetUtcNow() > at.AddSeconds(lasts)) return new(403, "AccessDenied", "Request has expired");
        if (at - Skew > TimeProvider.System.GetUtcNow()) return new(403, "AccessDenied", "Request is not yet valid");
        return Signed(http, path, query.Where(q => q.Name != "X-Amz-Signature"), names, credential, signature, inQuery("X-Amz-Date")!, "UNSIGNED-PAYLOAD");
    }

    private static S3Refusal? Headers(HttpContext http, byte[] body, string path, (string Name, string Value)[] query)
    {
        var parts = http.Request.Headers.Authorization.ToString().Split(' ', 2) is ["AWS4-HMAC-SHA256", var rest]
            ? rest.Split(',', StringSplitOptions.TrimEntries).Select(p => p.Split('=', 2)).Where(p => p.Length == 2).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal) : [];
        if (!parts.TryGetValue("Credential", out var credential) || !parts.TryGetValue("SignedHeaders", out var names) || !parts.TryGetValue("Signature", out var signature))
            return new(403, "AccessDenied", "Access Denied");
        var (date, hash) = (http.Request.Headers["x-amz-date"].ToString(), http.Request.Headers["x-amz-content-sha256"].ToString());
        if (At(date) is not { } at) return new(403, "AccessDenied", "AWS authentication requires a valid Date or x-amz-date header");
        if ((TimeProvider.System.GetUtcNow() - at).Duration() > Skew) return new(403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.");
        if (hash.Length == 0) return new(400, "MissingSecurityHeader", "Missing required header for this request: x-amz-content-sha256");
        if (hash is not "UNSIGNED-PAYLOAD" && hash != Convert.ToHexStringLower(SHA256.HashData(body)))
            return new(400, "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.");
        return Signed(http, path, query, names, credential, signature, date, hash);
    }

    private static S3Refusal? Signed(HttpContext http, string path, IEnumerable<(string Name, string Value)> query, string names, string credential, string signature, string date, string hash)
    {
        if (credential.Split('/') is not [S3Account.KeyId, { Length: 8 } day, S3Account.Region, "s3", "aws4_request"]) return new(403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.");
        var signed = names.Split(';');
        if (!signed.Contains("host", StringComparer.Ordinal) || http.Request.Headers.Any(h => h.Key.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase) && !signed.Contains(h.Key.ToLowerInvariant(), StringComparer.Ordinal)))
            return new(403, "AccessDenied", "There were headers present in the request which were not signed");
        var canonical = string.Join('\n', http.Request.Method, path,
            string.Join('&', query.OrderBy(q => q.Name, StringComparer.Ordinal).ThenBy(q => q.Value, StringComparer.Ordinal).Select(q => $"{q.Name}={q.Value}")),
            string.Concat(signed.Select(n => $"{n}:{http.Request.Headers[n].ToString().Trim()}\n")), names, hash);
        var scope = string.Join('/', day, S3Account.Region, "s3", "aws4_request");
        var right = AwsSecret.Signs(S3Account.Secret, date, scope, canonical);
        return right == signature && date.StartsWith(day, StringComparison.Ordinal) ? null
            : new(403, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your key and signing method.");
    }

    private static DateTimeOffset? At(string? text) =>
        DateTimeOffset.TryParseExact(text, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
}
