using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Guildhall.Drills;

/// <summary>Everybody wants the same slot at the same time, while the process that decides is killed and its connections are cut.</summary>
internal static class Contention
{
    public const string Help = """
        Usage: ./drill contention [--short] [--seed N] [--attempts N] [--kill-every SECONDS]
        64 clients in one process hold slots through the use case, each slot wanted 64 times at once: 1,000,000 attempts (--short: 4,000). The process is killed with
        kill -9 every 10 to 30 seconds (--short: 4 to 12), connections are cut by the server twice a second; who got no answer asks again with the same operation. Afterwards no
        two claims overlap, every slot that was decided is held by exactly one booking with one order, and every booking that somebody was told of is there.
        """;

    private const int Clients = 64, Providers = 4;
    private static readonly DateTimeOffset First = new(DateTime.UtcNow.Date.AddDays(2), TimeSpan.Zero);

    internal sealed record Slot(int Number, Guid Service, DateTimeOffset Start);

    private sealed record Told(int Slot, Guid Booking);

    /// <summary>What the n-th attempt is for: 64 one after the other for each quarter of an hour of each provider.</summary>
    public static Slot SlotOf(int attempt)
    {
        var number = attempt / Clients;
        return new Slot(number, Market.Service(number % Providers), First.AddMinutes(15 * (number / Providers)));
    }

    public static async Task<int> Run(int attempts, int seed, int killEvery)
    {
        await using var stage = await Stage.Bare();
        await Market.Open(stage, Providers, minutes: 15);
        await Market.Set(stage, "marketplace.hold_minutes", 120); // longer than the drill
        var told = new ConcurrentQueue<Told>();
        var (random, decided, kills, up) = (new Random(seed), 0L, 0, TimeSpan.Zero);
        using var over = new CancellationTokenSource();
        var cutting = CutConnections(stage, seed, over.Token);
        for (var done = false; !done;)
        {
            var ready = new TaskCompletionSource();
            var finished = new TaskCompletionSource();
            var before = Interlocked.Read(ref decided);
            using var worker = stage.Work(["contention-worker", "--from", Text(before), "--until", Text(attempts), "--clients", Text(Clients)], line =>
            {
                switch (line.Split(' '))
                {
                    case ["up"]: ready.TrySetResult(); break;
                    case ["done"]: finished.TrySetResult(); break;
                    case ["decided", var many]: Interlocked.Add(ref decided, int.Parse(many, CultureInfo.InvariantCulture)); break;
                    case ["won", var slot, var booking]: told.Enqueue(new Told(int.Parse(slot, CultureInfo.InvariantCulture), Guid.Parse(booking))); break;
                }
            });
            var ended = worker.WaitForExitAsync();
            await Task.WhenAny(ready.Task, ended);
            var watch = Stopwatch.StartNew();
            await Task.WhenAny(finished.Task, ended, Task.Delay(TimeSpan.FromSeconds(killEvery * (0.5 + random.NextDouble()))));
            // On a busy machine it may only just have begun: who is killed has decided something.
            while (Interlocked.Read(ref decided) == before && !finished.Task.IsCompleted && !ended.IsCompleted) await Task.Delay(100);
            if (finished.Task.IsCompleted) done = true;
            else if (ended.IsCompleted) throw new InvalidOperationException("The worker ended by itself; what it said stands above.");
            else
            {
                worker.Kill();
                kills++;
            }
            up += watch.Elapsed;
            await ended;
        }
        await over.CancelAsync();
        var cuts = await cutting;
        var faults = await Judge(stage, told, (int)(decided / Clients));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"seed {seed}: {decided} decisions, {told.Count} holds told of, {kills} kills, {cuts} connections cut; {decided / up.TotalSeconds:0} decisions a second while the process was up ({up.TotalSeconds:0} s)"));
        foreach (var fault in faults) Console.WriteLine($"BROKEN {fault}");
        Console.WriteLine(faults.Count == 0 ? "1 passed, 0 failed" : "0 passed, 1 failed");
        return faults.Count == 0 ? 0 : 1;
    }

    // The server ends connections of the product in the middle of whatever they do.
    internal static async Task<int> CutConnections(Stage stage, int seed, CancellationToken over, (int Least, int Most)? everyMs = null, Action? told = null)
    {
        var (random, cuts) = (new Random(seed + 1), 0);
        while (!over.IsCancellationRequested)
        {
            await Task.Delay(random.Next(everyMs?.Least ?? 200, everyMs?.Most ?? 1_000), CancellationToken.None);
            told?.Invoke();
            cuts += (int)await stage.Ask<long>("""
                select count(*) from (select pg_terminate_backend(pid) from (select pid from pg_stat_activity where usename = 'guildhall_app' order by random() limit 1) one) q
                """);
        }
        return cuts;
    }

    private static async Task<List<string>> Judge(Stage stage, IEnumerable<Told> told, int slots)
    {
        var faults = new List<string>();
        if (await stage.Ask<long>("""
            select count(*) from marketplace.claims a join marketplace.claims b on a.resource = b.resource and a.during && b.during and a.booking_id < b.booking_id
            """) is > 0 and var overlaps) faults.Add($"{overlaps} claims overlap");
        if (await stage.Ask<long>("""
            select count(*) from marketplace.bookings b full join marketplace.claims c on c.booking_id = b.id left join money.orders o on o.subject_id = b.id
            where b.id is null or c.booking_id is null or o.id is null or b.state <> 'held' or o.state <> 'open'
            """) is > 0 and var odd) faults.Add($"{odd} bookings are without their claim or their order, or the other way round");
        if (await stage.Ask<long>("select count(*) from (select 1 from money.orders group by subject_id having count(*) > 1) q") is > 0 and var doubles) faults.Add($"{doubles} bookings have two orders");
        var kept = new Dictionary<(Guid, DateTimeOffset), Guid>();
        await using (var command = stage.Superuser.CreateCommand("select service_id, starts_at, id from marketplace.bookings"))
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync()) kept[(reader.GetGuid(0), reader.GetFieldValue<DateTimeOffset>(1))] = reader.GetGuid(2);
        var lost = told.Count(t => SlotOf(t.Slot * Clients) is var slot && (!kept.TryGetValue((slot.Service, slot.Start), out var booking) || booking != t.Booking));
        if (lost > 0) faults.Add($"{lost} holds that somebody was told of are not there");
        var unsold = Enumerable.Range(0, slots).Count(n => SlotOf(n * Clients) is var slot && !kept.ContainsKey((slot.Service, slot.Start)));
        if (unsold > 0) faults.Add($"{unsold} slots were refused to everybody");
        return faults;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
