using System.Security.Cryptography;
using System.Text;

namespace Guildhall.Sandbox.Knet;

/// <summary>The one terminal this bank has given out, and its cipher: AES-128-CBC, key and start vector are the resource key, hex.</summary>
internal static class KnetTerminal
{
    public const string Id = "901001";
    public const string Password = "knetsandbox";
    private static readonly byte[] Key = "KnetSandboxKey16"u8.ToArray();

    public static string Seal(string text)
    {
        using var aes = Aes.Create();
        aes.Key = Key;
        return Convert.ToHexString(aes.EncryptCbc(Encoding.UTF8.GetBytes(text), Key));
    }

    public static string? Open(string hex)
    {
        try
        {
            using var aes = Aes.Create();
            aes.Key = Key;
            return Encoding.UTF8.GetString(aes.DecryptCbc(Convert.FromHexString(hex), Key));
        }
        catch (Exception wrong) when (wrong is CryptographicException or FormatException)
        {
            return null;
        }
    }
}
