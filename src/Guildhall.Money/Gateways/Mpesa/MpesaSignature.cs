using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Guildhall.Foundation;

namespace Guildhall.Money.Gateways.Mpesa;

/// <summary>What proves who we are to M-Pesa, and, since it signs nothing, the secret by which we know that an address was used that only it was told.</summary>
internal static class MpesaSignature
{
    private static readonly TimeSpan Nairobi = TimeSpan.FromHours(3);

    /// <summary>A moment as they write it: Nairobi's clock, which knows no summer.</summary>
    public static string Timestamp(DateTimeOffset at) => at.ToOffset(Nairobi).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);

    public static string Password(string shortCode, string passkey, string timestamp) => Convert.ToBase64String(Encoding.UTF8.GetBytes(shortCode + passkey + timestamp));

    /// <summary>The initiator's password, encrypted for the certificate (RSA, PKCS #1 v1.5). Each time another text.</summary>
    public static string SecurityCredential(string password, string certificate)
    {
        using var known = X509Certificate2.CreateFromPem(certificate);
        using var key = known.GetRSAPublicKey() ?? throw new CryptographicException("The certificate has no RSA key.");
        return Convert.ToBase64String(key.Encrypt(Encoding.UTF8.GetBytes(password), RSAEncryptionPadding.Pkcs1));
    }

    /// <summary>The secret in a callback's address: it names one payment or refund with all that the address says.</summary>
    public static string Seal(byte[] key, params string[] said) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(string.Join('|', said))));

    public static bool Holds(string? seal, byte[] key, params string[] said) =>
        seal is { Length: 64 } && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(seal), Encoding.UTF8.GetBytes(Seal(key, said)));
}

/// <summary>Amounts: whole shillings only.</summary>
internal static class MpesaAmounts
{
    public static readonly Currency Kes = Currency.Of("KES");

    /// <summary>Digits for the wire, or null for what M-Pesa cannot move: another currency, cents, nothing.</summary>
    public static string? Write(Amount amount) =>
        amount.Currency == Kes && amount.IsPositive && amount.Minor % 100 == 0 ? (amount.Minor / 100).ToString(CultureInfo.InvariantCulture) : null;

    /// <summary>A number of theirs, such as 150, 150.00 or "150".</summary>
    public static bool TryRead(string? text, out Amount amount) => Amount.TryParse(text, Kes, CultureInfo.InvariantCulture, out amount) && !text!.Contains(',', StringComparison.Ordinal);
}

/// <summary>Numbers that can be asked.</summary>
internal static class MpesaPhone
{
    /// <summary>A Kenyan mobile number as M-Pesa wants it, 254 and nine digits; null when it is none.</summary>
    public static string? Of(string? digits)
    {
        var number = digits is ['0', .. var rest] && rest.Length == 9 ? "254" + rest : digits;
        return number is { Length: 12 } && number.StartsWith("254", StringComparison.Ordinal) && number[3] is '7' or '1' && number.All(char.IsAsciiDigit) ? number : null;
    }
}
