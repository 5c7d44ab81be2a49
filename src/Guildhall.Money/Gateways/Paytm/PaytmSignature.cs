using System.Security.Cryptography;
using System.Text;

namespace Guildhall.Money.Gateways.Paytm;

/// <summary>Paytm's checksum: SHA-256 of the text, a bar and four characters of salt, in hex, then the salt; encrypted with the merchant key (AES-CBC, a vector that
/// everybody knows), in base 64. Who holds the key made it.</summary>
internal static class PaytmSignature
{
    private const int SaltLength = 4, HashLength = 64;
    private static readonly byte[] Vector = "@@@@&&&&####$$$$"u8.ToArray();

    /// <summary>Whether it can be a merchant key: 16, 24 or 32 bytes.</summary>
    public static bool IsKey(string key) => Encoding.UTF8.GetByteCount(key) is 16 or 24 or 32;

    /// <param name="salt">Four characters; random ones when absent.</param>
    public static string Make(string text, string key, string? salt = null)
    {
        salt ??= Convert.ToBase64String(RandomNumberGenerator.GetBytes(3));
        using var aes = Aes.Create();
        aes.Key = Encoding.UTF8.GetBytes(key);
        return Convert.ToBase64String(aes.EncryptCbc(Encoding.UTF8.GetBytes(Hash(text, salt) + salt), Vector));
    }

    public static bool Holds(string text, string key, string? checksum)
    {
        if (checksum is not { Length: >= 24 and <= 400 } || !IsKey(key)) return false;
        Span<byte> sealedText = stackalloc byte[300];
        if (!Convert.TryFromBase64String(checksum, sealedText, out var length)) return false;
        byte[] plain;
        try
        {
            using var aes = Aes.Create();
            aes.Key = Encoding.UTF8.GetBytes(key);
            plain = aes.DecryptCbc(sealedText[..length], Vector);
        }
        catch (CryptographicException) { return false; }
        if (plain.Length != HashLength + SaltLength) return false;
        var salt = Encoding.Latin1.GetString(plain.AsSpan(HashLength));
        return CryptographicOperations.FixedTimeEquals(plain.AsSpan(0, HashLength), Encoding.ASCII.GetBytes(Hash(text, salt)));
    }

    /// <summary>Fields of a form as they are signed: without the checksum, by name, values joined by bars. Names come in the order of their characters' numbers.</summary>
    public static string Join(IEnumerable<KeyValuePair<string, string?>> fields) =>
        string.Join('|', fields.Where(f => f.Key is not "CHECKSUMHASH").OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => f.Value ?? ""));

    private static string Hash(string text, string salt) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text + "|" + salt)));
}
