using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Guildhall.Sandbox.Mpesa;

/// <summary>The only merchant that the simulated M-Pesa knows, and its key for passwords of initiators, made once per folder.</summary>
internal sealed class MpesaAccount : IDisposable
{
    public const string Key = "guildhall_sandbox_mpesa_key";
    public const string Secret = "guildhall_sandbox_mpesa_secret";
    public const string ShortCode = "174379";
    public const string PayoutShortCode = "600996";
    public const string Passkey = "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919";
    public const string Initiator = "testapi";
    public const string InitiatorPassword = "guildhall_sandbox_initiator";

    // Made when it is first needed: most tests never do.
    private readonly Lazy<(RSA Key, string Certificate)> made;

    public MpesaAccount(SandboxOptions options) => made = new(() => Make(Path.Combine(options.Data, "mpesa-key.pem"), Path.Combine(options.Data, "mpesa-certificate.pem")));

    public string Certificate => made.Value.Certificate;

    public void Dispose()
    {
        if (made.IsValueCreated) made.Value.Key.Dispose();
    }

    private static (RSA Key, string Certificate) Make(string kept, string shown)
    {
        var key = RSA.Create(2048);
        if (File.Exists(kept) && File.Exists(shown)) key.ImportFromPem(File.ReadAllText(kept));
        else
        {
            using var certificate = new CertificateRequest("CN=Guildhall sandbox", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(30));
            File.WriteAllText(kept, key.ExportPkcs8PrivateKeyPem());
            File.WriteAllText(shown, certificate.ExportCertificatePem());
        }

        return (key, File.ReadAllText(shown));
    }

    public static bool IsPassword(string password, string timestamp) => password == Convert.ToBase64String(Encoding.UTF8.GetBytes(ShortCode + Passkey + timestamp));

    public bool IsInitiator(string name, string credential)
    {
        try
        {
            return name == Initiator && Encoding.UTF8.GetString(made.Value.Key.Decrypt(Convert.FromBase64String(credential), RSAEncryptionPadding.Pkcs1)) == InitiatorPassword;
        }
        catch (Exception wrong) when (wrong is FormatException or CryptographicException)
        {
            return false;
        }
    }
}
