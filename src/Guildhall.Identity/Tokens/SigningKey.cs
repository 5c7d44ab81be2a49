using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Guildhall.Identity.Tokens;

/// <summary>One key: ECDSA on P-256 (<c>ES256</c>), or RSA of 3072 bits (<c>RS256</c>), both of 128-bit strength. Key objects are not promised to be safe for
/// several threads, so each use borrows one.</summary>
internal sealed record SigningKey(string Kid, string Algorithm, bool IsActive, byte[] PublicKey, byte[] PrivateKey)
{
    public const string Es256 = "ES256", Rs256 = "RS256";
    private const int RsaBits = 3072;
    private readonly ConcurrentBag<AsymmetricAlgorithm> _idle = [];

    /// <summary>Its two halves, fresh: SubjectPublicKeyInfo and PKCS #8.</summary>
    public static (byte[] Public, byte[] Private) Make(string algorithm)
    {
        using AsymmetricAlgorithm key = algorithm is Rs256 ? RSA.Create(RsaBits) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return (key.ExportSubjectPublicKeyInfo(), key.ExportPkcs8PrivateKey());
    }

    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        var key = Borrow();
        try
        {
            return key is RSA rsa ? rsa.SignData(data.ToArray(), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                : ((ECDsa)key).SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        finally { _idle.Add(key); }
    }

    public bool Verifies(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != (Algorithm is Rs256 ? RsaBits / 8 : 64)) return false;
        if (Algorithm is Es256 && (!signature[..32].ContainsAnyExcept((byte)0) || !signature[32..].ContainsAnyExcept((byte)0))) return false; // CVE-2022-21449
        var key = Borrow();
        try
        {
            return key is RSA rsa ? rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                : ((ECDsa)key).VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        finally { _idle.Add(key); }
    }

    private AsymmetricAlgorithm Borrow()
    {
        if (_idle.TryTake(out var idle)) return idle;
        AsymmetricAlgorithm key = Algorithm is Rs256 ? RSA.Create() : ECDsa.Create();
        key.ImportPkcs8PrivateKey(PrivateKey, out _);
        return key;
    }
}
