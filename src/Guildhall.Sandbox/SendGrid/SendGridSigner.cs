using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Guildhall.Sandbox.SendGrid;

/// <summary>Signs event batches with a key that everybody can make: it protects nothing but the likeness.</summary>
internal sealed class SendGridSigner : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = SHA256.HashData("guildhall sandbox sendgrid"u8) });

    /// <summary>What the product must know it by.</summary>
    public string PublicKey => Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());

    public IEnumerable<(string Name, string Value)> Headers(byte[] body, long now)
    {
        var timestamp = now.ToString(CultureInfo.InvariantCulture);
        var signature = key.SignData([.. Encoding.UTF8.GetBytes(timestamp), .. body], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return
        [
            ("X-Twilio-Email-Event-Webhook-Timestamp", timestamp), ("X-Twilio-Email-Event-Webhook-Signature", Convert.ToBase64String(signature)), ("User-Agent", "SendGrid Event API"),
        ];
    }

    public void Dispose() => key.Dispose();
}
