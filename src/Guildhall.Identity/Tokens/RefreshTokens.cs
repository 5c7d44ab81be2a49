using System.Security.Cryptography;
using System.Text;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Sessions;
using Guildhall.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Tokens;

/// <summary>A refresh token for the next pair. Each is good once. Its holder may repeat the call for 20 seconds and gets the same successor
/// (a lost answer, two tabs), as long as nobody has used that successor; any other token we once issued means that somebody copied it, and
/// the whole session ends. Source: RFC 9700 section 4.14.2.</summary>
public static class RefreshTokens
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    public sealed record Body(string RefreshToken);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/auth/refresh", async (Body body, Caller caller, IdentityParts identity, CancellationToken stop) => (await Run(identity, caller, body, stop)).ToHttp())
        .WithName(nameof(RefreshTokens)).ForAnyone().Limited(RateClass.Refresh).WithMetadata(new BringsOwnSecret()).Produces<TokenPair>();

    private sealed record Held(SessionId Id, AccountId AccountId, DateTimeOffset CreatedAt, DateTimeOffset LastActive, int IdleSeconds, DateTimeOffset ExpiresAt, bool Staff, bool Current,
        AccountState State, int AccountEpoch, DateTimeOffset? UsedAt, byte[]? SuccessorSealed, bool SuccessorUsed)
    {
        public SessionTimes Times => new(CreatedAt, LastActive, ExpiresAt, IdleSeconds, Staff);

        public bool LivesAt(DateTimeOffset now) => Current && State is AccountState.Active && !Times.IsOver(now);
    }

    /// <summary>What the transaction decided. Reuse is an outcome that commits: the session is ended by it.</summary>
    private sealed record Outcome(TokenPair? Pair, Refusal? Refusal, Guid? ReusedBy = null);

    public static async Task<Result<TokenPair>> Run(IdentityParts identity, Caller caller, Body body, CancellationToken stop)
    {
        if (!Secret.LooksLikeOne(body.RefreshToken)) return IdentityRefusals.InvalidToken;
        var outcome = await identity.Database.InTransaction(tx => Exchange(tx, identity, caller, body.RefreshToken), stop);
        if (outcome.ReusedBy is { } account) await identity.ReachEveryNode(account);
        return outcome.Pair is { } pair ? pair : outcome.Refusal!;
    }

    private static async Task<Outcome> Exchange(Transaction tx, IdentityParts identity, Caller caller, string presented)
    {
        var hash = Secret.Hash(presented);
        // The session row is the lock of its whole family: sign-out, reuse and every exchange meet here. What it guards is read by the next statement, once it is held.
        await tx.Change(RefreshSql.LockSession, new { hash });
        if (await tx.Find<Held>(RefreshSql.Read, new { hash }) is not { } session) return new Outcome(null, IdentityRefusals.InvalidToken);
        var lastActive = identity.Sessions.LatestUse(session.Id.Value, session.LastActive);
        if (!(session with { LastActive = lastActive }).LivesAt(tx.Now)) return new Outcome(null, IdentityRefusals.SessionExpired);

        if (session.UsedAt is null) return new Outcome(Pair(identity, session, await Rotate(tx, session.Id, presented, hash), tx.Now), null);
        if (tx.Now - session.UsedAt < Grace && !session.SuccessorUsed)
            return new Outcome(Pair(identity, session, Open(presented, session.Id, session.SuccessorSealed!), tx.Now), null);
        await EndFamily(tx, caller, session);
        return new Outcome(null, IdentityRefusals.SessionExpired, session.AccountId.Value);
    }

    private static async Task<string> Rotate(Transaction tx, SessionId session, string presented, byte[] hash)
    {
        var successor = Secret.New();
        await tx.Change(RefreshSql.Rotate, new { hash, session, now = tx.Now, successorHash = Secret.Hash(successor), successorSealed = Seal(presented, session, successor) });
        return successor;
    }

    private static async Task EndFamily(Transaction tx, Caller caller, Held session)
    {
        await tx.ChangeOne("update identity.sessions set ended_at = @now, ended_why = 'token_reuse' where id = @id and ended_at is null", new { id = session.Id, now = tx.Now });
        await tx.Audit(caller, "authn_token_reuse", "session", session.Id.ToString(), personal: (session.AccountId.Value, new { address = caller.Address?.ToString() }));
        await Notify.Person(tx, session.AccountId.Value, "session_ended_for_safety", new Dictionary<string, string>(StringComparer.Ordinal) { ["link"] = "/account/sessions" },
            uniqueKey: session.Id.ToString());
        await tx.Publish(new AccountChanged(session.AccountId.Value));
    }

    private static TokenPair Pair(IdentityParts identity, Held session, string refresh, DateTimeOffset now) =>
        OpenSession.Pair(identity.Tokens, session.AccountId, new OpenedSession(session.Id, session.CreatedAt, session.Times.EndsAt), session.AccountEpoch, refresh, now);

    // Only who presents the predecessor can open it: the database alone holds no usable token.
    private static byte[] Key(string presented) => HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(presented), 32, info: "identity.refresh-successor"u8.ToArray());

    private static byte[] Seal(string presented, SessionId session, string successor) => MasterKey.SealWith(Key(presented), session.ToString(), Encoding.UTF8.GetBytes(successor));

    private static string Open(string presented, SessionId session, byte[] data) => Encoding.UTF8.GetString(MasterKey.OpenWith(Key(presented), session.ToString(), data));
}

internal static class RefreshSql
{
    /// <summary>The token a session begins with.</summary>
    public const string First = "insert into identity.refresh_tokens (hash, session_id, created_at) values (@hash, @session, @now)";

    public const string LockSession = "select 1 from identity.sessions where id = (select session_id from identity.refresh_tokens where hash = @hash) for update";

    public const string Read = $"""
        select s.id, s.account_id, s.created_at, s.last_active, s.idle_seconds, s.expires_at, {SessionSql.Staff} as staff, {SessionSql.Current} as current, a.state, a.epoch as account_epoch,
            t.used_at, t.successor_sealed, exists (select 1 from identity.refresh_tokens n where n.hash = t.successor_hash and n.used_at is not null) as successor_used
        from identity.refresh_tokens t join identity.sessions s on s.id = t.session_id join identity.accounts a on a.id = s.account_id where t.hash = @hash
        """;

    // A token that was used after all has no row in "used", and the successor no session: its column takes no null, and nothing of it is committed.
    public const string Rotate = """
        with used as (update identity.refresh_tokens set used_at = @now, successor_hash = @successorHash, successor_sealed = @successorSealed where hash = @hash and used_at is null returning session_id),
            active as (update identity.sessions set last_active = greatest(last_active, @now) where id = @session)
        insert into identity.refresh_tokens (hash, session_id, created_at) values (@successorHash, (select session_id from used), @now)
        """;
}
