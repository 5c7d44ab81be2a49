using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Guildhall.Messaging.Delivery;

namespace Guildhall.Messaging.Push.Firebase;

/// <summary>Access tokens for a service account: asked for with a JWT that its key signs (RFC 7523), kept until five minutes before they end. One is asked for at a time.</summary>
internal sealed class FirebaseTokens(ProviderHttp http, FirebaseOptions options, TimeProvider clock) : IDisposable
{
    private const string Scope = "https://www.googleapis.com/auth/firebase.messaging", Grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static readonly TimeSpan Lives = TimeSpan.FromHours(1), Early = TimeSpan.FromMinutes(5);
    private readonly SemaphoreSlim _asking = new(1);
    private readonly Lazy<RSA> _key = new(() => Import(options.Key));
    private volatile Kept? _kept;

    private sealed record Kept(string Token, DateTimeOffset From, DateTimeOffset Until);

    /// <summary>A token, or why there is none. Nothing was sent meanwhile.</summary>
    public async Task<(string? Token, PushAnswer Failure)> Get(CancellationToken stop)
    {
        if (Fresh() is { } known) return (known, default);
        await _asking.WaitAsync(stop);
        try { return Fresh() is { } given ? (given, default) : await Ask(stop); }
        finally { _asking.Release(); }
    }

    /// <summary>The provider does not take this token: the next call asks for another.</summary>
    public void Drop(string token)
    {
        if (_kept is { } kept && ReferenceEquals(kept.Token, token)) _kept = null;
    }

    public void Dispose()
    {
        _asking.Dispose();
        if (_key.IsValueCreated) _key.Value.Dispose();
    }

    // A clock that was set back has tokens of its future; they are not trusted either.
    private string? Fresh() => _kept is { } kept && clock.GetUtcNow() is var now && now < kept.Until && now >= kept.From ? kept.Token : null;

    private async Task<(string? Token, PushAnswer Failure)> Ask(CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Tokens)
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal) { ["grant_type"] = Grant, ["assertion"] = Assertion(now) }),
        };
        switch (await http.Send(request, stop))
        {
            case ProviderReply.Answered { Code: 200 } given when given.Text("access_token") is { Length: > 0 } token:
                var lives = given.Number("expires_in") is > 0 and <= 86_400 and var seconds ? TimeSpan.FromSeconds(seconds) : Early;
                _kept = new Kept(token, now, now + (lives > 2 * Early ? lives - Early : lives / 2));
                return (token, default);
            case ProviderReply.Answered { Code: >= 400 and < 500 and not 429 } refused:
                return (null, new PushAnswer(DeliveryState.Queued, DeliveryReasons.NotLetIn, $"{refused.Code} {refused.Text("error")} {refused.Text("error_description")}".TrimEnd()));
            case ProviderReply.Answered other:
                return (null, new PushAnswer(DeliveryState.Queued, DeliveryReasons.ServerUnavailable, $"{other.Code} no token", RetryAfter: other.Code is 429 or >= 500 ? RetryAfterHeader.Read(other.Header("Retry-After"), now) : null));
            case ProviderReply.Lost lost:
                return (null, new PushAnswer(DeliveryState.Queued, DeliveryReasons.ServerUnavailable, lost.Why, RetryAfter: lost.Rests));
            default: throw new InvalidOperationException("There are two kinds of replies.");
        }
    }

    internal string Assertion(DateTimeOffset now)
    {
        var header = Part(new { alg = "RS256", typ = "JWT", kid = options.KeyId });
        var claims = Part(new { iss = options.Email, scope = Scope, aud = options.Tokens.AbsoluteUri, iat = now.ToUnixTimeSeconds(), exp = (now + Lives).ToUnixTimeSeconds() });
        var signed = $"{header}.{claims}";
        return $"{signed}.{Base64Url.EncodeToString(_key.Value.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    private static string Part(object part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));

    private static RSA Import(string pem)
    {
        var key = RSA.Create();
        key.ImportFromPem(pem);
        return key;
    }
}
