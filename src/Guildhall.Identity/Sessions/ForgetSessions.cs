using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;

namespace Guildhall.Identity.Sessions;

/// <summary>Writes down which sessions have run out, and deletes those that ended long ago with their refresh tokens. Nothing depends on it:
/// the session check judges by the times themselves.</summary>
internal sealed record ForgetSessions : IJob
{
    private const int BatchSize = 2000;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public static string Kind => "forget_sessions";

    public static async Task Run(Transaction tx, ForgetSessions _)
    {
        await tx.Change(Close, new { now = tx.Now, idleSince = tx.Now - SessionLimits.Idle - TimeSpan.FromMinutes(5), limit = BatchSize });
        await tx.Change(DeleteAsks, new { now = tx.Now, limit = BatchSize });
        await tx.Change(DeleteChallenges, new { now = tx.Now, limit = BatchSize });
        await tx.Change(DeleteTokens, new { before = tx.Now - Kept, limit = BatchSize });
        await tx.Change(DeleteSessions, new { before = tx.Now - Kept, limit = BatchSize });
    }

    private const string Close = """
        update identity.sessions set ended_at = @now, ended_why = due.why
        from (select s.id, case when s.epoch < a.epoch then 'ended_by_owner' when s.expires_at <= @now then 'expired' else 'idle' end as why
              from identity.sessions s join identity.accounts a on a.id = s.account_id
              where s.ended_at is null and (s.expires_at <= @now or s.last_active <= @idleSince or s.epoch < a.epoch) limit @limit for update of s skip locked) due
        where identity.sessions.id = due.id
        """;

    // What ran out is of no use to anybody; what came of it is in the audit.
    private const string DeleteAsks = "delete from identity.passkey_asks where id in (select id from identity.passkey_asks where expires_at < @now limit @limit)";

    private const string DeleteChallenges = """
        delete from identity.challenges where id in (
            select c.id from identity.challenges c where c.expires_at < @now and not exists (select 1 from identity.passkey_asks a where a.challenge_id = c.id) limit @limit)
        """;

    private const string DeleteTokens = """
        delete from identity.refresh_tokens where hash in (
            select t.hash from identity.refresh_tokens t join identity.sessions s on s.id = t.session_id where s.ended_at < @before limit @limit)
        """;

    private const string DeleteSessions = """
        delete from identity.sessions where id in (
            select s.id from identity.sessions s where s.ended_at < @before and not exists (select 1 from identity.refresh_tokens t where t.session_id = s.id)
                and not exists (select 1 from identity.sessions i where i.impersonator_session = s.id) limit @limit)
        """;
}
