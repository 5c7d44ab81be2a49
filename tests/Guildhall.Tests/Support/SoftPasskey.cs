using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Guildhall.Tests.Support;

/// <summary>A passkey made of software, for one account: an ES256 key, WebAuthn's bytes written by hand. What it does and what its browser says can be
/// bent to lie in every way that the server has to notice.</summary>
internal sealed class SoftPasskey(string origin, string domain = "localhost")
{
    private const byte Present = 0x01, Verified = 0x04, Attested = 0x40;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string Origin { get; set; } = origin;
    public string Domain { get; set; } = domain;
    public bool IsCrossOrigin { get; set; }
    public string? TopOrigin { get; set; }
    public bool ChecksItsPerson { get; set; } = true;
    public bool CheatsAtSigning { get; set; }

    /// <summary>Goes up at each use. Zero for ever: a synced passkey.</summary>
    public uint Count { get; set; } = 7;

    public bool Counts { get; set; } = true;
    public byte[] Id { get; set; } = RandomNumberGenerator.GetBytes(32);
    public string? UserHandle { get; set; }

    /// <summary>The answer of <c>navigator.credentials.create</c>.</summary>
    public object Creates(JsonElement options)
    {
        UserHandle = options.GetProperty("user").GetProperty("id").GetString();
        byte[] credential = [.. new byte[16], (byte)(Id.Length >> 8), (byte)Id.Length, .. Id, .. PublicKey()];
        return Credential(new
        {
            clientDataJSON = Text(ClientData("webauthn.create", options)), attestationObject = Text(WithoutAttestation(AuthenticatorData(Attested, credential))),
            transports = new[] { "internal", "<b>made up</b>" },
        });
    }

    /// <summary>The answer of <c>navigator.credentials.get</c>.</summary>
    public object Signs(JsonElement options)
    {
        if (Counts) Count++;
        var (client, data) = (ClientData("webauthn.get", options), AuthenticatorData(0, []));
        var signature = _key.SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        if (CheatsAtSigning) signature[^1] ^= 1;
        return Credential(new { clientDataJSON = Text(client), authenticatorData = Text(data), signature = Text(signature), userHandle = UserHandle });
    }

    private object Credential(object response) => new { id = Text(Id), rawId = Text(Id), type = "public-key", authenticatorAttachment = "platform", clientExtensionResults = new { }, response };

    private byte[] ClientData(string type, JsonElement options) => JsonSerializer.SerializeToUtf8Bytes(TopOrigin is null
        ? new { type, challenge = options.GetProperty("challenge").GetString(), origin = Origin, crossOrigin = IsCrossOrigin }
        : (object)new { type, challenge = options.GetProperty("challenge").GetString(), origin = Origin, crossOrigin = IsCrossOrigin, topOrigin = TopOrigin });

    private byte[] AuthenticatorData(byte flags, byte[] credential)
    {
        var count = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(count, Counts ? Count : 0);
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(Domain)), (byte)(flags | Present | (ChecksItsPerson ? Verified : 0)), .. count, .. credential];
    }

    // CBOR {1: 2, 3: -7, -1: 1, -2: x, -3: y}: an elliptic key for ES256 on P-256.
    private byte[] PublicKey()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        return [0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. point.X!, 0x22, 0x58, 0x20, .. point.Y!];
    }

    // CBOR {"fmt": "none", "attStmt": {}, "authData": …}.
    private static byte[] WithoutAttestation(byte[] data) =>
        [0xa3, 0x63, .. "fmt"u8, 0x64, .. "none"u8, 0x67, .. "attStmt"u8, 0xa0, 0x68, .. "authData"u8, 0x59, (byte)(data.Length >> 8), (byte)data.Length, .. data];

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);
}

/// <summary>What people of a world do with passkeys.</summary>
internal static class PasskeyActs
{
    /// <summary>One that tells the truth to this world.</summary>
    public static SoftPasskey Passkey(this World world) => new(world.Get<IdentityOptions>().Issuer);

    /// <summary>Adds the passkey to the person's account.</summary>
    public static async Task<Answer> Adds(this Visitor person, SoftPasskey passkey, string? name = null)
    {
        var ask = (await person.Post("auth/passkeys/actions/begin")).Must();
        return await person.Post("auth/passkeys", new { token = ask.Word("token"), credential = passkey.Creates(ask.At("options")), name });
    }

    /// <summary>A person of this world with a passkey of their own.</summary>
    public static async Task<(Person Person, SoftPasskey Passkey)> PersonWithPasskey(this World world, params string[] roles)
    {
        var (person, passkey) = (await world.Person(roles), world.Passkey());
        (await person.Adds(passkey)).Must(201);
        return (person, passkey);
    }

    /// <summary>The proof of the person's sessions is too old for sensitive acts; their access tokens, which live as long, are good still.</summary>
    public static Task ProofGrowsOld(this World world, Person person) =>
        world.Database.Execute("update identity.sessions set proven_at = proven_at - $2 where account_id = $1", person.Id, Guildhall.Foundation.Http.StepUpRoute.Within);

    /// <summary>Signs in with it and nothing else.</summary>
    public static async Task<Answer> SignsInWith(this Visitor visitor, SoftPasskey passkey, params (string Name, string Value)[] headers)
    {
        var ask = (await visitor.Post("auth/passkey-sign-in/actions/begin")).Must();
        return await visitor.Send(HttpMethod.Post, "auth/passkey-sign-in", System.Net.Http.Json.JsonContent.Create(new { token = ask.Word("token"), credential = passkey.Signs(ask.At("options")) }), headers);
    }
}
