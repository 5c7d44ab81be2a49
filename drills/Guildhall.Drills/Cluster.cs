using System.Diagnostics;
using System.Globalization;
using Guildhall.Marketplace;
using Guildhall.Money;

namespace Guildhall.Drills;

/// <summary>The leader of three PostgreSQL is killed, cut off and frozen, a replica is frozen and slow, while customers book and pay.</summary>
internal static class Cluster
{
    public const string Help = """
        Usage: ./drill cluster [--short] [--seed N] [--customers N] [--only NAME,NAME] [--capacity]
        Two nodes behind HAProxy on three PostgreSQL under Patroni (deploy/cluster). While customers hold slots, pay and give them up, one after the other: kill (the leader's machine is
        lost), split (the leader is cut off from etcd and the others, and clients still reach it), frozen (its PostgreSQL and Patroni stop and go on), replica (the replica that commits
        wait for is frozen), slow (it runs a quarter of the time). Afterwards every write that was answered is there, each request had its effect once, errors came only during the
        switch, and the books balance. --short: kill, with a ttl of 10 s instead of 20. --capacity: no outage, but how much one node and both do.
        """;

    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(4);

    // It happens to the leader, or to the replica that commits wait for.
    private sealed record Outage(string Name, bool Leads, string Break, string? Mend);

    private static readonly Outage[] All =
    [
        new("kill", true, "kill", "start"), new("split", true, "cut", "join"), new("frozen", true, "freeze", "thaw"), new("replica", false, "freeze", "thaw"), new("slow", false, "slow", null),
    ];

    public static async Task<int> Run(int customers, int seed, bool isShort, string? only)
    {
        var (watch, broken) = (Stopwatch.StartNew(), new List<string>());
        using var members = new ClusterMembers();
        await using var stage = await Stage.Set(new Plan(0, 1, customers, seed));
        var front = await members.Front(stage.Nodes);
        await stage.Ready(front);
        using var crowd = new ClusterCrowd(stage, front, TimeSpan.FromMilliseconds(100));
        await crowd.Begin(await Purchases.Enlist(stage, customers), await Purchases.Services(stage), seed);
        foreach (var outage in All.Where(o => isShort ? o.Name is "kill" : only is null || only.Split(',').Contains(o.Name, StringComparer.Ordinal)))
        {
            if (outage.Break is "cut" && !members.HasLines) Console.WriteLine("split: not tried, because no line can be cut without network namespaces");
            else broken.AddRange(await Meet(stage, members, crowd, outage, isShort));
        }
        await crowd.End();
        stage.Superuser.Clear(); // connections to members that were
        broken.AddRange(await Found(stage, crowd));
        await Purchases.Calm(stage);
        broken.AddRange(await Oracle.Judge(stage));
        foreach (var what in broken) Console.WriteLine($"BROKEN {what}");
        Console.WriteLine($"seed {seed}; {Text(watch.Elapsed)} s");
        Console.WriteLine(broken.Count == 0 ? "1 passed, 0 failed" : "0 passed, 1 failed");
        return broken.Count == 0 ? 0 : 1;
    }

    private static async Task<List<string>> Meet(Stage stage, ClusterMembers members, ClusterCrowd crowd, Outage outage, bool isShort)
    {
        await Task.Delay(isShort ? TimeSpan.FromSeconds(3) : Calm);
        var member = outage.Leads ? await members.Leader() : await members.SyncReplica();
        var begun = crowd.Clock.Elapsed;
        await members.Do(outage.Break, member);
        var broke = outage.Break is "slow" ? begun : crowd.Clock.Elapsed;
        var back = await FirstDone(crowd, broke);
        await Task.Delay(isShort ? TimeSpan.FromSeconds(2) : Calm);
        var mended = crowd.Clock.Elapsed;
        if (outage.Mend is not null && !isShort) await members.Do(outage.Mend, member);
        var whole = isShort ? (TimeSpan?)null : await members.Whole(TimeSpan.FromSeconds(120));
        if (!isShort) await Task.Delay(Calm);
        stage.Superuser.Clear();
        return Tell(outage, member, crowd, begun, broke, back, mended, whole);
    }

    // The first answer of success to a write that began after it.
    private static async Task<TimeSpan> FirstDone(ClusterCrowd crowd, TimeSpan after)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(180); await Task.Delay(50))
            if (crowd.Attempts.Where(a => a.IsDone && a.Start > after).Select(a => (TimeSpan?)a.End).Min() is { } done) return done;
        throw new TimeoutException("Three minutes after it nothing could be written.");
    }

    private static List<string> Tell(Outage outage, string member, ClusterCrowd crowd, TimeSpan begun, TimeSpan broke, TimeSpan back, TimeSpan mended, TimeSpan? whole)
    {
        var broken = new List<string>();
        var (all, settled) = (crowd.Attempts.ToArray(), back + TimeSpan.FromSeconds(3));
        var since = all.Where(a => a.End > begun).ToArray();
        var errors = since.Where(a => a.Error is not null).ToArray();
        var during = errors.Where(e => e.Start <= settled).ToArray();
        var done = all.Where(a => a.IsDone).Select(a => a.End).Order().ToArray();
        var longest = done.Zip(done.Skip(1)).Where(p => p.Second > begun).Select(p => p.Second - p.First).DefaultIfEmpty().Max();
        Console.WriteLine($"{outage.Name} ({member}): writes back after {Text(back - broke)} s, longest pause {Text(longest)} s; {during.Length} errors{When(during, begun)}: {Kinds(during)}");
        var again = whole is { } took ? $"; whole again {Text(took)} s after it was mended" : "";
        Console.WriteLine($"  answered before: {Speed(all.Where(a => a.IsDone && a.End <= begun && a.End > begun - Calm), Calm)}; during: {Speed(since.Where(a => a.IsDone && a.End <= mended), mended - begun)}{again}");
        if (errors.Length > during.Length) broken.Add($"{outage.Name}: {errors.Length - during.Length} errors after the switch: {Kinds(errors[during.Length..])}");
        if (Array.Find(during, e => e.Error!.StartsWith("500", StringComparison.Ordinal) || e.Error.StartsWith("503", StringComparison.Ordinal) && !e.Error.Contains("Retry-After", StringComparison.Ordinal)) is { } bare)
            broken.Add($"{outage.Name}: somebody was answered {bare.Error}");
        return broken;
    }

    private static string When(ClusterCrowd.Attempt[] errors, TimeSpan begun) => errors.Length == 0 ? "" : $" from {Text(errors.Min(e => e.End) - begun)} s to {Text(errors.Max(e => e.End) - begun)} s";

    private static string Kinds(ClusterCrowd.Attempt[] errors) => string.Join(", ", errors.GroupBy(e => e.Error).OrderByDescending(g => g.Count()).Select(g => $"{g.Count()} {g.Key}"));

    private static string Speed(IEnumerable<ClusterCrowd.Attempt> answered, TimeSpan time)
    {
        var took = answered.Select(a => (a.End - a.Start).TotalMilliseconds).Order().ToArray();
        return took.Length == 0 ? "nothing" : string.Create(CultureInfo.InvariantCulture,
            $"{took.Length / time.TotalSeconds:0.0}/s, p50 {took[took.Length / 2]:0} ms, p95 {took[Math.Min(took.Length - 1, took.Length * 95 / 100)]:0} ms, at most {took[^1]:0} ms");
    }

    /// <summary>Each answered write once, and nothing that nobody was told of: every request was repeated until it was answered.</summary>
    private static async Task<List<string>> Found(Stage stage, ClusterCrowd crowd)
    {
        var broken = new List<string>();
        var bookings = await Rows(stage, $"select b.id, b.state from marketplace.bookings b where b.customer_id in {Ours}", id => BookingId.From(id).ToString());
        var payments = await Rows(stage, $"select p.id, p.state from money.payments p join money.orders o on o.id = p.order_id where o.customer_id in {Ours}", id => PaymentId.From(id).ToString());
        var (held, cancelled, paying) = (crowd.Held.ToHashSet(StringComparer.Ordinal), crowd.Cancelled.ToHashSet(StringComparer.Ordinal), crowd.Paying.ToHashSet(StringComparer.Ordinal));
        if (held.Count(id => !bookings.ContainsKey(id)) is > 0 and var lost) broken.Add($"{lost} bookings that were answered are lost");
        if (cancelled.Count(id => bookings.GetValueOrDefault(id) is not "cancelled") is > 0 and var back) broken.Add($"{back} cancellations that were answered are lost");
        if (paying.Count(id => !payments.ContainsKey(id)) is > 0 and var unpaid) broken.Add($"{unpaid} payments that were answered are lost");
        if (bookings.Keys.Count(id => !held.Contains(id)) is > 0 and var extra) broken.Add($"{extra} bookings are there that nobody was answered: a repeated request had an effect of its own");
        if (payments.Keys.Count(id => !paying.Contains(id)) is > 0 and var more) broken.Add($"{more} payments are there that nobody was answered");
        if (crowd.Held.Count != held.Count) broken.Add($"{crowd.Held.Count - held.Count} bookings were answered to two requests");
        var refused = string.Join(", ", crowd.Refused.Select(r => $"{r.Value} {r.Key}"));
        Console.WriteLine($"acknowledged: {held.Count} bookings, {cancelled.Count} cancellations, {paying.Count} payments, all looked for{(broken.Count == 0 ? ", each found once" : "")}; refused: {refused}");
        return broken;
    }

    private const string Ours = "(select id from identity.accounts where email like 'buyer%@example.test')";

    private static async Task<Dictionary<string, string>> Rows(Stage stage, string sql, Func<Guid, string> name)
    {
        var rows = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var command = stage.Superuser.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) rows.Add(name(reader.GetGuid(0)), reader.GetString(1));
        return rows;
    }

    private static string Text(TimeSpan time) => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
}
