using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;

namespace Guildhall.Drills;

/// <summary>How much one node and two do on whatever database they are given, and whose processor time that is.</summary>
internal static class ClusterCapacity
{
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(5);

    // Alone: on one PostgreSQL that is no cluster, and without a balancer before the nodes.
    public static async Task<int> Run(int customers, int seconds, int seed, bool alone)
    {
        await using var stage = await Stage.Set(new Plan(0, 0, customers, seed));
        using var members = alone ? null : new ClusterMembers();
        var front = members is null ? null : await members.Front(stage.Nodes);
        if (front is not null) await stage.Ready(front);
        var (buyers, services) = (await Purchases.Enlist(stage, customers), await Purchases.Services(stage));
        foreach (var buyer in buyers) await Purchases.SignIn(stage, buyer);
        var on = alone ? "one PostgreSQL" : "the cluster";
        foreach (var (name, address) in new[] { ($"one node on {on}", stage.Nodes[0]), ($"two nodes on {on}", front) })
        {
            if (address is null) continue;
            await Writes(stage, name, address, buyers, services, seed, seconds);
            await Reads(name, address, buyers, seconds);
        }
        await Purchases.Calm(stage);
        var broken = await Oracle.Judge(stage);
        foreach (var what in broken) Console.WriteLine($"BROKEN {what}");
        return broken.Count == 0 ? 0 : 1;
    }

    private static async Task Writes(Stage stage, string name, Uri address, List<Purchases.Buyer> buyers, List<string> services, int seed, int seconds)
    {
        using var crowd = new ClusterCrowd(stage, address, TimeSpan.Zero);
        await crowd.Begin(buyers, services, seed);
        await Task.Delay(Warm);
        var (from, before) = (crowd.Clock.Elapsed, Times());
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        var (until, after) = (crowd.Clock.Elapsed, Times());
        await crowd.End();
        var took = crowd.Attempts.Where(a => a.IsDone && a.End > from && a.End <= until).Select(a => (a.End - a.Start).TotalMilliseconds).ToList();
        Tell($"{name}, writes", took, until - from, before, after);
        Console.WriteLine($"  {crowd.Attempts.Count(a => a.Error is not null)} errors; refused: {string.Join(", ", crowd.Refused.Select(r => $"{r.Value} {r.Key}"))}");
    }

    // Each customer reads the list of their own bookings, again and again.
    private static async Task Reads(string name, Uri address, List<Purchases.Buyer> buyers, int seconds)
    {
        using var http = new HttpClient { BaseAddress = address };
        var (all, clock, until) = (new System.Collections.Concurrent.ConcurrentQueue<double>(), Stopwatch.StartNew(), TimeSpan.FromSeconds(seconds));
        var before = Times();
        await Task.WhenAll(buyers.Select(async buyer =>
        {
            while (clock.Elapsed < until)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/bookings");
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", buyer.Token);
                var start = Stopwatch.GetTimestamp();
                using var answer = await http.SendAsync(request);
                if (answer.IsSuccessStatusCode) all.Enqueue(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }));
        Tell($"{name}, reads", [.. all], clock.Elapsed, before, Times());
    }

    private static void Tell(string name, List<double> took, TimeSpan time, Dictionary<string, double> before, Dictionary<string, double> after)
    {
        took.Sort();
        var spent = after.Select(a => (Who: a.Key, Seconds: a.Value - before.GetValueOrDefault(a.Key))).Where(s => s.Seconds > 0.05).OrderByDescending(s => s.Seconds).ToArray();
        var cores = string.Join(", ", spent.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Who} {s.Seconds / time.TotalSeconds:0.00}")));
        Console.WriteLine(took.Count == 0 ? $"{name}: nothing" : string.Create(CultureInfo.InvariantCulture,
            $"{name}: {took.Count / time.TotalSeconds:0}/s, p50 {took[took.Count / 2]:0.0} ms, p95 {took[took.Count * 95 / 100]:0.0} ms; cores of {Environment.ProcessorCount}: {cores}"));
    }

    // Seconds of processor time of every process here, by what it is.
    private static Dictionary<string, double> Times()
    {
        var times = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var process in Process.GetProcesses())
        {
            using (process)
            {
                try
                {
                    var command = File.ReadAllText($"/proc/{process.Id}/cmdline");
                    var who = command switch
                    {
                        _ when command.Contains("guildhall-sandbox.dll", StringComparison.Ordinal) => "sandbox", _ when command.Contains("guildhall.dll", StringComparison.Ordinal) => "nodes",
                        _ when command.Contains("Guildhall.Drills.dll", StringComparison.Ordinal) => "load", _ when command.Contains("postgres", StringComparison.Ordinal) => "PostgreSQL",
                        _ when command.Contains("haproxy", StringComparison.Ordinal) => "HAProxy",
                        _ when command.Contains("etcd", StringComparison.Ordinal) => "etcd", _ when command.Contains("patroni", StringComparison.Ordinal) => "Patroni",
                        _ => "others",
                    };
                    times[who] = times.GetValueOrDefault(who) + process.TotalProcessorTime.TotalSeconds;
                }
                catch (Exception gone) when (gone is IOException or InvalidOperationException or UnauthorizedAccessException or System.ComponentModel.Win32Exception) { } // it ended
            }
        }
        return times;
    }
}
