using System.Collections.Concurrent;
using Guildhall.Foundation.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guildhall.Identity.Sessions;

/// <summary>When each session was last used, kept in memory and written in batches: a request never waits for it. What a crash loses is at
/// most one interval, which makes a session idle that much earlier.</summary>
internal sealed class LastActive(Database database, ILogger<LastActive> log) : BackgroundService
{
    private const int BatchSize = 1000;
    private const int MaxNoted = 200_000;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(20);
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _noted = new();

    public void Note(Guid session, DateTimeOffset now)
    {
        if (_noted.Count < MaxNoted) _noted[session] = now;
    }

    /// <summary>The later of what the row says and what is not written yet.</summary>
    public DateTimeOffset Latest(Guid session, DateTimeOffset stored) => _noted.TryGetValue(session, out var noted) && noted > stored ? noted : stored;

    /// <summary>Writes what was noted and forgets it.</summary>
    internal async Task Flush(CancellationToken stop)
    {
        foreach (var batch in _noted.OrderBy(n => n.Key).Chunk(BatchSize))
        {
            await database.InTransaction(tx => Write(tx, batch), stop);
            foreach (var entry in batch) _noted.TryRemove(entry);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await TryFlush(stoppingToken);
        }
        catch (OperationCanceledException) { await TryFlush(CancellationToken.None); }
    }

    private async Task TryFlush(CancellationToken stop)
    {
        try { await Flush(stop); }
        catch (Npgsql.NpgsqlException problem) { log.LogWarning("last_active_not_written {Reason}", problem.Message); }
    }

    // Rows are locked in order, so that two nodes' batches cannot meet in a deadlock.
    private static async Task Write(Transaction tx, KeyValuePair<Guid, DateTimeOffset>[] batch)
    {
        var (ids, times) = (batch.Select(b => b.Key).ToArray(), batch.Select(b => b.Value).ToArray());
        await tx.Change("select id from identity.sessions where id = any (@ids) order by id for update", new { ids });
        await tx.Change("""
            update identity.sessions s set last_active = n.at from unnest(@ids, @times) as n(id, at)
            where s.id = n.id and s.last_active < n.at and s.ended_at is null
            """, new { ids, times });
        await SessionDays.MarkActive(tx, ids, times);
    }
}
