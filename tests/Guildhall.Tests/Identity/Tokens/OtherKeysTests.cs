using System.Security.Cryptography;
using Guildhall.Identity.Tokens;
using Guildhall.Web.Host;
using Net.Pkcs11Interop.Common;

namespace Guildhall.Tests.Identity.Tokens;

/// <summary>Nodes that sign by RSA and whose keys a real PKCS #11 module (SoftHSM) wraps.</summary>
public sealed class OtherKeysWorld : NodesOnly
{
    private readonly SoftHsm _module = new();

    internal override HostSettings Configure(HostSettings settings, int node) => settings with { TokenAlgorithm = "RS256", KeyModule = _module.Options };

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _module.Dispose();
        GC.SuppressFinalize(this);
    }
}

public sealed class OtherKeysTests(OtherKeysWorld world) : IClassFixture<OtherKeysWorld>
{
    [Fact]
    [Covers("I-3", "asvs-11.2.3")]
    public async Task Rsa_keys_of_3072_bits_sign_and_are_published()
    {
        var person = await world.Person();
        for (var node = 0; node < 2; node++) { person.OnlyNode = node; (await person.Get("me")).Must(); }
        var key = (await world.Visitor().Get("/.well-known/jwks.json")).Must().At("keys.0");
        key.EnumerateObject().Select(m => m.Name).ShouldBe(["kty", "n", "e", "use", "alg", "kid"]);
        System.Buffers.Text.Base64Url.DecodeFromChars(key.GetProperty("n").GetString()).Length.ShouldBe(384);
        key.GetProperty("alg").GetString().ShouldBe("RS256");
        (await JoseTests.Verify(world, person.Token!)).GetProperty("alg").GetString().ShouldBe("RS256");
    }

    [Fact]
    [Covers("I-3", "identity-11", "asvs-9.1.1")]
    public async Task The_algorithm_is_the_keys_and_not_the_headers()
    {
        var person = await world.Person();
        var parts = person.Token!.Split('.');
        var header = System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(parts[0])).Replace("RS256", "ES256", StringComparison.Ordinal);
        person.Token = $"{System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(header))}.{parts[1]}.{parts[2]}";
        (await person.Get("me")).MustRefuse(IdentityRefusals.InvalidToken);
    }

    [Fact]
    [Covers("I-3", "identity-57")]
    public async Task The_module_wraps_what_only_it_can_open_and_only_in_its_own_row()
    {
        var (kid, wrapped, by) = (await world.Database.Value<string>("select kid from identity.signing_keys where state = 'active'"),
            await world.Database.Value<byte[]>("select sealed_key from identity.signing_keys where state = 'active'"), await world.Database.Value<string>("select sealed_by from identity.signing_keys where state = 'active'"));
        by.ShouldBe("pkcs11");
        var maker = world.Get<KeyMaker>();
        maker.Unwrap(by, kid, wrapped).ShouldBe(world.Get<SigningKeys>().Active.PrivateKey);
        Should.Throw<CryptographicException>(() => maker.Unwrap(by, "another", wrapped));
        wrapped[^1] ^= 1;
        Should.Throw<CryptographicException>(() => maker.Unwrap(by, kid, wrapped));
        Should.Throw<CryptographicException>(() => new MasterKeyWrap(world.Get<IdentityOptions>().Master).Unwrap(kid, wrapped));
    }

    [Fact]
    [Covers("I-3", "asvs-11.2.2")]
    public void Keys_of_the_master_key_stay_good_when_a_module_takes_over()
    {
        var before = new KeyMaker("ES256", new MasterKeyWrap(world.Get<IdentityOptions>().Master), new MasterKeyWrap(world.Get<IdentityOptions>().Master)).Make();
        world.Get<KeyMaker>().Unwrap(before.WrappedBy, before.Kid, before.Wrapped).Length.ShouldBeGreaterThan(100);
    }
}

/// <summary>A token of SoftHSM in a folder of its own, with an AES key that cannot be taken out.</summary>
internal sealed class SoftHsm : IDisposable
{
    private static readonly string[] Places = ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so", "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so"];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("guildhall-hsm-");

    public SoftHsm()
    {
        var module = Places.FirstOrDefault(File.Exists) ?? throw new InvalidOperationException("SoftHSM is not installed: ./test installs it (package softhsm2).");
        var tokens = _folder.CreateSubdirectory("tokens");
        File.WriteAllText(Path.Combine(_folder.FullName, "softhsm2.conf"), $"directories.tokendir = {tokens.FullName}\nobjectstore.backend = file\nlog.level = ERROR\n");
        // The library reads the process's own environment, which .NET keeps a copy of.
        SetEnvironment("SOFTHSM2_CONF", Path.Combine(_folder.FullName, "softhsm2.conf"), 1);
        Options = new KeyModuleOptions(module, "guildhall-test", "493817", "guildhall");
        MakeToken();
    }

    public KeyModuleOptions Options { get; }

    public void Dispose() => _folder.Delete(recursive: true);

    private void MakeToken()
    {
        using var library = Pkcs11KeyWrap.Load(Options.Module);
        library.GetSlotList(SlotsType.WithOrWithoutTokenPresent)[0].InitToken("officer-1", Options.Token);
        var slot = library.GetSlotList(SlotsType.WithTokenPresent).Single(s => s.GetTokenInfo().Label.Trim() == Options.Token);
        using var session = slot.OpenSession(SessionType.ReadWrite);
        session.Login(CKU.CKU_SO, "officer-1");
        session.InitPin(Options.Pin);
        session.Logout();
        session.Login(CKU.CKU_USER, Options.Pin);
        var attributes = session.Factories.ObjectAttributeFactory;
        using var generate = session.Factories.MechanismFactory.Create(CKM.CKM_AES_KEY_GEN);
        session.GenerateKey(generate, [attributes.Create(CKA.CKA_TOKEN, true), attributes.Create(CKA.CKA_LABEL, Options.Key), attributes.Create(CKA.CKA_VALUE_LEN, 32UL),
            attributes.Create(CKA.CKA_ENCRYPT, true), attributes.Create(CKA.CKA_DECRYPT, true), attributes.Create(CKA.CKA_SENSITIVE, true), attributes.Create(CKA.CKA_EXTRACTABLE, false)]);
        session.Logout();
    }

    [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "setenv", CharSet = System.Runtime.InteropServices.CharSet.Ansi)]
    private static extern int SetEnvironment(string name, string value, int overwrite);
}
