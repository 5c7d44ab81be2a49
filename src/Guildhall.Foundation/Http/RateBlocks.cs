using System.Collections.Concurrent;
using Guildhall.Foundation.Data;
using Npgsql;

namespace Guildhall.Foundation.Http;

/// <summary>Limits of traffic that is not worth a statement per request. A node draws blocks of a tenth of the limit from PostgreSQL and lets requests through on
/// them. The window slides: what was drawn in the minute before counts by the part of it that is still inside. All that is let through was drawn, so nodes together never
/// exceed the limit; what a node drew and did not use until the minute's end is lost to the client, at most a block per node.
/// While PostgreSQL does not answer, each node lets through what the limit allows, by its own count.</summary>
/// <param name="maxKeys">Keys remembered before the older half is forgotten; who is being refused is not. A forgotten key is counted on where PostgreSQL has it.</param>
/// <param name="clock">The machine's; a test has its own.</param>
internal sealed class RateBlocks(Database database, int maxKeys = 50_000, TimeProvider? clock = null)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2), AskAgain = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly Lock _turning = new();
    private ConcurrentDictionary<string, Bucket> _young = new(StringComparer.Ordinal), _old = new(StringComparer.Ordinal);
    private int _added;
    private long _askAgainAt;

    private sealed class Bucket
    {
        public readonly SemaphoreSlim Gate = new(1, 1);
        public long Window;
        public int Left;

        /// <summary>What PostgreSQL had besides when it was asked last.</summary>
        public int Beyond;

        /// <summary>Milliseconds since 1970 until which it is refused.</summary>
        public long FreeAt;

        /// <summary>What this node gave out on its own in this window.</summary>
        public int Lent;
    }

    private sealed record Drawn(int Granted, int Taken, int Before);

    /// <summary>Keys that are remembered now.</summary>
    internal int Keys => _young.Count + _old.Count;

    public ValueTask<RateLimits.Answer> Take(string key, int hits, int seconds, CancellationToken stop)
    {
        var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        var (bucket, window, length) = (BucketOf(key, now), now / (seconds * 1000L), seconds * 1000L);
        if (Volatile.Read(ref bucket.Window) == window && Interlocked.Decrement(ref bucket.Left) is >= 0 and var left)
            return ValueTask.FromResult(new RateLimits.Answer(Allowed: true, left + bucket.Beyond, Seconds(((window + 1) * length) - now)));
        return Slowly(key, bucket, hits, seconds, now, stop);
    }

    private async ValueTask<RateLimits.Answer> Slowly(string key, Bucket bucket, int hits, int seconds, long now, CancellationToken stop)
    {
        await bucket.Gate.WaitAsync(stop);
        try
        {
            now = Math.Max(now, _clock.GetUtcNow().ToUnixTimeMilliseconds());
            var (window, length) = (now / (seconds * 1000L), seconds * 1000L);
            if (bucket.Window == window && Interlocked.Decrement(ref bucket.Left) is >= 0 and var left) return new(Allowed: true, left + bucket.Beyond, Seconds(((window + 1) * length) - now));
            if (now < bucket.FreeAt) return new(Allowed: false, 0, Seconds(bucket.FreeAt - now));
            if (bucket.Window != window) bucket.Lent = 0;

            var block = Math.Max(1, hits / 10);
            var drawn = await Draw(key, window, block, hits, seconds, now - (window * length), stop) ?? Lend(bucket, block, hits);
            Volatile.Write(ref bucket.Left, drawn.Granted - 1);
            bucket.FreeAt = drawn.Granted > 0 ? 0 : now + Wait(drawn, hits, length, now - (window * length));
            bucket.Beyond = Math.Max(0, hits - drawn.Taken - Weighed(drawn.Before, length, now - (window * length)));
            Volatile.Write(ref bucket.Window, window);
            return drawn.Granted > 0 ? new(Allowed: true, drawn.Granted - 1 + bucket.Beyond, Seconds(((window + 1) * length) - now)) : new(Allowed: false, 0, Seconds(bucket.FreeAt - now));
        }
        finally { bucket.Gate.Release(); }
    }

    // Null: PostgreSQL does not answer, and is left alone for a moment.
    private async Task<Drawn?> Draw(string key, long window, int block, int hits, int seconds, long elapsed, CancellationToken stop)
    {
        var now = Environment.TickCount64;
        if (now < Volatile.Read(ref _askAgainAt)) return null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        try
        {
            var expires = DateTimeOffset.FromUnixTimeSeconds((window + 2) * seconds);
            var asked = new { key, window, block, hits, inside = (seconds * 1000L) - elapsed, length = seconds * 1000L, expires };
            return await database.Find<Drawn>(FirstSql, asked, patience.Token) ?? await database.Find<Drawn>(NextSql, asked, patience.Token);
        }
        catch (Exception problem) when (problem is NpgsqlException or TimeoutException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            Volatile.Write(ref _askAgainAt, now + (long)AskAgain.TotalMilliseconds);
            return null;
        }
    }

    private static Drawn Lend(Bucket bucket, int block, int hits)
    {
        var granted = Math.Clamp(hits - bucket.Lent, 0, block);
        bucket.Lent += granted;
        return new Drawn(granted, bucket.Lent, 0);
    }

    /// <summary>Milliseconds until one more fits: in this window as the one before slides out, else in the next as this one does.</summary>
    private static long Wait(Drawn drawn, int hits, long length, long elapsed)
    {
        var room = hits - 1 - drawn.Taken;
        if (room >= 0) return Math.Max(1, Until(drawn.Before, room, length) - elapsed);
        return length - elapsed + Until(drawn.Taken, hits - 1, length);
    }

    // When so many of the window before are left that they fit: before * (length - t) / length <= room.
    private static long Until(int before, int room, long length) => before <= room ? 0 : length - ((long)room * length / before);

    private static int Weighed(int before, long length, long elapsed) => (int)(((before * (length - elapsed)) + length - 1) / length);

    private static int Seconds(long milliseconds) => (int)Math.Max(1, (milliseconds + 999) / 1000);

    private Bucket BucketOf(string key, long now)
    {
        if (_young.TryGetValue(key, out var bucket)) return bucket;
        bucket = _young.GetOrAdd(key, static (k, old) => old.TryGetValue(k, out var known) ? known : new Bucket(), _old);
        if (Interlocked.Increment(ref _added) > maxKeys) Turn(now);
        return bucket;
    }

    // The young half becomes the old one; those who are being refused go along with the young, half of it at most.
    private void Turn(long now)
    {
        lock (_turning)
        {
            if (_added <= maxKeys) return;
            var young = new ConcurrentDictionary<string, Bucket>(StringComparer.Ordinal);
            foreach (var (key, bucket) in _old.Concat(_young))
                if (Volatile.Read(ref bucket.FreeAt) > now && young.Count < maxKeys / 2) young[key] = bucket;
            (_old, _young, _added) = (_young, young, young.Count);
        }
    }

    private const string Room = """
        (select coalesce(max(p.taken), 0) as taken from foundation.rate_windows p where p.key = @key and p.window_no = @window - 1)
        """;

    // The first of all nodes in this window.
    private const string FirstSql = $"""
        insert into foundation.rate_windows as w (key, window_no, taken, expires_at)
        select @key, @window, least(@block, greatest(0, @hits - (b.taken * @inside + @length - 1) / @length))::int, @expires from {Room} b
        on conflict (key, window_no) do nothing
        returning w.taken as granted, w.taken, {Room} as before
        """;

    private const string NextSql = $"""
        with held as (select w.taken from foundation.rate_windows w where w.key = @key and w.window_no = @window for update),
        drawn as (select b.taken as before, least(@block, greatest(0, @hits - h.taken - (b.taken * @inside + @length - 1) / @length))::int as granted from held h cross join {Room} b)
        update foundation.rate_windows w set taken = w.taken + d.granted from drawn d where w.key = @key and w.window_no = @window
        returning d.granted, w.taken, d.before
        """;
}
