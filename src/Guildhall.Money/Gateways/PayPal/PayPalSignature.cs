using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Guildhall.Money.Gateways.PayPal;

/// <summary>What the headers of a message say about who signed it.</summary>
internal sealed record PayPalSignature(string Transmission, string Time, string Signature, string CertificateUrl)
{
    private const int MostId = 200, MostSignature = 2000, MostUrl = 500;

    /// <summary>Null when one is missing, too long, or there is another algorithm than the one PayPal names.</summary>
    public static PayPalSignature? Of(IHeaderDictionary headers)
    {
        return (One("PAYPAL-TRANSMISSION-ID"), One("PAYPAL-TRANSMISSION-TIME"), One("PAYPAL-TRANSMISSION-SIG"), One("PAYPAL-CERT-URL"), One("PAYPAL-AUTH-ALGO")) is
            ({ Length: <= MostId } id, { Length: <= MostId } time, { Length: <= MostSignature } signature, { Length: <= MostUrl } url, "SHA256withRSA")
            ? new(id, time, signature, url) : null;

        // A header that came twice is none.
        string? One(string name) => headers[name] is [{ Length: > 0 } only] ? only : null;
    }

    /// <summary>RSA PKCS#1 v1.5 with SHA-256 over <c>transmission|time|webhook id|CRC-32 of the raw body</c>. The webhook id is ours, never the message's.</summary>
    public bool Holds(ReadOnlySpan<byte> body, string webhookId, X509Certificate2 certificate)
    {
        var signature = new byte[MostSignature];
        if (!Convert.TryFromBase64String(Signature, signature, out var length)) return false;
        using var key = certificate.GetRSAPublicKey();
        var signed = string.Create(CultureInfo.InvariantCulture, $"{Transmission}|{Time}|{webhookId}|{Crc32(body)}");
        return key is not null && key.VerifyData(Encoding.UTF8.GetBytes(signed), signature.AsSpan(0, length), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    /// <summary>The checksum of zip and PNG: reflected polynomial EDB88320.</summary>
    internal static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
        }
        return ~crc;
    }
}
