using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Http;

namespace Guildhall.Foundation.Http;

/// <summary>Rate limits shared by all nodes through PostgreSQL. Exact classes keep the times of the last hits in one row per key and decide in
/// one statement (sliding window). General traffic draws blocks of a tenth of its limit per node and minute; the most it can overshoot is
/// one block per node. An IPv6 address counts as its /64.</summary>
public sealed class RateLimits(Database database)
{
    private const int MaxBuckets = 100_000;
    private readonly ConcurrentDictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);

    /// <summary>A limit: so many hits in so many seconds.</summary>
    public sealed record Limit(int Hits, int Seconds, bool Exact);

    /// <summary>Every limit of the product.</summary>
    public static IReadOnlyDictionary<RateClass, (Limit Anonymous, Limit SignedIn)> All { get; } = new Dictionary<RateClass, (Limit, Limit)>
    {
        [RateClass.General] = (new Limit(600, 60, Exact: false), new Limit(1200, 60, Exact: false)),
        [RateClass.Auth] = (new Limit(10, 60, Exact: true), new Limit(10, 60, Exact: true)),
        [RateClass.Code] = (new Limit(5, 60, Exact: true), new Limit(5, 60, Exact: true)),
        [RateClass.Money] = (new Limit(30, 60, Exact: true), new Limit(60, 60, Exact: true)),
        [RateClass.Webhook] = (new Limit(6000, 60, Exact: false), new Limit(6000, 60, Exact: false)),
        [RateClass.Stream] = (new Limit(30, 60, Exact: true), new Limit(60, 60, Exact: true)),
    };

    /// <summary>Multiplies every limit; for load drills in sandbox mode.</summary>
    public int Factor { get; init; } = 1;

    private sealed class Bucket
    {
        public long Window;
        public int Left;
        public int Refused;
        public readonly SemaphoreSlim Gate = new(1, 1);
    }

    /// <summary>Null when the request may go on, else the refusal with the seconds to wait.</summary>
    public async ValueTask<Refusal?> Check(HttpContext http, Caller caller, RateClass rate)
    {
        if (rate == RateClass.None) return null;
        var (anonymous, signedIn) = All[rate];
        var limit = caller.IsSignedIn ? signedIn : anonymous;
        var key = caller.IsSignedIn ? caller.AccountKey() : AddressKey(caller.Address);
        var wait = limit.Exact
            ? await Hit($"{Names.Of(rate)}:{key}", limit.Hits * Factor, limit.Seconds, http.RequestAborted)
            : await Draw(rate, key, limit, http.RequestAborted);
        return wait is { } seconds ? FoundationRefusals.RateLimited with { RetryAfterSeconds = seconds } : null;
    }

    /// <summary>Counts one hit exactly. Null when allowed; else the whole seconds after which the next one is. A refused hit is not counted.</summary>
    public async Task<int?> Hit(string key, int hits, int seconds, CancellationToken stop)
    {
        var now = TimeProvider.System.GetUtcNow();
        var wait = await database.Find<Verdict>(HitSql, new { key, now, since = now.AddSeconds(-seconds), hits, expires = now.AddSeconds(seconds) }, stop);
        return Wait(wait!, now, seconds);
    }

    /// <summary>The same inside a transaction: what is counted holds when that commits, and its lock keeps others who count under this key waiting.</summary>
    public static async Task<int?> Hit(Transaction tx, string key, int hits, int seconds)
    {
        var now = TimeProvider.System.GetUtcNow();
        return Wait(await tx.Get<Verdict>(HitSql, new { key, now, since = now.AddSeconds(-seconds), hits, expires = now.AddSeconds(seconds) }), now, seconds);
    }

    private static int? Wait(Verdict verdict, DateTimeOffset now, int seconds) =>
        verdict.Allowed ? null : Math.Clamp((int)Math.Ceiling((verdict.FreeAt!.Value.AddSeconds(seconds) - now).TotalSeconds), 1, seconds);

    /// <summary>The hits did not stand for what is limited (the sign-in succeeded): the key starts anew. Answers how many there were.</summary>
    public Task<int> Forget(string key, CancellationToken stop) => database.Find<int>(ForgetSql, new { key }, stop);

    /// <inheritdoc cref="Forget(string, CancellationToken)"/>
    public static Task<int> Forget(Transaction tx, string key) => tx.Find<int>(ForgetSql, new { key });

    private const string ForgetSql = "delete from foundation.rate_hits where key = @key returning cardinality(hits)";

    /// <summary>The last hit led to nothing: it is not counted.</summary>
    public Task TakeBack(string key, CancellationToken stop) =>
        database.Change("update foundation.rate_hits set hits = hits[1:array_length(hits, 1) - 1] where key = @key and array_length(hits, 1) > 0", new { key }, stop);

    private sealed record Verdict(bool Allowed, DateTimeOffset? FreeAt);

    private async ValueTask<int?> Draw(RateClass rate, string key, Limit limit, CancellationToken stop)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var window = now / limit.Seconds;
        if (_buckets.Count > MaxBuckets) Forget(window);
        var bucket = _buckets.GetOrAdd((rate, key) switch { (RateClass.General, _) => key, _ => $"{rate}:{key}" }, static _ => new Bucket());
        if (Volatile.Read(ref bucket.Window) == window && Interlocked.Decrement(ref bucket.Left) >= 0) return null;

        await bucket.Gate.WaitAsync(stop);
        try
        {
            if (bucket.Window == window && Interlocked.Decrement(ref bucket.Left) >= 0) return null;
            var wait = (int)(((window + 1) * limit.Seconds) - now);
            if (bucket.Window == window && bucket.Refused == 1) return wait;
            var block = Math.Max(1, limit.Hits * Factor / 10);
            var expires = DateTimeOffset.FromUnixTimeSeconds((window + 2) * limit.Seconds);
            var granted = await database.Find<int>(DrawSql, new { key = $"{Names.Of(rate)}:{key}", window, block, hits = limit.Hits * Factor, expires }, stop);
            Volatile.Write(ref bucket.Left, granted - 1);
            bucket.Refused = granted == 0 ? 1 : 0;
            Volatile.Write(ref bucket.Window, window);
            return granted > 0 ? null : wait;
        }
        finally { bucket.Gate.Release(); }
    }

    // Buckets of past windows hold no refusal that still matters; those of the present window stay.
    private void Forget(long window)
    {
        foreach (var (key, bucket) in _buckets) if (bucket.Window != window) _buckets.TryRemove(key, out _);
    }

    /// <summary>Whom an anonymous request is counted for.</summary>
    public static string AddressKey(IPAddress? address)
    {
        if (address is null) return "none";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address.ToString();
        var bytes = address.GetAddressBytes();
        Array.Clear(bytes, 8, 8);
        return new IPAddress(bytes) + "/64";
    }

    private const string HitSql = """
        insert into foundation.rate_hits as h (key, hits, allowed, expires_at) values (@key, array[@now], true, @expires)
        on conflict (key) do update set
            allowed = (select count(*) < @hits from unnest(h.hits) t where t > @since),
            hits = case when (select count(*) < @hits from unnest(h.hits) t where t > @since)
                then (select coalesce(array_agg(t order by t), '{}') from unnest(h.hits) t where t > @since) || @now else h.hits end,
            expires_at = @expires
        returning allowed, case when allowed then null else (select t from unnest(hits) t where t > @since order by t desc offset @hits - 1 limit 1) end as free_at
        """;

    private const string DrawSql = """
        with drawn as (
            insert into foundation.rate_windows as w (key, window_no, taken, expires_at) values (@key, @window, least(@block, @hits), @expires)
            on conflict (key, window_no) do update set taken = least(w.taken + @block, @hits + @block)
            returning taken)
        select greatest(0, least(@block, @hits - (taken - @block))) from drawn
        """;
}

internal static class CallerKeys
{
    public static string AccountKey(this Caller caller) => caller.AccountId!.Value.ToString("n");
}
