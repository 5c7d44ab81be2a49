using System.Security.Cryptography;
using System.Text;

namespace Guildhall.Foundation.Security;

/// <summary>The one secret of an installation: 32 bytes. Keys for each purpose are derived from it (HKDF-SHA256), data is sealed with AES-256-GCM
/// and bound to its purpose and context, so that a sealed value cannot be moved to another row.</summary>
public sealed class MasterKey
{
    private const byte Version = 1;
    private readonly byte[] _secret;

    public MasterKey(byte[] secret) => _secret = secret.Length == 32 ? secret : throw new ArgumentException("The master key has 32 bytes.", nameof(secret));

    /// <summary>A key for one purpose, for example a pepper.</summary>
    public byte[] Derive(string purpose, int bytes = 32) => HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret, bytes, info: Encoding.UTF8.GetBytes(purpose));

    /// <summary>Seals data for one purpose and context (the id of its row).</summary>
    public byte[] Seal(string purpose, string context, ReadOnlySpan<byte> plain) => SealWith(Derive(purpose), context, plain);

    /// <summary>Opens sealed data; throws <see cref="CryptographicException"/> when key, purpose, context or bytes differ.</summary>
    public byte[] Open(string purpose, string context, ReadOnlySpan<byte> data) => OpenWith(Derive(purpose), context, data);

    /// <summary>The same with a key of the caller's. Layout: version, 12-byte nonce, 16-byte tag, ciphertext.</summary>
    public static byte[] SealWith(byte[] key, string context, ReadOnlySpan<byte> plain)
    {
        var data = new byte[29 + plain.Length];
        data[0] = Version;
        RandomNumberGenerator.Fill(data.AsSpan(1, 12));
        using var aes = new AesGcm(key, 16);
        aes.Encrypt(data.AsSpan(1, 12), plain, data.AsSpan(29), data.AsSpan(13, 16), Encoding.UTF8.GetBytes(context));
        return data;
    }

    /// <inheritdoc cref="SealWith"/>
    public static byte[] OpenWith(byte[] key, string context, ReadOnlySpan<byte> data)
    {
        if (data.Length < 29 || data[0] != Version) throw new CryptographicException("Not sealed by this product.");
        var plain = new byte[data.Length - 29];
        using var aes = new AesGcm(key, 16);
        aes.Decrypt(data.Slice(1, 12), data[29..], data.Slice(13, 16), plain, Encoding.UTF8.GetBytes(context));
        return plain;
    }
}
