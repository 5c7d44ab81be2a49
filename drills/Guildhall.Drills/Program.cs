using System.Diagnostics;
using System.Globalization;
using Guildhall.Drills;

const string Help = """
    Usage: ./drill purchases [--short] [--seed N] [--purchases N] [--kills N]
    Two nodes on one database, a sandbox that delays, loses, repeats and reorders what it sends and times out after the effect, customers who
    buy at once, and kill -9 of a node at random moments. Afterwards: every payment is settled or refunded, no slot is sold twice, the ledger
    sums to zero, and no effect happened twice at the gateway.
    """;

if (args is ["reconciliation", ..])
{
    if (args.Contains("--help", StringComparer.Ordinal)) { Console.WriteLine(Reconciliation.Help); return 0; }
    var small = args.Contains("--short", StringComparer.Ordinal);
    return await Reconciliation.Run(Number("--rows", small ? 50_000 : 1_000_000), Number("--seed", 7), args.Contains("--kill", StringComparer.Ordinal));
}
if (args is ["sessions", ..])
{
    if (args.Contains("--help", StringComparer.Ordinal)) { Console.WriteLine(Sessions.Help); return 0; }
    var quick = args.Contains("--short", StringComparer.Ordinal);
    return await Sessions.Run(quick ? 0 : Number("--minutes", 10), quick ? 20 : 0, Number("--tabs", quick ? 40 : 100), Number("--seed", 7));
}
if (args is ["outages", ..])
{
    if (args.Contains("--help", StringComparer.Ordinal)) { Console.WriteLine(Outages.Help); return 0; }
    var little = args.Contains("--short", StringComparer.Ordinal);
    return await Outages.Run(Number("--seconds", little ? 8 : 35), Number("--seed", 7), little);
}
if (args is ["streams", ..])
{
    if (args.Contains("--help", StringComparer.Ordinal)) { Console.WriteLine(Streams.Help); return 0; }
    var slight = args.Contains("--short", StringComparer.Ordinal);
    return await Streams.Run(new Streams.Size(Number("--streams", slight ? 200 : 2_000), Number("--reconnects", slight ? 100 : 1_000), Number("--seconds", slight ? 8 : 60), Number("--rate", slight ? 20 : 50)), Number("--seed", 7));
}
if (args is ["timing", ..])
{
    if (args.Contains("--help", StringComparer.Ordinal)) { Console.WriteLine(Timing.Help); return 0; }
    var few = args.Contains("--short", StringComparer.Ordinal);
    return await Timing.Run(Number("--tries", few ? 40 : 2_000), Number("--full-tries", few ? 2 : 100), Number("--seed", 7), judges: !few);
}
if (args.Contains("--help", StringComparer.Ordinal)) { Console.WriteLine(Help); return 0; }
var brief = args.Contains("--short", StringComparer.Ordinal);
var seed = Number("--seed", brief ? 7 : Environment.TickCount & 0xffff);
var plan = new Plan(Purchases: Number("--purchases", brief ? 8 : 200), Kills: Number("--kills", brief ? 1 : 40), Customers: brief ? 6 : 20, seed);
var watch = Stopwatch.StartNew();
await using var stage = await Stage.Set(plan);
var outcome = await Purchases.Run(stage, plan);
var faults = await Oracle.Judge(stage);
Console.WriteLine($"seed {seed}: {outcome}; {watch.Elapsed.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s");
foreach (var fault in faults) Console.WriteLine($"BROKEN {fault}");
Console.WriteLine(faults.Count == 0 ? "1 passed, 0 failed" : "0 passed, 1 failed");
return faults.Count == 0 ? 0 : 1;

int Number(string name, int otherwise) =>
    Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length && int.TryParse(args[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;

namespace Guildhall.Drills
{
    /// <summary>How much is done to it.</summary>
    internal sealed record Plan(int Purchases, int Kills, int Customers, int Seed);
}
