using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Guildhall.Sandbox.PayPal;

/// <summary>Signs deliveries with a key made at this start, whose certificate stands at the address that each delivery names.</summary>
internal sealed class PayPalSigner(SandboxOptions options) : IDisposable
{
    private readonly Lazy<X509Certificate2> made = new(Make);

    private string Name => "CERT-" + made.Value.Thumbprint[..24].ToLowerInvariant();

    public string? Find(string name) => name == Name ? made.Value.ExportCertificatePem() : null;

    public IEnumerable<(string Name, string Value)> Headers(byte[] body, DateTimeOffset now)
    {
        var (id, time) = (Guid.NewGuid().ToString(), PayPalWire.Time(now));
        var signed = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}|{time}|{options.PayPal.WebhookId}|{Crc32(body)}"));
        using var key = made.Value.GetRSAPrivateKey()!;
        return
        [
            ("PAYPAL-TRANSMISSION-ID", id), ("PAYPAL-TRANSMISSION-TIME", time), ("PAYPAL-AUTH-ALGO", "SHA256withRSA"),
            ("PAYPAL-CERT-URL", $"{options.Listen}/v1/notifications/certs/{Name}"),
            ("PAYPAL-TRANSMISSION-SIG", Convert.ToBase64String(key.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))),
            ("User-Agent", "PayPal/AUHD-214.0-58843806"),
        ];
    }

    public void Dispose()
    {
        if (made.IsValueCreated) made.Value.Dispose();
    }

    private static X509Certificate2 Make()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=messageverificationcerts.sandbox.test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(20));
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
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
