namespace Guildhall.Foundation.Jobs;

internal static class JobSql
{
    public const string Enqueue = """
        insert into foundation.jobs (kind, payload, run_at, unique_key, created_at, max_attempts, trace)
        values (@kind, @payload, @runAt, @uniqueKey, @now, @maxAttempts, @trace)
        on conflict (kind, unique_key) where state in ('ready', 'running') do nothing
        """;

    public const string EnqueueNow = """
        insert into foundation.jobs as j (kind, payload, run_at, unique_key, created_at, max_attempts, trace)
        values (@kind, @payload, @runAt, @uniqueKey, @now, @maxAttempts, @trace)
        on conflict (kind, unique_key) where state in ('ready', 'running') do update
            set run_at = case when j.state = 'ready' then least(j.run_at, excluded.run_at) else j.run_at end, again = j.state = 'running'
            where j.state = 'ready' and j.run_at > excluded.run_at or j.state = 'running' and not j.again
        """;

    public const string Claim = """
        with due as (
            select id from foundation.jobs where state = 'ready' and run_at <= @now and kind = any (@kinds) and not exists (select 1 from foundation.home where held_at is not null) order by run_at, id limit @limit for update skip locked)
        update foundation.jobs j
        set state = 'running', lease_until = @leaseUntil, worker = @worker, fence = j.fence + 1, attempts = j.attempts + 1, again = false
        from due where j.id = due.id
        returning j.id, j.kind, j.payload::text as payload, j.fence, j.attempts, j.max_attempts, j.trace
        """;

    public const string Complete = "delete from foundation.jobs where id = @id and fence = @fence and state = 'running'";

    /// <summary>Not when it was wished for again meanwhile: see <see cref="RunAgain"/>. A job inside one transaction reads nothing before it is completed.</summary>
    public const string CompleteUnlessAgain = Complete + " and not again";

    public const string RunAgain = """
        update foundation.jobs set state = 'ready', run_at = case when again and @error::text is null then least(@runAt, @now) else @runAt end, lease_until = null, attempts = attempts - @uncounted, last_error = coalesce(@error, last_error)
        where id = @id and fence = @fence and state = 'running'
        """;

    public const string Bury = """
        update foundation.jobs set state = 'dead', lease_until = null, last_error = @error, died_at = @now where id = @id and fence = @fence and state = 'running'
        """;

    public const string RescueExpired = """
        update foundation.jobs set state = 'ready', lease_until = null where state = 'running' and lease_until < @realNow
        """;

    /// <summary>The lock that says that a worker lives; its second number is the worker's.</summary>
    public const string Live = "select pg_advisory_lock(@family, @worker)";

    /// <summary>What the dead left half done. Only of kinds that run inside one transaction: what else of it could still be under way?</summary>
    public const string RescueOrphans = """
        update foundation.jobs j set state = 'ready', lease_until = null
        where j.state = 'running' and j.worker is not null and j.kind = any (@kinds) and not exists (
            select 1 from pg_locks l where l.locktype = 'advisory' and l.granted and l.classid = @family::oid and l.objid = j.worker::oid and l.objsubid = 2
                and l.database = (select d.oid from pg_database d where d.datname = current_database()))
        """;

    /// <summary>Whose turn it is: read every second on every node, so it writes nothing.</summary>
    public const string Due = "select t.name from unnest(@names) as t(name) left join foundation.recurring r on r.name = t.name where r.next_at is null or r.next_at <= @now";

    public const string TakeTurn = """
        insert into foundation.recurring (name, next_at) values (@name, @nextAt)
        on conflict (name) do update set next_at = excluded.next_at where recurring.next_at <= @now
        """;
}
