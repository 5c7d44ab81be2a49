using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Guildhall.Foundation.Http;

/// <summary>Rate limits shared by all nodes through PostgreSQL, each over a sliding window. Exact classes keep the times of the last hits in one row per key and
/// decide in one statement; without PostgreSQL they answer 503 and let nothing through. The others draw blocks of a tenth of their limit, see <see cref="RateBlocks"/>.
/// An IPv6 address counts as its /64.</summary>
public sealed class RateLimits(Database database)
{
    private readonly RateBlocks _blocks = new(database);

    /// <summary>A limit: so many hits in so many seconds.</summary>
    public sealed record Limit(int Hits, int Seconds);

    /// <summary>The limits of a class of routes: per address for who is not signed in, per account for who is; staff are people with any permission.</summary>
    /// <param name="Exact">Counted hit by hit in PostgreSQL.</param>
    /// <param name="ByAddress">Counted per address also for who is signed in: these routes are about becoming somebody.</param>
    public sealed record ClassLimits(Limit Anonymous, Limit SignedIn, Limit Staff, bool Exact, bool ByAddress = false);

    /// <summary>Every rate limit of the product. What is not here is not counted: assets, health, streams (six at once per session).</summary>
    public static FrozenDictionary<RateClass, ClassLimits> All { get; } = new Dictionary<RateClass, ClassLimits>
    {
        [RateClass.General] = new(new Limit(60, 60), new Limit(1200, 60), new Limit(2400, 60), Exact: false),
        [RateClass.Page] = new(new Limit(300, 60), new Limit(1200, 60), new Limit(2400, 60), Exact: false),
        [RateClass.Refresh] = new(new Limit(1200, 60), new Limit(1200, 60), new Limit(1200, 60), Exact: false, ByAddress: true),
        [RateClass.Auth] = new(new Limit(10, 60), new Limit(10, 60), new Limit(10, 60), Exact: true, ByAddress: true),
        [RateClass.Code] = new(new Limit(5, 60), new Limit(5, 60), new Limit(5, 60), Exact: true),
        [RateClass.Money] = new(new Limit(30, 60), new Limit(60, 60), new Limit(60, 60), Exact: true),
        [RateClass.Webhook] = new(new Limit(6000, 60), new Limit(6000, 60), new Limit(6000, 60), Exact: false),
    }.ToFrozenDictionary();

    /// <summary>Multiplies every limit; for load drills in sandbox mode.</summary>
    public int Factor { get; init; } = 1;

    /// <summary>Null when the request may go on, else the refusal with the seconds to wait. Says in <c>RateLimit</c> and <c>RateLimit-Policy</c> how much is left.</summary>
    public async ValueTask<Refusal?> Check(HttpContext http, Caller caller, RateClass rate)
    {
        if (!All.TryGetValue(rate, out var limits)) return null;
        var limit = caller switch { { IsSignedIn: false } => limits.Anonymous, { Permissions.Count: > 0 } => limits.Staff, _ => limits.SignedIn };
        var (name, hits) = (Names.Of(rate), (int)Math.Min(1_000_000_000, (long)limit.Hits * Factor));
        var key = $"{name}:{(caller.IsSignedIn && !limits.ByAddress ? caller.AccountKey() : AddressKey(caller.Address))}";
        var answer = limits.Exact ? await Count(key, hits, limit.Seconds, http.RequestAborted) : await _blocks.Take(key, hits, limit.Seconds, http.RequestAborted);
        Say(http.Response.Headers, name, hits, limit.Seconds, answer);
        return answer.Allowed ? null : FoundationRefusals.RateLimited with { RetryAfterSeconds = answer.Seconds };
    }

    /// <summary>Counts one hit exactly. Null when allowed; else the whole seconds after which the next one is. A refused hit is not counted.</summary>
    public async Task<int?> Hit(string key, int hits, int seconds, CancellationToken stop) => (await HitOf(key, hits, seconds, stop)).Wait;

    /// <summary>The same, and how many hits the window holds now, with this one when it was allowed.</summary>
    public async Task<(int? Wait, int Held)> HitOf(string key, int hits, int seconds, CancellationToken stop)
    {
        var answer = await Count(key, hits, seconds, stop);
        return (answer.Allowed ? null : answer.Seconds, hits - answer.Left);
    }

    /// <summary>The same inside a transaction: what is counted holds when that commits, and its lock keeps others who count under this key waiting.</summary>
    public static async Task<int?> Hit(Transaction tx, string key, int hits, int seconds)
    {
        var now = TimeProvider.System.GetUtcNow();
        var verdict = await tx.Get<Verdict>(HitSql, new { key, now, since = now.AddSeconds(-seconds), hits, expires = now.AddSeconds(seconds) });
        return verdict.Allowed ? null : Wait(verdict, now, seconds);
    }

    /// <summary>The hits did not stand for what is limited (the sign-in succeeded): the key starts anew.</summary>
    public Task Forget(string key, CancellationToken stop) => database.Change($"delete from foundation.rate_hits using {NotFlushed} where key = @key", new { key }, stop);

    /// <inheritdoc cref="Forget(string, CancellationToken)"/>
    public static Task Forget(Transaction tx, string key) => tx.Change("delete from foundation.rate_hits where key = @key", new { key });

    // What is counted outside a transaction need not reach the disk before the answer: a crash of PostgreSQL may forget the counts of its last half second, and nothing else.
    private const string NotFlushed = "(select set_config('synchronous_commit', 'off', true)) not_flushed";

    /// <summary>The last hit led to nothing: it is not counted.</summary>
    public Task TakeBack(string key, CancellationToken stop) => database.Change($"{LessOne} from {NotFlushed} {WhereAny}", new { key }, stop);

    /// <inheritdoc cref="TakeBack(string, CancellationToken)"/>
    public static Task TakeBack(Transaction tx, string key) => tx.Change($"{LessOne} {WhereAny}", new { key });

    private const string LessOne = "update foundation.rate_hits set hits = hits[1:array_length(hits, 1) - 1]", WhereAny = "where key = @key and array_length(hits, 1) > 0";

    /// <param name="Left">Hits that are left for now.</param>
    /// <param name="Seconds">Whole seconds until there is at least one more than that.</param>
    internal readonly record struct Answer(bool Allowed, int Left, int Seconds);

    private sealed record Verdict(bool Allowed, int Used, DateTimeOffset? FreeAt);

    private async Task<Answer> Count(string key, int hits, int seconds, CancellationToken stop)
    {
        var now = TimeProvider.System.GetUtcNow();
        var verdict = (await database.Find<Verdict>(HitAloneSql, new { key, now, since = now.AddSeconds(-seconds), hits, expires = now.AddSeconds(seconds) }, stop))!;
        return new Answer(verdict.Allowed, Math.Max(0, hits - verdict.Used), Wait(verdict, now, seconds));
    }

    private static int Wait(Verdict verdict, DateTimeOffset now, int seconds) =>
        verdict.FreeAt is { } free ? Math.Clamp((int)Math.Ceiling((free.AddSeconds(seconds) - now).TotalSeconds), 1, seconds) : seconds;

    // draft-ietf-httpapi-ratelimit-headers-10: the policy by name with quota and window; what remains of it, and when there is more.
    private static void Say(IHeaderDictionary headers, string name, int hits, int seconds, Answer answer)
    {
        headers["RateLimit-Policy"] = PolicyOf(name, hits, seconds);
        headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"{name}\";r={answer.Left};t={answer.Seconds}");
    }

    private static readonly System.Collections.Concurrent.ConcurrentDictionary<(string, int, int), StringValues> Policies = new();

    private static StringValues PolicyOf(string name, int hits, int seconds) =>
        Policies.GetOrAdd((name, hits, seconds), static p => string.Create(CultureInfo.InvariantCulture, $"\"{p.Item1}\";q={p.Item2};w={p.Item3}"));

    /// <summary>Whom an anonymous request is counted for.</summary>
    public static string AddressKey(IPAddress? address) => NetworkKey(address, 32, 64);

    /// <summary>The network that an address stands in, as one key: so many bits of IPv4, so many of IPv6. A whole IPv4 address stands alone.</summary>
    public static string NetworkKey(IPAddress? address, int bitsOfFour, int bitsOfSix)
    {
        if (address is null) return "none";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var bits = address.AddressFamily == AddressFamily.InterNetworkV6 ? bitsOfSix : bitsOfFour;
        var bytes = address.GetAddressBytes();
        if (bits == bytes.Length * 8) return address.ToString();
        Array.Clear(bytes, bits / 8, bytes.Length - (bits / 8));
        return string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(bytes)}/{bits}");
    }

    private const string HitSql = $"insert into foundation.rate_hits as h (key, hits, allowed, expires_at) values (@key, array[@now], true, @expires) {OrAdd}";

    private const string HitAloneSql = $"insert into foundation.rate_hits as h (key, hits, allowed, expires_at) select @key, array[@now], true, @expires from {NotFlushed} {OrAdd}";

    // The time at which there is one more: when refused, that of the hit which has to leave the window; else that of the oldest.
    private const string OrAdd = """
        on conflict (key) do update set
            allowed = (select count(*) < @hits from unnest(h.hits) t where t > @since),
            hits = case when (select count(*) < @hits from unnest(h.hits) t where t > @since)
                then (select coalesce(array_agg(t order by t), '{}') from unnest(h.hits) t where t > @since) || @now else h.hits end,
            expires_at = @expires
        returning allowed, (select count(*)::int from unnest(hits) t where t > @since) as used,
            case when allowed then (select min(t) from unnest(hits) t where t > @since)
                else (select t from unnest(hits) t where t > @since order by t desc offset @hits - 1 limit 1) end as free_at
        """;
}

internal static class CallerKeys
{
    public static string AccountKey(this Caller caller) => caller.AccountId!.Value.ToString("n");
}
