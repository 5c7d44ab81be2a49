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

    /// <summary>How many rows a run closed or deleted; <c>More</c> when there may be others.</summary>
    public sealed record Counts(int Closed, int Sessions, int Tokens, int Challenges, bool More);

    public static async Task Run(Transaction tx, ForgetSessions _)
    {
        // A batch at a time, each in a transaction of its own.
        if ((await Batch(tx)).More) await tx.Enqueue(new ForgetSessions(), uniqueKey: "next");
    }

    public static async Task<Counts> Batch(Transaction tx)
    {
        var closed = await tx.ChangeNow(Close, new { now = tx.Now, limit = BatchSize });
        await tx.Change(DeleteAsks, new { now = tx.Now, limit = BatchSize });
        var challenges = await tx.ChangeNow(DeleteChallenges, new { now = tx.Now, limit = BatchSize });
        var tokens = await tx.ChangeNow(DeleteTokens, new { before = tx.Now - Kept, limit = BatchSize });
        var sessions = await tx.ChangeNow(DeleteSessions, new { before = tx.Now - Kept, limit = BatchSize });
        var before = SessionDays.DayOf(tx.Now - SessionDays.Kept);
        await tx.Change("delete from identity.sign_in_days where day < @before", new { before });
        var days = await tx.ChangeNow(DeleteDays, new { before, limit = BatchSize });
        return new Counts(closed, sessions, tokens, challenges, More: new[] { closed, challenges, tokens, sessions, days }.Max() == BatchSize);
    }

    // Five minutes of grace: a node may know of a use that is not written yet.
    private const string Close = $"""
        update identity.sessions set ended_at = @now, ended_why = due.why
        from (select s.id, case when s.generation < g.generation then 'ended_by_staff' when s.epoch < a.epoch then 'ended_by_owner'
                     when s.expires_at <= @now or s.created_at <= @now - interval '12 hours' and {SessionSql.Staff} then 'expired' else 'idle' end as why
              from identity.sessions s join identity.accounts a on a.id = s.account_id cross join identity.session_generation g
              where s.ended_at is null and (s.expires_at <= @now or s.last_active <= @now - s.idle_seconds * interval '1 second' - interval '5 minutes'
                  or s.epoch < a.epoch or s.generation < g.generation
                  or (s.created_at <= @now - interval '12 hours' or s.last_active <= @now - interval '20 minutes') and {SessionSql.Staff})
              limit @limit for update of s skip locked) due
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

    private const string DeleteDays = """
        delete from identity.active_days where (account_id, day) in (select account_id, day from identity.active_days where day < @before limit @limit)
        """;

    private const string DeleteSessions = """
        delete from identity.sessions where id in (
            select s.id from identity.sessions s where s.ended_at < @before and not exists (select 1 from identity.refresh_tokens t where t.session_id = s.id)
                and not exists (select 1 from identity.sessions i where i.impersonator_session = s.id) limit @limit)
        """;
}
