using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Guildhall.Messaging.Email.SendGrid;

/// <summary>The signed event webhook: ECDSA on P-256 with SHA-256 over the time in the header and the raw body, its last line end included; the signature is DER in base 64.</summary>
internal static class SendGridSignature
{
    private const int MostSignature = 120;
    private const string P256 = "1.2.840.10045.3.1.7";

    /// <summary>Whether this is a public key it can be checked with.</summary>
    public static bool IsKey(string key)
    {
        using var made = Key(key);
        return made is not null;
    }

    public static bool Holds(string key, string? timestamp, ReadOnlySpan<byte> body, string? signature)
    {
        Span<byte> der = stackalloc byte[MostSignature];
        if (timestamp is not { Length: > 0 and <= 20 } || signature is null || !Convert.TryFromBase64String(signature, der, out var length)) return false;
        using var made = Key(key);
        return made is not null && made.VerifyData([.. Encoding.UTF8.GetBytes(timestamp), .. body], der[..length], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    /// <summary>When it was signed; null when that is no time.</summary>
    public static DateTimeOffset? At(string? timestamp) =>
        long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    private static ECDsa? Key(string key)
    {
        var made = ECDsa.Create();
        try
        {
            made.ImportSubjectPublicKeyInfo(Convert.FromBase64String(key), out _);
            if (made.ExportParameters(includePrivateParameters: false).Curve.Oid.Value is P256) return made;
        }
        catch (Exception wrong) when (wrong is FormatException or CryptographicException) { }
        made.Dispose();
        return null;
    }
}
