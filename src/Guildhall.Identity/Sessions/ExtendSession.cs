using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Sessions;

/// <summary>Moves the end of one's own session to a day from now, never beyond 72 hours after the sign-in. Only with a fresh proof, and not for staff.
/// At the cap it answers the end as it is.</summary>
public static class ExtendSession
{
    /// <param name="Session">One of one's own; without it the session that asks.</param>
    public sealed record Body(SessionId? Session = null);

    /// <param name="Latest">No extension goes beyond this.</param>
    public sealed record Answer(SessionId Id, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset Latest);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/sessions/actions/extend", async (Caller caller, IdentityParts identity, CancellationToken stop, Body? body = null) =>
            (await Run(identity, caller, body?.Session, stop)).ToHttp())
        .WithName(nameof(ExtendSession)).RequiresSignIn().RequiresStepUp().Produces<Answer>();

    private sealed record Held(SessionId Id, DateTimeOffset CreatedAt, DateTimeOffset LastActive, DateTimeOffset ExpiresAt, int IdleSeconds, bool Staff, bool Current)
    {
        public SessionTimes Times => new(CreatedAt, LastActive, ExpiresAt, IdleSeconds, Staff);
    }

    public static async Task<Result<Answer>> Run(IdentityParts identity, Caller caller, SessionId? session, CancellationToken stop)
    {
        if (caller is not { AccountId: { } account, SessionId: { } current }) return FoundationRefusals.SignInFirst;
        var result = await identity.Database.InTransaction(tx => Write(tx, identity, caller, new AccountId(account), session ?? new SessionId(current)), stop);
        if (result.Granted) await identity.ReachEveryNode(account);
        return result;
    }

    private static async Task<Result<Answer>> Write(Transaction tx, IdentityParts identity, Caller caller, AccountId account, SessionId id)
    {
        if (await tx.Find<Held>(LockSql, new { id, account }) is not { } held)
        {
            if (await tx.Find<Guid?>("select account_id from identity.sessions where id = @id", new { id }) is not null) await tx.Audit(caller, "malicious_direct_reference", "session", id.ToString());
            return FoundationRefusals.NotFound;
        }
        var times = held.Times with { LastActive = identity.Sessions.LatestUse(id.Value, held.LastActive) };
        if (!held.Current || times.IsOver(tx.Now)) return caller.SessionId == id.Value ? IdentityRefusals.SessionExpired : FoundationRefusals.NotFound;
        if (held.Staff) return IdentityRefusals.SessionNotExtendable;

        var latest = held.CreatedAt + SessionLimits.Longest;
        var end = tx.Now + SessionLimits.Absolute < latest ? tx.Now + SessionLimits.Absolute : latest;
        if (end <= held.ExpiresAt) return new Answer(id, held.CreatedAt, held.ExpiresAt, latest);
        await tx.ChangeOne("update identity.sessions set expires_at = @end where id = @id and expires_at = @ExpiresAt and ended_at is null", new { id, end, held.ExpiresAt });
        await tx.Audit(caller, "session.extended", "session", id.ToString(), before: new { held.ExpiresAt }, after: new { expiresAt = end });
        await tx.Publish(new AccountChanged(account.Value));
        return new Answer(id, held.CreatedAt, end, latest);
    }

    private const string LockSql = $"""
        select s.id, s.created_at, s.last_active, s.expires_at, s.idle_seconds, {SessionSql.Staff} as staff, {SessionSql.Current} as current
        from identity.sessions s join identity.accounts a on a.id = s.account_id where s.id = @id and s.account_id = @account for update of s
        """;
}
