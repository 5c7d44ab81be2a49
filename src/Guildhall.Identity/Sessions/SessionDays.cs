using Guildhall.Foundation.Data;

namespace Guildhall.Identity.Sessions;

/// <summary>What is counted by day (UTC): sign-ins in the transaction that opens the session, days on which somebody was active with the batches of
/// <see cref="LastActive"/>. Both are kept for <see cref="Kept"/>.</summary>
internal static class SessionDays
{
    /// <summary>How long days are kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    /// <summary>Days that statistics look back, today among them.</summary>
    public const int Shown = 30;

    private const int Shards = 16;

    public static DateOnly DayOf(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);

    /// <summary>The first of the days that are shown.</summary>
    public static DateOnly Since(DateTimeOffset now) => DayOf(now).AddDays(1 - Shown);

    public static Task CountSignIn(Transaction tx, DeviceType device) =>
        tx.Change(Count, new { day = DayOf(tx.Now), device, shard = (short)Random.Shared.Next(Shards) });

    /// <summary>The accounts of these sessions were active on these days.</summary>
    public static Task MarkActive(Transaction tx, Guid[] sessions, DateTimeOffset[] times) =>
        tx.Change(Mark, new { sessions, days = times.Select(DayOf).ToArray() });

    private const string Count = """
        insert into identity.sign_in_days (day, device_type, shard, sign_ins) values (@day, @device, @shard, 1)
        on conflict (day, device_type, shard) do update set sign_ins = identity.sign_in_days.sign_ins + 1
        """;

    // In order, so that two nodes' batches cannot meet in a deadlock.
    private const string Mark = """
        insert into identity.active_days (account_id, day)
        select distinct s.account_id, n.day from unnest(@sessions, @days) as n(id, day) join identity.sessions s on s.id = n.id
        where s.impersonator_id is null order by s.account_id, n.day
        on conflict do nothing
        """;
}

/// <summary>Something that was counted on a day (UTC).</summary>
public sealed record DayCount(DateOnly Day, long Count)
{
    /// <summary>Every day of the last thirty, those without any among them.</summary>
    internal static IReadOnlyList<DayCount> Filled(IEnumerable<DayCount> counted, DateTimeOffset now)
    {
        var known = counted.ToDictionary(c => c.Day, c => c.Count);
        var since = SessionDays.Since(now);
        return [.. Enumerable.Range(0, SessionDays.Shown).Select(i => new DayCount(since.AddDays(i), known.GetValueOrDefault(since.AddDays(i))))];
    }
}

/// <summary>How many of a kind.</summary>
public sealed record NamedCount(string Name, long Count);
