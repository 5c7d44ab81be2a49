using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Guildhall.Sandbox.Aws;

namespace Guildhall.Sandbox.Ses;

/// <summary>Checks signature version 4 as Amazon does: from what the request says it signed, with the secret of the key it names. Five minutes of difference are borne.</summary>
internal static partial class CheckSignature
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    public static SesRefusal? Run(HttpRequest request, byte[] body, DateTimeOffset now)
    {
        if (Said().Match(request.Headers.Authorization.ToString()) is not { Success: true } said || request.Headers["X-Amz-Date"] is not [{ Length: 16 } date]) return SesRefusal.Unsigned;
        string[] scope = said.Groups["scope"].Value.Split('/'), names = said.Groups["names"].Value.Split(';');
        if (scope is not [SesAccount.KeyId, var day, SesAccount.Region, "ses", "aws4_request"]) return SesRefusal.UnknownKey;
        if (!DateTimeOffset.TryParseExact(date, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) || day != date[..8]) return SesRefusal.WrongSignature;
        if ((now - at).Duration() > Tolerance) return SesRefusal.OutOfTime;
        if (!names.Contains("host", StringComparer.Ordinal) || !names.Contains("x-amz-date", StringComparer.Ordinal) || !names.SequenceEqual(names.Order(StringComparer.Ordinal), StringComparer.Ordinal)) return SesRefusal.WrongSignature;

        var canonical = new StringBuilder().Append(request.Method).Append('\n').Append(request.Path.Value).Append('\n').Append(request.QueryString.Value?.TrimStart('?')).Append('\n');
        foreach (var name in names) canonical.Append(name).Append(':').Append(request.Headers[name].ToString().Trim()).Append('\n');
        canonical.Append('\n').Append(said.Groups["names"].Value).Append('\n').Append(Convert.ToHexStringLower(SHA256.HashData(body)));
        return AwsSecret.Signs(SesAccount.Secret, date, string.Join('/', scope[1..]), canonical.ToString()) == said.Groups["signature"].Value ? null : SesRefusal.WrongSignature;
    }

    [GeneratedRegex("^AWS4-HMAC-SHA256 Credential=(?<scope>[^,]+), ?SignedHeaders=(?<names>[a-z0-9;-]+), ?Signature=(?<signature>[0-9a-f]{64})$", RegexOptions.None, 200)]
    private static partial Regex Said();
}
