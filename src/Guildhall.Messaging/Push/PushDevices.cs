using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;

namespace Guildhall.Messaging.Push;

/// <summary>The devices that push messages go to: at most one token for each session, and each token at one session only.</summary>
public static class PushDevices
{
    private const string Purpose = "push-token";

    /// <summary>The sessions of this person that have a token.</summary>
    public static Task<IReadOnlyList<Guid>> SessionsOf(Transaction tx, Guid personId) =>
        tx.List<Guid>("select session_id from messaging.push_devices where person_id = @personId", new { personId });

    /// <summary>These sessions are over: nothing more is pushed to their devices.</summary>
    public static async Task Forget(Transaction tx, IEnumerable<Guid> sessions)
    {
        Guid[] ended = [.. sessions];
        if (ended.Length > 0) await tx.Change("delete from messaging.push_devices where session_id = any(@ended)", new { ended });
    }

    /// <summary>Another session goes on in place of this one, on the same device.</summary>
    public static Task Move(Transaction tx, Guid from, Guid to) => tx.Change("update messaging.push_devices set session_id = @to where session_id = @from", new { from, to });

    // A phone that was given away, or signed in by somebody else, tells the one who has it now.
    internal static async Task Put(Transaction tx, Guid person, Guid session, string token, PushPlatform platform)
    {
        var key = PersonKeys.Blind(Purpose, token);
        await tx.Change("select pg_advisory_xact_lock(hashtextextended('push_token:' || encode(@key, 'hex'), 0))", new { key });
        await tx.Change("delete from messaging.push_devices where token_key = @key and session_id <> @session", new { key, session });
        await tx.ChangeOne(PutSql, new { session, person, key, token = await PersonKeys.Seal(tx, person, token), platform, now = tx.Now });
    }

    /// <summary>The provider does not know this token any more. One that was registered meanwhile stays.</summary>
    internal static Task Gone(Transaction tx, Guid session, string token) =>
        tx.Change("delete from messaging.push_devices where session_id = @session and token_key = @key", new { session, key = PersonKeys.Blind(Purpose, token) });

    private const string PutSql = """
        insert into messaging.push_devices (session_id, person_id, token_key, token, platform, registered_at) values (@session, @person, @key, @token, @platform, @now)
        on conflict (session_id) do update set person_id = excluded.person_id, token_key = excluded.token_key, token = excluded.token, platform = excluded.platform, registered_at = excluded.registered_at
        """;
}
