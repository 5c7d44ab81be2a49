using System.Diagnostics;
using System.Security.Cryptography;
using System.Threading.Channels;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guildhall.Foundation.Jobs;

/// <summary>Claims due jobs in batches and runs them. A job is leased for a minute of real time under a fencing number: a worker that lost
/// its lease cannot complete the job. What a process that died had begun inside a transaction is taken up by others within seconds. States: ready → running → (deleted when done) or ready again with backoff, or dead after the last
/// attempt; a dead job is replayed by staff.</summary>
internal sealed class JobWorker(Database database, JobBook book, IServiceProvider services, IEnumerable<Recurring> recurring, JobMeter meter, ILogger<JobWorker> log) : BackgroundService
{
    private const int BatchSize = 32;
    private const int Parallel = 8;
    internal const int LockFamily = 0x6a6f62; // "job"
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Proof = TimeSpan.FromSeconds(5);

    private readonly int _worker = RandomNumberGenerator.GetInt32(1, int.MaxValue);
    private readonly TaskCompletionSource _lives = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record Claimed(long Id, string Kind, string Payload, long Fence, int Attempts, int MaxAttempts, string? Trace);

    /// <summary>What runs when the node is told to stop has so long to end; then it is handed back, like what was claimed and not begun. Neither counts as an attempt.</summary>
    internal static readonly TimeSpan ToFinish = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _over = new();
    private readonly List<Channel<(Claimed Job, DateTimeOffset LeaseUntil)>> _queues = [];

    // Two lanes, so that work which only writes to the database never waits behind a mail server or a gateway that is slow to answer.
    // A kind that this build does not know is left to a node that does.
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var told = stoppingToken.UnsafeRegister(_ => _over.CancelAfter(ToFinish), null);
        await Task.WhenAll([.. Lane(outside: false, stoppingToken), .. Lane(outside: true, stoppingToken), Forever(KeepHouse, stoppingToken), Forever(Live, stoppingToken)]);
        foreach (var queue in _queues)
            while (queue.Reader.TryRead(out var left)) await HandBack(left.Job);
    }

    // Who cannot wait any longer gets back what runs at once.
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await using var hurry = cancellationToken.UnsafeRegister(_ => _over.Cancel(), null);
        await base.StopAsync(cancellationToken);
    }

    private Task HandBack(Claimed job) => Release(job, () => PutBack(job, TimeSpan.Zero, error: null, uncounted: 1));

    // The server lets go of this lock the moment this process is gone, and the others see it. A connection that breaks while the process lives makes others do again what
    // it is doing; its fencing number keeps it from completing that.
    private async Task Live(CancellationToken stop)
    {
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        await using (var command = new NpgsqlCommand(JobSql.Live, connection) { Parameters = { new("family", LockFamily), new("worker", _worker) } }) await command.ExecuteNonQueryAsync(stop);
        _lives.TrySetResult();
        // A connection whose other end went away without a word would look well for ever.
        while (true)
        {
            await connection.WaitAsync(Proof, stop);
            await using var proof = new NpgsqlCommand("select 1", connection) { CommandTimeout = (int)Proof.TotalSeconds };
            await proof.ExecuteNonQueryAsync(stop);
        }
    }

    private IEnumerable<Task> Lane(bool outside, CancellationToken stop)
    {
        var kinds = book.Kinds(outside);
        var queue = Channel.CreateBounded<(Claimed Job, DateTimeOffset LeaseUntil)>(BatchSize);
        _queues.Add(queue);
        var taken = new SemaphoreSlim(0);
        yield return Forever(token => Claim(outside, kinds, queue, taken, token), stop);
        for (var loop = 0; loop < Parallel; loop++)
        {
            yield return Forever(async token =>
            {
                var (job, leaseUntil) = await queue.Reader.ReadAsync(token);
                if (taken.CurrentCount == 0) taken.Release();
                await Run(job, leaseUntil);
            }, stop);
        }
    }

    private async Task Forever(Func<CancellationToken, Task> turn, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try { await turn(stop); }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { return; }
            catch (Exception problem)
            {
                log.LogError(problem, "job_worker_failed");
                await Pause(TimeSpan.FromSeconds(1), stop);
            }
        }
    }

    private async Task Claim(bool outside, string[] kinds, Channel<(Claimed, DateTimeOffset)> queue, SemaphoreSlim taken, CancellationToken stop)
    {
        var room = BatchSize - queue.Reader.Count;
        if (room < BatchSize / 2)
        {
            await taken.WaitAsync(Poll, stop);
            return;
        }
        await _lives.Task.WaitAsync(stop);
        var leaseUntil = TimeProvider.System.GetUtcNow() + Lease;
        // Not ended by a stop: an answer that nobody waits for would leave them to their lease.
        var jobs = await database.List<Claimed>(JobSql.Claim, new { now = database.Clock.GetUtcNow(), limit = room, leaseUntil, kinds, worker = _worker }, CancellationToken.None);
        foreach (var job in jobs) queue.Writer.TryWrite((job, leaseUntil));
        if (jobs.Count == 0) await book.WaitForBell(outside, Poll, stop);
    }

    private async Task KeepHouse(CancellationToken stop)
    {
        await database.Change(JobSql.RescueExpired, new { realNow = TimeProvider.System.GetUtcNow() }, stop);
        await database.Change(JobSql.RescueOrphans, new { kinds = book.Kinds(outside: false), family = LockFamily }, stop);
        var due = await database.List<string>(JobSql.Due, new { names = recurring.Select(r => r.Name).ToArray(), now = database.Clock.GetUtcNow() }, stop);
        foreach (var task in recurring.Where(r => due.Contains(r.Name, StringComparer.Ordinal)))
        {
            await database.InTransaction(async tx =>
            {
                if (await tx.ChangeNow(JobSql.TakeTurn, new { name = task.Name, nextAt = tx.Now + task.Every, now = tx.Now }) == 1) await task.Enqueue(tx);
            }, stop);
        }
        await Pause(TimeSpan.FromSeconds(1), stop);
    }

    private static Task Pause(TimeSpan time, CancellationToken stop) => Task.Delay(time, stop).ContinueWith(_ => { }, TaskScheduler.Default);

    private async Task Run(Claimed job, DateTimeOffset leaseUntil)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_over.Token);
        using var span = Tracing.Job(job.Kind, job.Attempts, job.Trace);
        var (started, outcome) = (Stopwatch.GetTimestamp(), "done");
        try
        {
            // The jobs before it in the batch were slow: somebody with a whole lease takes it.
            var time = leaseUntil - Grace - TimeProvider.System.GetUtcNow();
            if (time < LeastTime) throw new RunAgainException(TimeSpan.Zero);
            limit.CancelAfter(time);
            var kind = book.Find(job.Kind) ?? throw new InvalidOperationException($"No handler for job kind {job.Kind}.");
            if (kind.InTransaction is { } inTransaction)
            {
                await database.InTransaction(async tx =>
                {
                    await tx.ChangeOne(JobSql.Complete, new { id = job.Id, fence = job.Fence });
                    await inTransaction(tx, job.Payload);
                }, limit.Token);
            }
            else
            {
                await kind.Outside!(new JobContext(job.Id, job.Attempts, job.MaxAttempts, database, services, limit.Token), job.Payload);
                if (await database.Change(JobSql.CompleteUnlessAgain, new { id = job.Id, fence = job.Fence }, CancellationToken.None) == 0) throw new RunAgainException(TimeSpan.Zero);
            }
        }
        catch (RunAgainException again)
        {
            outcome = "again";
            await Release(job, () => PutBack(job, again.Delay, error: null, uncounted: 1));
        }
        catch (OperationCanceledException) when (_over.IsCancellationRequested)
        {
            outcome = "again";
            await HandBack(job);
        }
        catch (Exception problem)
        {
            outcome = job.Attempts >= job.MaxAttempts ? "dead" : "failed";
            span?.SetStatus(ActivityStatusCode.Error, problem.GetType().Name);
            await Fail(job, problem);
        }
        finally { meter.Ran(job.Kind, outcome, started); }
    }

    private async Task Fail(Claimed job, Exception problem)
    {
        var transient = problem is OperationCanceledException or NpgsqlException { IsTransient: true };
        log.Log(transient ? LogLevel.Information : LogLevel.Warning, problem, "job_failed {JobId} {Kind} {Attempt}", job.Id, job.Kind, job.Attempts);
        var error = $"{problem.GetType().Name}: {problem.Message}";
        await Release(job, () => job.Attempts >= job.MaxAttempts
            ? database.Change(JobSql.Bury, new { id = job.Id, fence = job.Fence, error, now = database.Clock.GetUtcNow() }, CancellationToken.None)
            : PutBack(job, Backoff(job.Attempts), error, uncounted: 0));
    }

    private async Task Release(Claimed job, Func<Task> release)
    {
        try { await release(); }
        catch (NpgsqlException)
        {
            log.LogWarning("job_left_to_its_lease {JobId}", job.Id); // the database is away: the lease runs out and the job is rescued
        }
    }

    private Task PutBack(Claimed job, TimeSpan delay, string? error, int uncounted)
    {
        var now = database.Clock.GetUtcNow();
        return database.Change(JobSql.RunAgain, new { id = job.Id, fence = job.Fence, now, runAt = now + delay, error, uncounted }, CancellationToken.None);
    }

    // 1 s, 2 s, 4 s … 10 min, each with up to a quarter of jitter.
    private static TimeSpan Backoff(int attempt) =>
        TimeSpan.FromSeconds(Math.Min(600, Math.Pow(2, attempt - 1)) * (1 + (Random.Shared.NextDouble() / 4)));
}
