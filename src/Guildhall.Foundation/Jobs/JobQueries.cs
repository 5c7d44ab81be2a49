using Guildhall.Foundation.Data;

namespace Guildhall.Foundation.Jobs;

/// <summary>What staff see of the jobs, and the one thing they may do: give a dead one another life.</summary>
public static class JobQueries
{
    /// <param name="Due">Ready and past its time: a number that stays high means too few workers.</param>
    /// <param name="OldestDue">Since when the oldest of them waits.</param>
    public sealed record Counts(long Ready, long Due, long Running, long Dead, DateTimeOffset? OldestDue);

    /// <summary>A job that failed as often as it may.</summary>
    public sealed record DeadJob(long Id, string Kind, int Attempts, string? LastError, DateTimeOffset CreatedAt, DateTimeOffset DiedAt);

    /// <summary>A job and whether it is ready, running or dead.</summary>
    public sealed record Known(long Id, string Kind, string State);

    /// <summary>Jobs of one kind.</summary>
    public sealed record KindCount(string Kind, long Ready, long Running, long Dead);

    public static async Task<Counts> Count(Database database, CancellationToken stop) =>
        (await database.Find<Counts>(CountSql, new { now = database.Clock.GetUtcNow() }, stop))!;

    public static Task<IReadOnlyList<KindCount>> ByKind(Database database, CancellationToken stop) => database.List<KindCount>(ByKindSql, stop: stop);

    /// <summary>Jobs of one kind that are of interest to whoever watches: due, running, dead, and since when the oldest due one waits.</summary>
    public sealed record Lane(string Kind, long Due, long Running, long Dead, DateTimeOffset? OldestDue);

    public static Task<IReadOnlyList<Lane>> Lanes(Database database, CancellationToken stop) => database.List<Lane>(LanesSql, new { now = database.Clock.GetUtcNow() }, stop);

    /// <summary>Dead jobs, the last to die first; older than <paramref name="before"/> when given; at most 100.</summary>
    public static Task<IReadOnlyList<DeadJob>> Dead(Database database, long? before, int limit, CancellationToken stop) =>
        database.List<DeadJob>(DeadSql, new { before, limit = Math.Clamp(limit, 1, 101) }, stop);

    /// <summary>Those of at most 100 jobs that there are; one that is done is not.</summary>
    public static Task<IReadOnlyList<Known>> Some(Database database, IReadOnlyList<long> ids, CancellationToken stop) =>
        database.List<Known>("select id, kind, state from foundation.jobs where id = any (@ids) limit 100", new { ids = ids.ToArray() }, stop);

    /// <summary>dead → ready, with its full number of attempts. False when it is not dead, or when a living job has taken its unique key.</summary>
    public static async Task<bool> Replay(Transaction tx, long id)
    {
        var changed = 0;
        var free = await tx.Attempt(async () => changed = await tx.ChangeNow(ReplaySql, new { id, now = tx.Now }), "jobs_unique");
        tx.WakeWorkers();
        return free && changed == 1;
    }

    /// <summary>When a dead job died, or null; it is locked.</summary>
    public static Task<DateTimeOffset?> DiedAt(Transaction tx, long id) =>
        tx.Find<DateTimeOffset?>("select died_at from foundation.jobs where id = @id and state = 'dead' for update", new { id });

    /// <summary>The kind of a dead job, or null.</summary>
    public static Task<string?> KindOfDead(Transaction tx, long id) =>
        tx.Find<string>("select kind from foundation.jobs where id = @id and state = 'dead' for update", new { id });

    private const string CountSql = """
        select count(*) filter (where state = 'ready') as ready, count(*) filter (where state = 'ready' and run_at <= @now) as due,
            count(*) filter (where state = 'running') as running, count(*) filter (where state = 'dead') as dead,
            min(run_at) filter (where state = 'ready' and run_at <= @now) as oldest_due
        from foundation.jobs
        """;

    private const string LanesSql = """
        select kind, count(*) filter (where state = 'ready' and run_at <= @now) as due, count(*) filter (where state = 'running') as running,
            count(*) filter (where state = 'dead') as dead, min(run_at) filter (where state = 'ready' and run_at <= @now) as oldest_due
        from foundation.jobs group by kind order by kind limit 200
        """;

    private const string ByKindSql = """
        select kind, count(*) filter (where state = 'ready') as ready, count(*) filter (where state = 'running') as running,
            count(*) filter (where state = 'dead') as dead
        from foundation.jobs group by kind order by kind limit 200
        """;

    private const string DeadSql = """
        select id, kind, attempts, last_error, created_at, died_at from foundation.jobs
        where state = 'dead' and (@before::bigint is null or id < @before) order by id desc limit @limit
        """;

    private const string ReplaySql = """
        update foundation.jobs set state = 'ready', attempts = 0, run_at = @now, died_at = null where id = @id and state = 'dead'
        """;
}
