using System.Collections.Concurrent;
using System.Diagnostics;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Tokens;

namespace Guildhall.Identity.Sessions;

/// <summary>The only authority on who is signed in: the session row with its account. A node trusts a read for two seconds, drops it when told
/// that the account changed, and reads every time while it cannot be sure to be told.</summary>
internal sealed class CheckSession(Database database, NodeChannel channel, LastActive activity, StreamHub streams)
{
    private const int MaxKnown = 100_000;
    private readonly ConcurrentDictionary<Guid, Session> _known = new();
    private readonly BoundedCache<Digest, Holder> _byCookie = new(50_000);
    private long _drops;

    // Which session a cookie stands for never changes; whether that session lives does.
    private sealed record Holder(Guid Session);

    /// <summary>What is known and may be trusted without a read; null otherwise.</summary>
    public Session? Trusted(Guid session) =>
        channel.IsAlive && _known.TryGetValue(session, out var known) && known.IsFresh && !known.LooksIdleAt(database.Clock.GetUtcNow()) ? known : null;

    /// <inheritdoc cref="Trusted(Guid)"/>
    public Session? Trusted(Digest cookie) => _byCookie.Find(cookie) is { } holder ? Trusted(holder.Session) : null;

    /// <param name="isUse">Whether somebody is there: what a page does by itself keeps no session from getting idle.</param>
    public Task<Session?> Read(Guid session, CancellationToken stop, bool isUse = true) => Read(ById, new { session }, stop, isUse);

    /// <inheritdoc cref="Read(Guid, CancellationToken, bool)"/>
    public async Task<Session?> Read(Digest cookie, CancellationToken stop, bool isUse = true)
    {
        if (_byCookie.Find(cookie) is { } holder) return await Read(holder.Session, stop, isUse);
        var found = await Read(ByCookie, new { cookie = cookie.ToBytes() }, stop, isUse);
        if (found is not null) _byCookie.Put(cookie, new Holder(found.Id.Value));
        return found;
    }

    /// <summary>Forgets what is known about the account's sessions, or about all (<see cref="Revocation.Everybody"/>), and asks its open streams. A read that is under way is not kept either.</summary>
    public void Drop(Guid account)
    {
        Interlocked.Increment(ref _drops);
        foreach (var (id, session) in _known)
            if (account == Revocation.Everybody || session.Account.Value == account || session.ImpersonatedBy == account) _known.TryRemove(id, out _);
        streams.Recheck(caller => account == Revocation.Everybody || caller.Is(account) || caller.ImpersonatedBy == account);
        Foundation.Audit.PersonKeys.Forget(account);
    }

    /// <summary><see cref="Drop"/> for everybody's.</summary>
    public void DropAll()
    {
        Interlocked.Increment(ref _drops);
        _known.Clear();
        streams.Recheck(_ => true);
    }

    /// <summary>Whether an open stream may go on. Listening is not using: it keeps no session from getting idle.</summary>
    public async Task<bool> IsStillSignedIn(Caller caller, CancellationToken stop)
    {
        if (caller.SessionId is not { } id) return false;
        var session = Trusted(id) ?? await Read(id, stop, isUse: false);
        return session is not null && session.LivesAt(database.Clock.GetUtcNow());
    }

    /// <summary>When the session was last used as far as this node knows.</summary>
    public DateTimeOffset LatestUse(Guid session, DateTimeOffset stored) => activity.Latest(session, stored);

    private async Task<Session?> Read(string sql, object args, CancellationToken stop, bool isUse)
    {
        // Taken before the read. A node that could not hear then was perhaps not waited for by who revoked: its read is used, not kept.
        var (readAt, drops, heard) = (Stopwatch.GetTimestamp(), Interlocked.Read(ref _drops), channel.IsAlive);
        if (await database.Find<SessionRow>(sql, args, stop) is not { } row) return null;
        var session = new Session(row, activity.Latest(row.Id.Value, row.LastActive), readAt);
        var now = database.Clock.GetUtcNow();
        if (isUse && session.LivesAt(now)) activity.Note(row.Id.Value, now);
        if (heard) Keep(session, drops);
        return session;
    }

    private void Keep(Session session, long drops)
    {
        if (_known.Count > MaxKnown) ForgetOld();
        _known[session.Id.Value] = session;
        // A drop that came between the read and this line did not see the entry: take it out again.
        if (Interlocked.Read(ref _drops) != drops) _known.TryRemove(new KeyValuePair<Guid, Session>(session.Id.Value, session));
    }

    private void ForgetOld()
    {
        foreach (var entry in _known)
            if (!entry.Value.IsFresh) _known.TryRemove(entry);
        if (_known.Count > MaxKnown) _known.Clear();
    }

    private const string Columns = """
        select s.id, s.account_id, s.kind, s.epoch, s.generation, (select g.generation from identity.session_generation g) as living_generation,
            s.created_at, s.last_active, s.idle_seconds, s.expires_at, s.ended_at, a.state, a.epoch as account_epoch, a.email, a.display_name,
            a.language, a.zone, s.level, s.proven_at, s.impersonator_id, a.second_factor,
            exists (select 1 from identity.account_roles r join identity.roles n on n.name = r.role where r.account_id = a.id and n.needs_second_factor) as needs_second_factor,
            (s.impersonator_id is null or exists (select 1 from identity.sessions f join identity.accounts i on i.id = f.account_id
                join identity.account_roles r on r.account_id = i.id join identity.role_permissions p on p.role = r.role
                where f.id = s.impersonator_session and f.ended_at is null and f.epoch = i.epoch and i.state = 'active' and p.permission in ('account.impersonate', '*'))) as impersonator_may,
            (select coalesce(string_agg(r.role, ' '), '') from identity.account_roles r where r.account_id = a.id) as roles,
            (select coalesce(string_agg(distinct p.permission, ' '), '') from identity.account_roles r
                join identity.role_permissions p on p.role = r.role where r.account_id = a.id) as permissions
        from identity.sessions s join identity.accounts a on a.id = s.account_id
        """;

    private const string ById = $"{Columns} where s.id = @session";
    private const string ByCookie = $"{Columns} where s.cookie_hash = @cookie";
}
