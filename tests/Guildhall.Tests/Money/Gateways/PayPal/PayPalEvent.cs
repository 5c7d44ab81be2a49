using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Guildhall.Money;
using Guildhall.Money.Gateways.PayPal;

namespace Guildhall.Tests.Money.Gateways.PayPal;

/// <summary>Messages as PayPal would send them, made and signed here, for what the sandbox does not do by itself.</summary>
internal sealed class PayPalEvent : IDisposable
{
    private readonly RSA _key = RSA.Create(2048);
    private readonly X509Certificate2 _certificate;

    public PayPalEvent() => _certificate = new CertificateRequest("CN=messages.test", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(20));

    public string Pem => _certificate.ExportCertificatePem();
    public string Name => _certificate.Thumbprint;

    public static string Capture(PaymentId payment, string value, string currency = "USD", string? id = null, string type = "PAYMENT.CAPTURE.COMPLETED", string status = "COMPLETED") =>
        Of(type, new { id = id ?? Guid.NewGuid().ToString("n")[..17].ToUpperInvariant(), status, amount = new { currency_code = currency, value }, custom_id = payment.ToString(), final_capture = true });

    public static string Refund(string custom, string value, string status = "COMPLETED", string type = "PAYMENT.CAPTURE.REFUNDED") =>
        Of(type, new { id = Guid.NewGuid().ToString("n")[..17].ToUpperInvariant(), status, amount = new { currency_code = "USD", value }, custom_id = custom });

    public static string Of(string type, object resource) => JsonSerializer.Serialize(new { id = $"WH-{Guid.NewGuid():n}", event_version = "1.0", event_type = type, resource_type = "capture", resource });

    public (string, string)[] Headers(string body, string webhook, string url)
    {
        var (id, time) = (Guid.NewGuid().ToString(), "2026-10-09T11:12:13Z");
        var signed = $"{id}|{time}|{webhook}|{PayPalSignature.Crc32(Encoding.UTF8.GetBytes(body))}";
        return
        [
            ("PAYPAL-TRANSMISSION-ID", id), ("PAYPAL-TRANSMISSION-TIME", time), ("PAYPAL-AUTH-ALGO", "SHA256withRSA"), ("PAYPAL-CERT-URL", url),
            ("PAYPAL-TRANSMISSION-SIG", Convert.ToBase64String(_key.SignData(Encoding.UTF8.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))),
        ];
    }

    public void Dispose()
    {
        _key.Dispose();
        _certificate.Dispose();
    }
}
