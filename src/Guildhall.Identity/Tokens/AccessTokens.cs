using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Guildhall.Identity.Tokens;

/// <summary>What a verified access token says. It proves nothing but that we issued it: whether its session lives is another question.</summary>
internal sealed record AccessToken(Guid Session, Guid Account, int Epoch, DateTimeOffset ExpiresAt);

/// <summary>Issues and verifies access tokens: JWS compact, ES256 or RS256 (RFC 7515, 7518, 9068), ten minutes. Verification takes only what we
/// issue: exactly <c>alg</c>, <c>typ</c> and <c>kid</c> in the header, a known key, one audience, no member twice.</summary>
internal sealed class AccessTokens(SigningKeys keys, IdentityOptions options)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>How far the clock of the node that issued may be ahead of the node that verifies. An end is an end: nothing is added to it.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);
    private const string TokenType = "at+jwt";
    private const int MaxBytes = 2048;
    private const int MaxVerified = 50_000;
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 2 };
    private readonly BoundedCache<Digest, AccessToken> _verified = new(MaxVerified);

    public string Issue(Guid account, Guid session, int epoch, DateTimeOffset now, DateTimeOffset sessionEnds)
    {
        var key = keys.Active;
        var expires = now + Lifetime < sessionEnds ? now + Lifetime : sessionEnds;
        var text = Part(json => { json.WriteString("alg", key.Algorithm); json.WriteString("typ", TokenType); json.WriteString("kid", key.Kid); })
            + "." + Part(json =>
            {
                json.WriteString("iss", options.Issuer);
                json.WriteString("aud", options.Audience);
                json.WriteString("sub", account.ToString());
                json.WriteString("sid", session.ToString());
                json.WriteNumber("epoch", epoch);
                json.WriteNumber("iat", now.ToUnixTimeSeconds());
                json.WriteNumber("nbf", now.ToUnixTimeSeconds());
                json.WriteNumber("exp", expires.ToUnixTimeSeconds());
                json.WriteString("jti", Guid.NewGuid().ToString("n"));
            });
        return text + "." + Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(text)));
    }

    /// <summary>The token's content when we issued it, else null. It may have run out: compare <see cref="AccessToken.ExpiresAt"/>.</summary>
    public AccessToken? Verify(ReadOnlySpan<char> token, DateTimeOffset now)
    {
        if (!Digest.TryOf(token, out var digest)) return null;
        if (_verified.Find(digest) is { } known) return known;
        if (Check(token, now) is not { } verified) return null;
        _verified.Put(digest, verified);
        return verified;
    }

    private AccessToken? Check(ReadOnlySpan<char> token, DateTimeOffset now)
    {
        if (token.Length > MaxBytes || token.Count('.') != 2) return null;
        var (first, last) = (token.IndexOf('.'), token.LastIndexOf('.'));
        if (Decode(token[..first]) is not { } header || Decode(token[(first + 1)..last]) is not { } payload || Decode(token[(last + 1)..]) is not { } signature) return null;
        try
        {
            if (KeyOf(header) is not { } key || !key.Verifies(Encoding.ASCII.GetBytes(token[..last].ToString()), signature)) return null;
            using var claims = JsonDocument.Parse(payload, Strict);
            return ReadClaims(claims.RootElement, now);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or FormatException or KeyNotFoundException) { return null; }
    }

    private SigningKey? KeyOf(byte[] header)
    {
        using var document = JsonDocument.Parse(header, Strict);
        var (alg, typ, kid) = ("", "", "");
        foreach (var member in document.RootElement.EnumerateObject())
            switch (member.Name)
            {
                case "alg": alg = member.Value.GetString(); break;
                case "typ": typ = member.Value.GetString(); break;
                case "kid": kid = member.Value.GetString(); break;
                default: return null; // jwk, jku, x5u, crit and whatever else tells us which key to trust
            }
        // The algorithm is the key's, whatever the header would like.
        return typ is TokenType && kid is { Length: > 0 and <= 64 } && keys.Find(kid) is { } key && string.Equals(alg, key.Algorithm, StringComparison.Ordinal) ? key : null;
    }

    private AccessToken? ReadClaims(JsonElement claims, DateTimeOffset now)
    {
        if (!string.Equals(Text("iss"), options.Issuer, StringComparison.Ordinal) || !string.Equals(Text("aud"), options.Audience, StringComparison.Ordinal)) return null;
        var (issued, notBefore, expires) = (Time("iat"), Time("nbf"), Time("exp"));
        if (notBefore > now + Skew || issued > now + Skew || expires <= notBefore || expires - issued > Lifetime) return null;
        if (Text("jti") is not { Length: > 0 }) return null;
        return new AccessToken(Guid.ParseExact(Text("sid"), "D"), Guid.ParseExact(Text("sub"), "D"), claims.GetProperty("epoch").GetInt32(), expires);

        string Text(string name) => claims.GetProperty(name).GetString() ?? "";
        DateTimeOffset Time(string name) => DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(claims.GetProperty(name).GetInt64(), 0, 253402300799));
    }

    // Only the canonical writing is taken: no padding, no white space, no loose bits.
    private static byte[]? Decode(ReadOnlySpan<char> part)
    {
        var bytes = new byte[Base64Url.GetMaxDecodedLength(part.Length)];
        if (Base64Url.DecodeFromChars(part, bytes, out var read, out var written) != OperationStatus.Done || read != part.Length) return null;
        return part.SequenceEqual(Base64Url.EncodeToString(bytes.AsSpan(0, written))) ? bytes[..written] : null;
    }

    private static string Part(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return Base64Url.EncodeToString(buffer.WrittenSpan);
    }
}
