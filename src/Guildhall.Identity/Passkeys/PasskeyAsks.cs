using System.Text.Json;
using Guildhall.Foundation.Data;
using Guildhall.Identity.Tokens;

namespace Guildhall.Identity.Passkeys;

/// <summary>What a browser is asked to do with a passkey.</summary>
/// <param name="Token">Goes back with the answer. Good once, for five minutes.</param>
/// <param name="Options">For <c>navigator.credentials.create</c> or <c>get</c>, in the JSON of WebAuthn level 3: binary members as base64url.</param>
public sealed record PasskeyAsk(string Token, JsonElement Options, DateTimeOffset ExpiresAt);

/// <summary>Why a passkey is asked for.</summary>
internal enum PasskeyAskKind { Register, SignIn, SecondStep }

/// <summary>The server's half of a ceremony: challenge and person stay here, the browser gets a token only, so there is nothing it could edit. An ask is
/// used up by the statement that finds it, whatever the answer turns out to be.</summary>
internal static class PasskeyAsks
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    public static async Task<PasskeyAsk> Put(Transaction tx, PasskeyAskKind kind, string options, string state, AccountId? account = null, ChallengeId? challenge = null)
    {
        var token = Secret.New();
        await tx.ChangeOne(Add, new { id = tx.NewId<PasskeyAskId>(), hash = Secret.Hash(token), kind, account, challenge, state, now = tx.Now, expires = tx.Now + Lifetime });
        using var document = JsonDocument.Parse(options);
        return new PasskeyAsk(token, document.RootElement.Clone(), tx.Now + Lifetime);
    }

    /// <summary>What was kept, when the token is of such an ask, of nobody else's and of no other challenge's, and neither used nor too old.</summary>
    public static async Task<string?> Take(Transaction tx, string? token, PasskeyAskKind kind, AccountId? account = null, ChallengeId? challenge = null) => !Secret.LooksLikeOne(token) ? null
        : await tx.Find<string>(UseUp, new { hash = Secret.Hash(token!), kind, account, challenge, now = tx.Now });

    private const string Add = """
        insert into identity.passkey_asks (id, token_hash, kind, account_id, challenge_id, state, created_at, expires_at)
        values (@id, @hash, @kind, @account, @challenge, @state, @now, @expires)
        """;

    private const string UseUp = """
        update identity.passkey_asks set used_at = @now
        where token_hash = @hash and kind = @kind and account_id is not distinct from @account and challenge_id is not distinct from @challenge
            and used_at is null and expires_at > @now
        returning state
        """;
}
