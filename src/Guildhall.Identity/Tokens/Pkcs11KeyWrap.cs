using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Guildhall.Identity.Tokens;

/// <summary>Where the wrapping key of a hardware security module, or of a cloud's key service with a PKCS #11 library, is found.</summary>
/// <param name="Module">Path of the library.</param>
/// <param name="Token">Label of the token.</param>
/// <param name="Pin">The user's PIN.</param>
/// <param name="Key">Label of an AES key of 256 bits on the token that may encrypt and decrypt.</param>
public sealed record KeyModuleOptions(string Module, string Token, string Pin, string Key);

/// <summary>By an AES-256 key that never leaves a security module (PKCS #11, CKM_AES_GCM). Layout: version, 12-byte nonce, ciphertext with its 16-byte tag.
/// One session, used by one thread at a time: keys are wrapped once a month and unwrapped when a node meets them.</summary>
internal sealed class Pkcs11KeyWrap : IKeyWrap, IDisposable
{
    private const byte Version = 1;
    private const int NonceBytes = 12, TagBits = 128;
    private readonly Lock _gate = new();
    private readonly IPkcs11Library _library;
    private readonly ISession _session;
    private readonly IObjectHandle _key;

    // The package asks the loader for `libdl`, which Linux has under the name of its version only.
    static Pkcs11KeyWrap() => NativeLibrary.SetDllImportResolver(typeof(IPkcs11Library).Assembly,
        (name, assembly, path) => name is "libdl" && OperatingSystem.IsLinux() ? NativeLibrary.Load("libdl.so.2", assembly, path) : nint.Zero);

    internal static IPkcs11Library Load(string module)
    {
        var factories = new Pkcs11InteropFactories();
        return factories.Pkcs11LibraryFactory.LoadPkcs11Library(factories, module, AppType.MultiThreaded);
    }

    public Pkcs11KeyWrap(KeyModuleOptions options)
    {
        _library = Load(options.Module);
        var slot = _library.GetSlotList(SlotsType.WithTokenPresent).FirstOrDefault(s => string.Equals(s.GetTokenInfo().Label.Trim(), options.Token, StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"The security module has no token with the label {options.Token}.");
        _session = slot.OpenSession(SessionType.ReadOnly);
        try { _session.Login(CKU.CKU_USER, options.Pin); }
        catch (Pkcs11Exception problem) when (problem.RV is CKR.CKR_USER_ALREADY_LOGGED_IN) { } // of the whole process, by another part of it
        var attributes = _session.Factories.ObjectAttributeFactory;
        _key = _session.FindAllObjects([attributes.Create(CKA.CKA_CLASS, CKO.CKO_SECRET_KEY), attributes.Create(CKA.CKA_LABEL, options.Key)]) is [var only]
            ? only : throw new InvalidOperationException($"The token {options.Token} must hold exactly one secret key with the label {options.Key}.");
    }

    public string Name => "pkcs11";

    public byte[] Wrap(string context, byte[] key)
    {
        var nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        lock (_gate)
        {
            using var parameters = Parameters(nonce, context);
            using var mechanism = _session.Factories.MechanismFactory.Create(CKM.CKM_AES_GCM, parameters);
            return [Version, .. nonce, .. _session.Encrypt(mechanism, _key, key)];
        }
    }

    public byte[] Unwrap(string context, byte[] wrapped)
    {
        if (wrapped.Length <= 1 + NonceBytes || wrapped[0] != Version) throw new CryptographicException("Not wrapped by this product.");
        lock (_gate)
        {
            using var parameters = Parameters(wrapped[1..(1 + NonceBytes)], context);
            using var mechanism = _session.Factories.MechanismFactory.Create(CKM.CKM_AES_GCM, parameters);
            try { return _session.Decrypt(mechanism, _key, wrapped[(1 + NonceBytes)..]); }
            catch (Pkcs11Exception problem) { throw new CryptographicException($"The security module does not open the key: {problem.RV}.", problem); }
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        _library.Dispose();
    }

    private Net.Pkcs11Interop.HighLevelAPI.MechanismParams.ICkGcmParams Parameters(byte[] nonce, string context) =>
        _session.Factories.MechanismParamsFactory.CreateCkGcmParams(nonce, (ulong)nonce.Length * 8, Encoding.UTF8.GetBytes(context), TagBits);
}
