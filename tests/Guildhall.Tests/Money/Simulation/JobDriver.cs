using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;

namespace Guildhall.Tests.Money.Simulation;

/// <summary>Runs jobs when the simulation says so, by the rules of the product's worker: leased under a fence, completed with their work when that is in
/// the database only, put back with a delay or after a failure. Nothing runs by itself.</summary>
internal sealed class JobDriver(World world, TimeProvider clock)
{
    public sealed record Due(long Id, string Kind);

    private sealed record Claimed(long Id, string Kind, string Payload, long Fence, int Attempts, int MaxAttempts);

    /// <summary>What jobs threw that they should not have.</summary>
    public List<string> Failures { get; } = [];

    public async Task<IReadOnlyList<Due>> Ready() => [.. (await world.Database.Rows("""
        select id, kind from foundation.jobs where state = 'ready' and run_at <= $1 and kind not in ('seal_audit', 'forget_expired') and kind not like 'send_mail%' order by run_at, id limit 500
        """, clock.GetUtcNow())).Select(r => new Due((long)r[0]!, (string)r[1]!))];

    public async Task Run(Due due, int node)
    {
        var (database, book) = (world.Data(node), world.Get<JobBook>(node));
        var rows = await world.Database.Rows("""
            update foundation.jobs set state = 'running', lease_until = clock_timestamp() + interval '1 hour', fence = fence + 1, attempts = attempts + 1 where id = $1 and state = 'ready'
            returning id, kind, payload::text, fence, attempts, max_attempts
            """, due.Id);
        if (rows is not [var row]) return;
        var job = new Claimed((long)row[0]!, (string)row[1]!, (string)row[2]!, Convert.ToInt64(row[3], null), Convert.ToInt32(row[4], null), Convert.ToInt32(row[5], null));
        try
        {
            var kind = book.Find(job.Kind)!;
            if (kind.InTransaction is { } work)
            {
                await database.InTransaction(async tx =>
                {
                    await tx.ChangeOne(Complete, new { id = job.Id, fence = job.Fence });
                    await work(tx, job.Payload);
                });
            }
            else
            {
                await kind.Outside!(new JobContext(job.Id, job.Attempts, job.MaxAttempts, database, world.Node(node).Services, default), job.Payload);
                await database.Change(Complete, new { id = job.Id, fence = job.Fence });
            }
        }
        catch (RunAgainException again) { await PutBack(database, job, again.Delay); }
        catch (ChangedElsewhereException lost) when (lost.Message.Contains("foundation.jobs", StringComparison.Ordinal)) { } // its lease ran out and another worker did it
        catch (NodeKilledException) { throw; }
        catch (Exception problem)
        {
            Failures.Add($"{job.Kind} {job.Payload}: {problem}");
            await PutBack(database, job, TimeSpan.FromMinutes(1));
        }
    }

    /// <summary>All leases run out: of workers that were killed, and of those that are merely slow.</summary>
    public Task LeasesEnd() => world.Database.Execute("update foundation.jobs set state = 'ready', lease_until = null where state = 'running'");

    private Task PutBack(Database database, Claimed job, TimeSpan delay) => database.Change("""
        update foundation.jobs set state = 'ready', run_at = @at, lease_until = null, attempts = 0 where id = @id and fence = @fence and state = 'running'
        """, new { id = job.Id, fence = job.Fence, at = clock.GetUtcNow() + delay });

    private const string Complete = "delete from foundation.jobs where id = @id and fence = @fence and state = 'running'";
}
