using System.Security.Cryptography;
using System.Text;

namespace Guildhall.Sandbox.Paytm;

/// <summary>The only merchant that the simulated Paytm knows, and the checksum made with its key.</summary>
internal static class PaytmAccount
{
    public const string Mid = "GUILDH00000000000001";
    public const string Key = "guildhallSandbox";
    public const string Website = "WEBSTAGING";

    private static readonly byte[] Vector = Encoding.ASCII.GetBytes("@@@@&&&&####$$$$");

    public static string Sign(string text)
    {
        var salt = Convert.ToBase64String(RandomNumberGenerator.GetBytes(3));
        using var aes = Aes.Create();
        aes.Key = Encoding.ASCII.GetBytes(Key);
        return Convert.ToBase64String(aes.EncryptCbc(Encoding.UTF8.GetBytes(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{text}|{salt}"))) + salt), Vector));
    }

    public static bool Verify(string text, string checksum)
    {
        try
        {
            using var aes = Aes.Create();
            aes.Key = Encoding.ASCII.GetBytes(Key);
            var plain = Encoding.Latin1.GetString(aes.DecryptCbc(Convert.FromBase64String(checksum), Vector));
            return plain.Length == 68 && plain[..64] == Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{text}|{plain[64..]}")));
        }
        catch (Exception wrong) when (wrong is FormatException or CryptographicException)
        {
            return false;
        }
    }
}
