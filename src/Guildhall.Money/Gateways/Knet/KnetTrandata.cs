using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace Guildhall.Money.Gateways.Knet;

/// <summary>AES-128-CBC with PKCS #7 padding; the 16 ASCII bytes of the resource key are key and start vector at once; written as hex. There is no proof of
/// who wrote it. What is decrypted is taken whole or not at all, and every "no" looks the same: told apart, the answers would decrypt for whoever asks.</summary>
internal static class KnetTrandata
{
    private const int Block = 16, MostHex = 16 * 1024;

    public static bool IsKey(string key) => key.Length == Block && key.All(c => c is > ' ' and < (char)127);

    public static string Encrypt(string text, string key)
    {
        using var aes = Aes(key);
        return Convert.ToHexStringLower(aes.EncryptCbc(Encoding.UTF8.GetBytes(text), aes.Key));
    }

    /// <summary>The text, or null when it is not hex of whole blocks in any case, the padding is wrong, or it is no text (UTF-8 without control characters).</summary>
    public static string? Decrypt(string? hex, string key)
    {
        if (hex is null || hex.Length is 0 or > MostHex || hex.Length % (2 * Block) != 0 || !hex.All(char.IsAsciiHexDigit)) return null;
        using var aes = Aes(key);
        var plain = aes.DecryptCbc(Convert.FromHexString(hex), aes.Key, PaddingMode.None);
        var (padding, wrong) = (plain[^1], 0);
        if (padding is 0 or > Block) (padding, wrong) = (Block, 1);
        for (var i = 1; i <= Block; i++) wrong |= i <= padding ? plain[^i] ^ padding : 0;
        var text = plain.AsSpan(0, plain.Length - padding);
        foreach (var letter in text) wrong |= letter is < 32 or 127 ? 1 : 0;
        wrong |= Utf8.IsValid(text) ? 0 : 1;
        return wrong == 0 ? Encoding.UTF8.GetString(text) : null;
    }

    private static Aes Aes(string key)
    {
        var aes = System.Security.Cryptography.Aes.Create();
        aes.Key = Encoding.ASCII.GetBytes(key);
        return aes;
    }
}
