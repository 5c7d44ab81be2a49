using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Guildhall.Money.Gateways.Stripe;

/// <summary>Stripe-Signature: <c>t=unix,v1=hex</c>. HMAC-SHA256 over "t.body" on the raw bytes with the whole endpoint secret as key; any v1 may match
/// any of our secrets (two during a rotation); other schemes are ignored; at most 300 s old or ahead.</summary>
internal static class StripeSignature
{
    private const int ToleranceSeconds = 300;
    private const long MaxTime = 253402300799; // the year 9999

    public static bool Holds(string? header, ReadOnlySpan<byte> body, IReadOnlyList<string> secrets, DateTimeOffset now) =>
        SecondsOff(header, body, secrets, now) is { } off && IsFresh(off);

    public static bool IsFresh(long secondsOff) => secondsOff is >= -ToleranceSeconds and <= ToleranceSeconds;

    /// <summary>How long ago it was signed, when it was; null when the signature does not hold.</summary>
    public static long? SecondsOff(string? header, ReadOnlySpan<byte> body, IReadOnlyList<string> secrets, DateTimeOffset now)
    {
        if (header is null || header.Length > 2000) return null;
        string? time = null;
        var signatures = new List<byte[]>();
        foreach (var part in header.Split(','))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            if (at < 0) continue;
            var (name, value) = (part[..at].Trim(), part[(at + 1)..].Trim());
            if (name is "t") time ??= value;
            else if (name is "v1" && value.Length == 64 && signatures.Count < 20) signatures.Add(Encoding.ASCII.GetBytes(value));
        }
        if (time is null || !long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var sent) || sent > MaxTime) return null;

        var signed = new byte[time.Length + 1 + body.Length];
        Encoding.ASCII.GetBytes(time, signed);
        signed[time.Length] = (byte)'.';
        body.CopyTo(signed.AsSpan(time.Length + 1));
        var holds = false;
        foreach (var secret in secrets)
        {
            var expected = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret.Trim()), signed)));
            foreach (var signature in signatures) holds |= CryptographicOperations.FixedTimeEquals(signature, expected);
        }
        return holds ? now.ToUnixTimeSeconds() - sent : null;
    }
}
