using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Guildhall.Drills;

/// <summary>The main story again and again at one rate for a long time, while a node is killed, connections are cut and webhooks come late, twice and in any order: memory and queue stay flat.</summary>
internal static class Soak
{
    public const string Help = """
        Usage: ./drill soak [--short] [--seed N] [--minutes N] [--rate STORIES-A-MINUTE]
        30 minutes (--short: 20 s) of the main story on two nodes: find, see times, hold, pay, write; one of twenty signs in anew, one of seven cancels, providers complete what has begun. The rate is the highest of a ramp whose calls
        have a 99th percentile below 500 ms, or the given one. Meanwhile one of the nodes is killed with kill -9 every half minute and a connection to the database is cut every few seconds; the sandbox sends webhooks late,
        twice, in any order, and drops some. Fails when the resident memory of the node that lives is in the last third 15 % above the second, when due jobs grow old, on wrong answers that no fault explains, and when the
        books do not balance.
        """;

    private const int Providers = 40, Goal = 500;
    private static readonly TimeSpan RampStep = TimeSpan.FromSeconds(12), AfterCut = TimeSpan.FromSeconds(2);
    private static readonly int[] Ramp = [60, 120, 180, 240, 300, 360, 480, 600, 900, 1200];

    internal sealed record Size(TimeSpan Lasts, int People, int? Rate, TimeSpan KillEvery, bool JudgesMemory);

    private sealed record Sample(double Seconds, long[] Megabytes, long Due, double OldestSeconds, long Jobs);

    private sealed class Life(Stage stage, Calls calls, Person[] sellers, string[] services, int seed)
    {
        public readonly ConcurrentQueue<Person> Free = new();
        private readonly PriorityQueue<(int Seller, string Id), DateTimeOffset> _sold = new();
        public int Stories, Missed, Cancelled, Completed;
        private readonly Random _dice = new(seed);
        private int _story;

        // One after the other by the clock, whether those before have ended or not: who would have to wait for a free person is missed.
        public async Task Go(int perMinute, TimeSpan lasts)
        {
            var (watch, all) = (Stopwatch.StartNew(), new List<Task>());
            for (var n = 0; watch.Elapsed < lasts; n++)
            {
                var due = TimeSpan.FromMinutes((double)n / perMinute) - watch.Elapsed;
                if (due > TimeSpan.Zero) await Task.Delay(due);
                if (Free.TryDequeue(out var person)) all.Add(Tell(person, _story++, _dice.Next()));
                else Missed++;
            }
            await Task.WhenAll(all);
        }

        private async Task Tell(Person person, int number, int dice)
        {
            try
            {
                if (number % 20 == 0) await calls.SignIn(person);
                var days = number % 4 == 0 ? "days=1" : $"from={DateTime.UtcNow.AddDays(1 + (dice % 25)):yyyy-MM-dd}&days=1";
                var booked = await Story.Book(stage, calls, person, services[dice % services.Length], days, free => free.Count == 0 ? null : free[number % 4 == 0 ? 0 : dice % free.Count]);
                if (booked is null) return;
                Interlocked.Increment(ref Stories);
                if (number % 5 != 1 || number % 4 == 0) // who cancels late gets nothing back
                {
                    lock (_sold) _sold.Enqueue((dice % services.Length, booked.Id), DateTimeOffset.Parse(booked.Start, CultureInfo.InvariantCulture));
                    return;
                }
                await calls.Send("cancel", person, HttpMethod.Post, $"/api/v1/bookings/{booked.Id}/actions/cancel", new { });
                Interlocked.Increment(ref Cancelled);
            }
            catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException) { calls.Wrong.Enqueue($"{problem.GetType().Name}: {problem.Message}"); }
            finally { Free.Enqueue(person); }
        }

        public async Task Complete(CancellationToken over)
        {
            for (; !over.IsCancellationRequested; await Task.Delay(500, CancellationToken.None))
            {
                while (Begun() is { } sale)
                {
                    await calls.Send("complete", sellers[sale.Seller], HttpMethod.Post, $"/api/v1/bookings/{sale.Id}/actions/complete", new { });
                    Completed++;
                }
            }
        }

        private (int Seller, string Id)? Begun()
        {
            lock (_sold) return _sold.TryPeek(out var first, out var start) && start < DateTimeOffset.UtcNow ? _sold.Dequeue() : null;
        }
    }

    public static async Task<int> Run(Size size, int seed)
    {
        await using var stage = await Stage.Set(new Plan(0, 0, size.People, seed), (_, _, _) => Story.Settings(rateFactor: "10"));
        using var calls = new Calls(stage);
        var (sellers, customers) = await Story.Enlist(stage, calls, Providers, size.People);
        var life = new Life(stage, calls, sellers, await Story.Services(calls, Providers), seed);
        await Story.SignInBefore(stage, calls, [.. sellers, .. customers]);
        foreach (var person in customers) life.Free.Enqueue(person);
        var rate = size.Rate ?? await FindRate(calls, life);

        calls.Forget();
        (life.Stories, life.Missed, life.Cancelled) = (0, 0, 0);
        await stage.Faults(new { duplicateWebhooks = 30, dropWebhooks = 5, reorderWebhooks = true, delayWebhooksMs = 500, seed });
        using var over = new CancellationTokenSource();
        var (samples, watch) = (new List<Sample>(), Stopwatch.StartNew());
        var (watching, completing) = (Observe(stage, samples, watch, size.Lasts / 150, over.Token), life.Complete(over.Token));
        var (killing, cutting) = (Kill(stage, calls, size.KillEvery, over.Token), Contention.CutConnections(stage, seed, over.Token, (3_000, 9_000), () => calls.Excuse(AfterCut)));
        await life.Go(rate, size.Lasts);
        await over.CancelAsync();
        await completing;
        await watching;
        var (kills, cuts) = (await killing, await cutting);

        var broken = size.JudgesMemory ? Flat(samples) : [];
        await stage.Sandbox.PostAsync("/sandbox/faults/reset", null);
        await Purchases.Calm(stage, atLeast: size.JudgesMemory ? 7 : 0);
        broken.AddRange(await Oracle.Judge(stage));
        broken.AddRange(calls.Wrong.GroupBy(w => w, StringComparer.Ordinal).Select(w => $"{w.Count()} times {w.Key}"));
        if (life.Stories == 0) broken.Add("nobody got through");
        calls.Print();
        Console.WriteLine(Memory(samples));
        var (waits, again) = calls.Count;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            seed {seed}: {rate} stories a minute for {size.Lasts.TotalSeconds:0} s: {life.Stories} told ({life.Missed} had nobody free), {life.Cancelled} cancelled, {life.Completed} completed; all calls p50 {calls.Percentile(0.5):0} ms,
            p99 {calls.Percentile(0.99):0} ms with the faults in it; {kills} kills, {cuts} connections cut, {again} requests asked again after a fault, {waits} told to wait; due jobs at most {samples.Max(s => s.Due)},
            the oldest at most {samples.Max(s => s.OldestSeconds):0.0} s; {calls.Wrong.Count} errors
            """).ReplaceLineEndings(" "));
        foreach (var fault in broken.Take(20)) Console.WriteLine($"BROKEN {fault}");
        Console.WriteLine(broken.Count == 0 ? "1 passed, 0 failed" : "0 passed, 1 failed");
        return broken.Count == 0 ? 0 : 1;
    }

    // Without faults, after a warm-up that counts for nothing.
    private static async Task<int> FindRate(Calls calls, Life life)
    {
        await life.Go(Ramp[1], RampStep);
        var best = Ramp[0];
        foreach (var rate in Ramp)
        {
            calls.Forget();
            life.Missed = 0;
            await life.Go(rate, RampStep);
            var p99 = calls.Percentile(0.99);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ramp: {rate} stories a minute, p50 {calls.Percentile(0.5):0} ms, p99 {p99:0} ms, {life.Missed} missed"));
            if (p99 >= Goal || life.Missed > 0) break;
            best = rate;
        }
        return best;
    }

    // Always the second: the memory of the first is watched for the whole time.
    private static async Task<int> Kill(Stage stage, Calls calls, TimeSpan every, CancellationToken over)
    {
        var kills = 0;
        while (true)
        {
            try { await Task.Delay(every, over); }
            catch (OperationCanceledException) { return kills; }
            calls.IsNodeDown = true;
            stage.KillAndRestart(1);
            kills++;
            try { await stage.Ready(stage.Nodes[1]); }
            catch (TimeoutException late) { calls.Wrong.Enqueue(late.Message); }
            calls.Excuse(AfterCut);
            calls.IsNodeDown = false;
        }
    }

    private static async Task Observe(Stage stage, List<Sample> samples, Stopwatch watch, TimeSpan every, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await using (var command = stage.Superuser.CreateCommand("""
                select count(*) filter (where due), coalesce(max(extract(epoch from now() - run_at)) filter (where due), 0)::float8, count(*)
                from (select run_at, state = 'ready' and run_at <= now() as due from foundation.jobs) j
                """))
            await using (var row = await command.ExecuteReaderAsync(CancellationToken.None))
            {
                await row.ReadAsync(CancellationToken.None);
                samples.Add(new Sample(watch.Elapsed.TotalSeconds, [stage.ResidentMegabytes(0), stage.ResidentMegabytes(1)], row.GetInt64(0), row.GetDouble(1), row.GetInt64(2)));
            }
            await Task.Delay(every < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : every, CancellationToken.None);
        }
    }

    private static List<string> Flat(List<Sample> samples)
    {
        var broken = new List<string>();
        var (second, last) = (Third(samples, 1), Third(samples, 2));
        if (Median(last.Select(s => (double)s.Megabytes[0])) > 1.15 * Median(second.Select(s => (double)s.Megabytes[0])))
            broken.Add("the memory of the node that lives grew by more than 15 % from the second third to the last");
        if (Median(last.Select(s => s.OldestSeconds)) is > 30 and var age && age > 10 + Median(second.Select(s => s.OldestSeconds)))
            broken.Add(string.Create(CultureInfo.InvariantCulture, $"the oldest due job is {age:0} s old in the last third, and it was less before"));
        if (Median(last.Select(s => (double)s.Due)) is var due && due > 100 + (1.2 * Median(second.Select(s => (double)s.Due))))
            broken.Add(string.Create(CultureInfo.InvariantCulture, $"{due:0} jobs are due in the last third, and it were fewer before"));
        return broken;
    }

    // The slope is that of a line through the last two thirds, by least squares.
    private static string Memory(List<Sample> samples)
    {
        var later = samples.Skip(samples.Count / 3).ToList();
        var (x, y) = (later.Average(s => s.Seconds), later.Average(s => s.Megabytes[0]));
        var slope = later.Sum(s => (s.Seconds - x) * (s.Megabytes[0] - y)) / Math.Max(1, later.Sum(s => (s.Seconds - x) * (s.Seconds - x))) * 3600;
        string Thirds(Func<Sample, double> of) => string.Join(", ", Enumerable.Range(0, 3).Select(n => Median(Third(samples, n).Select(of)).ToString("0.#", CultureInfo.InvariantCulture)));
        return string.Create(CultureInfo.InvariantCulture,
            $"medians of the thirds: memory of the node that lives {Thirds(s => s.Megabytes[0])} MB ({slope:+0;-0;0} MB an hour), of the other {Thirds(s => s.Megabytes[1])} MB; " +
            $"due jobs {Thirds(s => s.Due)}, the oldest {Thirds(s => s.OldestSeconds)} s; all rows of jobs {Thirds(s => s.Jobs)}");
    }

    private static List<Sample> Third(List<Sample> samples, int n) => samples.Count < 3 ? samples : samples[(samples.Count * n / 3)..(samples.Count * (n + 1) / 3)];

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
