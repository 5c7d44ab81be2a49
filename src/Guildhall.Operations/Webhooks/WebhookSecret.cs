using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Guildhall.Foundation.Security;

namespace Guildhall.Operations.Webhooks;

/// <summary>Secrets and signatures of Standard Webhooks (standardwebhooks.com, version 1): <c>whsec_</c> and 32 random bytes in base 64; HMAC-SHA256 over
/// <c>id.timestamp.body</c>.</summary>
public static class WebhookSecret
{
    private const string Mark = "whsec_", Purpose = "webhook-endpoint-secret";

    internal static string New() => Mark + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    internal static byte[] Seal(MasterKey key, WebhookEndpointId endpoint, string secret) => key.Seal(Purpose, endpoint.ToString(), Encoding.UTF8.GetBytes(secret));

    internal static string Open(MasterKey key, WebhookEndpointId endpoint, byte[] sealedSecret) => Encoding.UTF8.GetString(key.Open(Purpose, endpoint.ToString(), sealedSecret));

    /// <summary>The value of <c>webhook-signature</c>: one signature for each secret in force, the newest first.</summary>
    internal static string Sign(IEnumerable<string> secrets, string id, DateTimeOffset at, string body) =>
        string.Join(' ', secrets.Select(secret => "v1," + Convert.ToBase64String(HMACSHA256.HashData(
            Convert.FromBase64String(secret[Mark.Length..]), Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{at.ToUnixTimeSeconds()}.{body}"))))));
}
