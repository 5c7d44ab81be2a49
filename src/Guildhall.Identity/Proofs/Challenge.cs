using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Identity.Sessions;
using Guildhall.Identity.Tokens;

namespace Guildhall.Identity.Proofs;

/// <summary>A second step that somebody has to take, as their program sees it. The token goes with every answer; the id alone opens nothing.</summary>
/// <param name="Methods">The ways on offer, the strongest first.</param>
public sealed record ChallengeView(ChallengeId Id, string Token, IReadOnlyList<ProofMethod> Methods, DateTimeOffset ExpiresAt)
{
    /// <summary>The second step that a refused sign-in offers; null for any other refusal.</summary>
    public static ChallengeView? In(Refusal refusal) => refusal.Details?.GetValueOrDefault("challengeId") is ChallengeId id
        ? new(id, (string)refusal.Details["challengeToken"]!, (IReadOnlyList<ProofMethod>)refusal.Details["methods"]!, (DateTimeOffset)refusal.Details["expiresAt"]!) : null;
}

/// <summary>What an open challenge is about. Read under its lock.</summary>
internal sealed record OpenChallenge(ChallengeId Id, AccountId AccountId, string Purpose, SessionKind SessionKind, SessionId? SessionId, ProofMethod FirstMethod, int Epoch, int Tries,
    byte[]? CodeHash, string? CodeChannel, DateTimeOffset? CodeExpiresAt, int CodesSent);

/// <summary>Challenges: opened by <see cref="CompleteSignIn"/> and <see cref="StepUp"/>, answered by <see cref="AnswerChallenge"/>.</summary>
internal static class Challenges
{
    public const int Tries = 5;
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public static async Task<ChallengeView> Open(Transaction tx, AccountId account, SessionKind kind, ProofMethod first, int epoch, IReadOnlyList<ProofMethod> methods, Guid? session = null)
    {
        var (id, token) = (tx.NewId<ChallengeId>(), Secret.New());
        await tx.ChangeOne(Add, new { id, account, purpose = session is null ? "sign_in" : "step_up", tokenHash = Secret.Hash(token), kind, session, first, epoch, now = tx.Now, expires = tx.Now + Lifetime });
        return new ChallengeView(id, token, methods, tx.Now + Lifetime);
    }

    /// <summary>The challenge when id and token belong together and it may still be answered; its row is locked, so answers come one after the other.</summary>
    public static async Task<OpenChallenge?> Lock(Transaction tx, ChallengeId id, string? token) => !Secret.LooksLikeOne(token) ? null
        : await tx.Find<OpenChallenge>(LockSql, new { id, token = Secret.Hash(token!), now = tx.Now, tries = Tries });

    /// <summary>A challenge as it stands, for the page that asks for its answer; null when it can no longer be answered.</summary>
    public static Task<OpenChallenge?> Look(Transaction tx, ChallengeId id, string token) =>
        tx.Find<OpenChallenge>(LookSql, new { id, token = Secret.Hash(token), now = tx.Now, tries = Tries });

    public static Task CountFailure(Transaction tx, ChallengeId id) => tx.Change("update identity.challenges set tries = tries + 1 where id = @id and tries < 5", new { id });

    public static Task UseUp(Transaction tx, ChallengeId id) => tx.ChangeOne("update identity.challenges set used_at = @now where id = @id and used_at is null", new { id, now = tx.Now });

    /// <summary>The offer as a refusal: sign-in is not done, and this is how it goes on.</summary>
    public static Refusal ToRefusal(this ChallengeView offer) => IdentityRefusals.MfaRequired.With(("challengeId", offer.Id), ("challengeToken", offer.Token), ("methods", offer.Methods), ("expiresAt", offer.ExpiresAt));

    private const string Add = """
        insert into identity.challenges (id, account_id, purpose, token_hash, session_kind, session_id, first_method, epoch, created_at, expires_at)
        values (@id, @account, @purpose, @tokenHash, @kind, @session, @first, @epoch, @now, @expires)
        """;

    private const string LockSql = LookSql + " for update";

    private const string LookSql = """
        select c.id, c.account_id, c.purpose, c.session_kind, c.session_id, c.first_method, c.epoch, c.tries, c.code_hash, c.code_channel, c.code_expires_at, c.codes_sent
        from identity.challenges c where c.id = @id and c.token_hash = @token and c.used_at is null and c.expires_at > @now and c.tries < @tries
        """;
}
