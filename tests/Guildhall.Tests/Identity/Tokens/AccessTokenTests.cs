using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Guildhall.Identity.Tokens;

namespace Guildhall.Tests.Identity.Tokens;

public sealed class AccessTokenTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    [Fact]
    [Covers("I-3", "asvs-9.2.2")]
    public async Task Our_own_token_rebuilt_by_hand_is_accepted()
    {
        var person = await world.Person();
        (await Shows(person, Forge(person))).Must();
    }

    [Fact]
    [Covers("I-3", "identity-11")]
    public async Task Hmac_with_the_public_key_is_refused()
    {
        var person = await world.Person();
        var text = Unsigned(person, header => header["alg"] = "HS256", _ => { });
        var signature = HMACSHA256.HashData(world.Get<SigningKeys>().Active.PublicKey, Encoding.ASCII.GetBytes(text));
        (await Shows(person, text + "." + Base64Url.EncodeToString(signature))).MustRefuse(IdentityRefusals.InvalidToken);
    }

    public static TheoryData<string, string?> Headers => new()
    {
        { "alg", "\"none\"" }, { "alg", "\"ES384\"" }, { "alg", "\"es256\"" }, { "alg", null }, { "alg", "7" }, { "typ", "\"JWT\"" }, { "typ", null }, { "typ", "\"AT+JWT\"" },
        { "kid", null }, { "kid", "\"../../dev/null\"" }, { "kid", "\"' or 1=1 --\"" }, { "kid", "\"\"" }, { "crit", "[\"exp\"]" }, { "b64", "false" },
        { "jku", "\"http://127.0.0.1:1/keys\"" }, { "x5u", "\"http://127.0.0.1:1/cert\"" }, { "jwk", "{\"kty\":\"EC\"}" }, { "cty", "\"at+jwt\"" },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    [Covers("identity-12", "identity-13", "asvs-9.2.2")]
    public async Task A_header_that_is_not_exactly_ours_is_refused_even_with_a_right_signature(string member, string? json)
    {
        var person = await world.Person();
        var token = Forge(person, header => { if (json is null) header.Remove(member); else header[member] = JsonNode.Parse(json); });
        (await Shows(person, token)).MustRefuse(IdentityRefusals.InvalidToken);
    }

    [Fact]
    [Covers("identity-12")]
    public async Task An_embedded_key_is_not_believed()
    {
        var person = await world.Person();
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = own.ExportParameters(false).Q;
        var jwk = new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y) };
        var text = Unsigned(person, header => header["jwk"] = jwk, _ => { });
        (await Shows(person, Sign(text, own))).MustRefuse(IdentityRefusals.InvalidToken);
        (await Shows(person, Sign(Unsigned(person, _ => { }, _ => { }), own))).MustRefuse(IdentityRefusals.InvalidToken);
    }

    public static TheoryData<string> Signatures => new() { "zero", "r zero", "s zero", "der", "short", "long", "empty", "padded", "not canonical" };

    [Theory]
    [MemberData(nameof(Signatures))]
    [Covers("identity-13")]
    public async Task A_signature_that_is_not_64_honest_bytes_is_refused(string how)
    {
        var person = await world.Person();
        var text = Unsigned(person, _ => { }, _ => { });
        var good = world.Get<SigningKeys>().Active.Sign(Encoding.ASCII.GetBytes(text));
        var written = how switch
        {
            "zero" => Base64Url.EncodeToString(new byte[64]),
            "r zero" => Base64Url.EncodeToString([.. new byte[32], .. good[32..]]),
            "s zero" => Base64Url.EncodeToString([.. good[..32], .. new byte[32]]),
            "der" => Base64Url.EncodeToString(Der(text)),
            "short" => Base64Url.EncodeToString(good[..63]),
            "long" => Base64Url.EncodeToString([.. good, 0]),
            "padded" => Base64Url.EncodeToString(good) + "==",
            "not canonical" => Base64Url.EncodeToString(good)[..^1] + Loose(Base64Url.EncodeToString(good)[^1]),
            _ => "",
        };
        (await Shows(person, text + "." + written)).MustRefuse(IdentityRefusals.InvalidToken);
        (await Shows(person, text + "." + Base64Url.EncodeToString(good))).Must();
    }

    public static TheoryData<string, string?> Claims => new()
    {
        { "iss", "\"https://evil.test\"" }, { "iss", null }, { "aud", "\"https://evil.test/api\"" }, { "aud", "[\"AUDIENCE\"]" }, { "aud", null }, { "sub", null }, { "sub", "\"someone\"" },
        { "sid", null }, { "epoch", null }, { "epoch", "\"1\"" }, { "exp", null }, { "exp", "99999999999" }, { "exp", "1e9999" }, { "exp", "\"soon\"" }, { "nbf", "99999999999" }, { "iat", null }, { "iat", "99999999999" }, { "jti", null },
    };

    [Theory]
    [MemberData(nameof(Claims))]
    [Covers("asvs-9.2.3", "identity-48")]
    public async Task A_claim_that_is_missing_or_another_is_refused(string claim, string? json)
    {
        var person = await world.Person();
        var token = Forge(person, claims: claims =>
        {
            if (json is null) claims.Remove(claim);
            else claims[claim] = JsonNode.Parse(json.Replace("AUDIENCE", world.Get<IdentityOptions>().Audience, StringComparison.Ordinal));
        });
        (await Shows(person, token)).MustRefuse(IdentityRefusals.InvalidToken);
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(40, false)]
    [Covers("asvs-9.2.1", "identity-55")]
    public async Task Asvs_9_2_1_a_token_from_a_clock_ahead_is_taken_within_thirty_seconds(int aheadSeconds, bool isTaken)
    {
        AccessTokens.Skew.ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(30));
        var person = await world.Person();
        var at = world.Clock.Now.ToUnixTimeSeconds() + aheadSeconds;
        var answer = await Shows(person, Forge(person, claims: claims => { claims["iat"] = at; claims["nbf"] = at; claims["exp"] = at + 300; }));
        if (isTaken) answer.Must();
        else answer.MustRefuse(IdentityRefusals.InvalidToken);
    }

    [Fact]
    [Covers("asvs-9.2.1")]
    public async Task Asvs_9_2_1_an_end_is_an_end_and_no_skew_is_added_to_it()
    {
        var person = await world.Person();
        var now = world.Clock.Now.ToUnixTimeSeconds();
        (await Shows(person, Forge(person, claims: claims => { claims["iat"] = now - 60; claims["nbf"] = now - 60; claims["exp"] = now; }))).MustRefuse(IdentityRefusals.TokenExpired);
    }

    [Fact]
    [Covers("identity-15")]
    public async Task A_claim_said_twice_is_refused()
    {
        var (person, victim) = (await world.Person(), await world.Person());
        var parts = Unsigned(person, _ => { }, _ => { }).Split('.');
        var claims = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1]));
        var text = parts[0] + "." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims[..^1] + $",\"sub\":\"{victim.Id}\"}}"));
        (await Shows(person, Sign(text))).MustRefuse(IdentityRefusals.InvalidToken);
    }

    [Fact]
    public async Task A_token_for_anothers_session_or_an_older_epoch_is_no_session()
    {
        var (person, victim) = (await world.Person(), await world.Person());
        (await Shows(person, Forge(person, claims: c => c["sid"] = Session(victim).ToString()))).MustRefuse(IdentityRefusals.SessionExpired);
        (await Shows(person, Forge(person, claims: c => c["epoch"] = 2))).MustRefuse(IdentityRefusals.SessionExpired);
        (await Shows(person, Forge(person, claims: c => c["sid"] = Guid.NewGuid().ToString()))).MustRefuse(IdentityRefusals.SessionExpired);
    }

    [Theory]
    [InlineData("Basic dXNlcjpwYXNz")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer a.b.c")]
    [InlineData("Bearer ...")]
    [InlineData("eyJhbGciOiJub25lIn0.e30.")]
    public async Task What_is_no_token_of_ours_is_refused_and_not_taken_for_nobody(string header)
    {
        (await world.Visitor().Send(HttpMethod.Get, "me", null, ("Authorization", header))).MustRefuse(IdentityRefusals.InvalidToken);
        (await world.Visitor().Send(HttpMethod.Get, "/health/ready", null, ("Authorization", header))).MustRefuse(IdentityRefusals.InvalidToken);
    }

    [Fact]
    public async Task Two_authorization_headers_or_a_very_long_token_are_refused()
    {
        var person = await world.Person();
        (await person.Send(HttpMethod.Get, "me", null, ("Authorization", "Bearer " + person.Token))).MustRefuse(IdentityRefusals.InvalidToken);
        (await Shows(person, Forge(person, claims: c => c["note"] = new string('x', 4000)))).MustRefuse(IdentityRefusals.InvalidToken);
    }

    [Fact]
    public async Task A_dead_token_does_not_keep_anybody_from_signing_in()
    {
        var person = await world.Person();
        (await person.Post("auth/sign-out")).Must(204);
        (await person.Post("auth/sign-in", new { email = person.Email, password = Person.Password })).Must();
    }

    private Task<Answer> Shows(Person person, string token)
    {
        var visitor = world.Visitor();
        visitor.Token = token;
        return visitor.Get("me");
    }

    private Guid Session(Person person) => Id.TryParse<SessionId>(person.Session, out var id) ? id.Value : throw new InvalidOperationException();

    private string Forge(Person person, Action<JsonObject>? header = null, Action<JsonObject>? claims = null) => Sign(Unsigned(person, header ?? (_ => { }), claims ?? (_ => { })));

    private string Sign(string text) => text + "." + Base64Url.EncodeToString(world.Get<SigningKeys>().Active.Sign(Encoding.ASCII.GetBytes(text)));

    private static string Sign(string text, ECDsa key) => text + "." + Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256));

    private byte[] Der(string text)
    {
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(world.Get<SigningKeys>().Active.PrivateKey, out _);
        return key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    // 64 bytes leave four loose bits in the last letter.
    private static char Loose(char last)
    {
        const string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return letters[letters.IndexOf(last, StringComparison.Ordinal) ^ 1];
    }

    private string Unsigned(Person person, Action<JsonObject> changeHeader, Action<JsonObject> changeClaims)
    {
        var now = world.Clock.Now.ToUnixTimeSeconds();
        var options = world.Get<IdentityOptions>();
        var header = new JsonObject { ["alg"] = "ES256", ["typ"] = "at+jwt", ["kid"] = world.Get<SigningKeys>().Active.Kid };
        var claims = new JsonObject
        {
            ["iss"] = options.Issuer, ["aud"] = options.Audience, ["sub"] = person.Id.ToString(), ["sid"] = Session(person).ToString(), ["epoch"] = 1,
            ["iat"] = now, ["nbf"] = now, ["exp"] = now + 300, ["jti"] = Guid.NewGuid().ToString("n"),
        };
        changeHeader(header);
        changeClaims(claims);
        return Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header.ToJsonString())) + "." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims.ToJsonString()));
    }
}
