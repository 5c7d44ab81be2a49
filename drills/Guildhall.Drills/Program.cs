using System.Diagnostics;
using System.Globalization;
using Guildhall.Drills;

const string Help = """
    Usage: ./drill purchases [--short] [--seed N] [--purchases N] [--kills N]
    Two nodes on one database, a sandbox that delays, loses, repeats and reorders what it sends and times out after the effect, customers who
    buy at once, and kill -9 of a node at random moments. Afterwards: every payment is settled or refunded, no slot is sold twice, the ledger
    sums to zero, and no effect happened twice at the gateway.
    """;

if (args is ["contention-worker", ..]) return await ContentionWorker.Run(Number("--from", 0), Number("--until", 0), Number("--clients", 64));
var isShort = args.Contains("--short", StringComparer.Ordinal);
(string Text, Func<Task<int>> Run) drill = args.FirstOrDefault() switch
{
    "reconciliation" => (Reconciliation.Help, () => Reconciliation.Run(Number("--rows", isShort ? 50_000 : 1_000_000), Number("--seed", 7), args.Contains("--kill", StringComparer.Ordinal))),
    "sessions" => (Sessions.Help, () => Sessions.Run(isShort ? 0 : Number("--minutes", 10), isShort ? 20 : 0, Number("--tabs", isShort ? 40 : 100), Number("--seed", 7))),
    "outages" => (Outages.Help, () => Outages.Run(Number("--seconds", isShort ? 8 : 35), Number("--seed", 7), isShort)),
    "contention" => (Contention.Help, () => Contention.Run(Number("--attempts", isShort ? 4_000 : 1_000_000), Number("--seed", 7), Number("--kill-every", isShort ? 8 : 20))),
    "checkouts" => (Checkouts.Help, () => Checkouts.Run(Number("--count", isShort ? 300 : 100_000), wave: isShort ? 100 : 1_000, Number("--seed", 7))),
    "crowd" => (Crowd.Help, () => Crowd.Run(Number("--people", isShort ? 20 : 0) is > 0 and var people ? [people] : [100, 1_000], Number("--seed", 7))),
    "soak" => (Soak.Help, () => Soak.Run(SoakSize(), Number("--seed", 7))),
    "reminders" => (Reminders.Help, () => Reminders.Run(Number("--bookings", isShort ? 300 : 50_000), Number("--seconds", isShort ? 10 : 900), Number("--kill-every", 5), Number("--seed", 7), isShort)),
    "streams" => (Streams.Help, () => Streams.Run(StreamsSize(), Number("--seed", 7))),
    "cluster" when args.Contains("--capacity", StringComparer.Ordinal) => (Cluster.Help, () => ClusterCapacity.Run(Number("--customers", 16), Number("--seconds", 20), Number("--seed", 7), args.Contains("--alone", StringComparer.Ordinal))),
    "cluster" => (Cluster.Help, () => Cluster.Run(Number("--customers", isShort ? 8 : 16), Number("--seed", 7), isShort, Array.IndexOf(args, "--only") is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null)),
    "timing" => (Timing.Help, () => Timing.Run(Number("--tries", isShort ? 0 : 2_000), Number("--full-tries", isShort ? 2 : 100), Number("--seed", 7), judges: !isShort)),
    _ => (Help, BuyThings),
};
if (!args.Contains("--help", StringComparer.Ordinal)) return await drill.Run();
Console.WriteLine(drill.Text);
return 0;

Streams.Size StreamsSize() => isShort
    ? new(Number("--streams", 200), Number("--reconnects", 100), Number("--seconds", 8), Number("--rate", 20))
    : new(Number("--streams", 2_000), Number("--reconnects", 1_000), Number("--seconds", 60), Number("--rate", 50));

Soak.Size SoakSize() => isShort
    ? new(TimeSpan.FromSeconds(20), People: 10, Number("--rate", 60), TimeSpan.FromSeconds(8), JudgesMemory: false)
    : new(TimeSpan.FromMinutes(Number("--minutes", 30)), People: 200, Number("--rate", 0) is > 0 and var rate ? rate : null, TimeSpan.FromSeconds(30), JudgesMemory: true);

async Task<int> BuyThings()
{
    var seed = Number("--seed", isShort ? 7 : Environment.TickCount & 0xffff);
    var plan = new Plan(Purchases: Number("--purchases", isShort ? 8 : 200), Kills: Number("--kills", isShort ? 1 : 40), Customers: isShort ? 6 : 20, seed);
    var watch = Stopwatch.StartNew();
    await using var stage = await Stage.Set(plan);
    var outcome = await Purchases.Run(stage, plan);
    var faults = await Oracle.Judge(stage);
    Console.WriteLine($"seed {seed}: {outcome}; {watch.Elapsed.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s");
    foreach (var fault in faults) Console.WriteLine($"BROKEN {fault}");
    Console.WriteLine(faults.Count == 0 ? "1 passed, 0 failed" : "0 passed, 1 failed");
    return faults.Count == 0 ? 0 : 1;
}

int Number(string name, int otherwise) =>
    Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length && int.TryParse(args[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;

namespace Guildhall.Drills
{
    /// <summary>How much is done to it.</summary>
    internal sealed record Plan(int Purchases, int Kills, int Customers, int Seed);
}
