using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Guildhall.Sandbox.Webhooks;

/// <summary><c>Stripe-Signature: t=…,v1=…</c>, HMAC-SHA256 with the whole secret text over "t", a dot and the raw body.</summary>
internal static class SignWebhook
{
    public static string Header(string secret, byte[] body, long timestamp)
    {
        var t = timestamp.ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes(t + "."), .. body];
        return $"t={t},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed))}";
    }
}
