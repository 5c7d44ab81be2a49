using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Guildhall.Drills;

/// <summary>Many people at once through the main story, from signing in to the receipt.</summary>
internal static class Crowd
{
    public const string Help = """
        Usage: ./drill crowd [--short] [--seed N] [--people N]
        100 people, then 1,000 (--short: 20), all at once on two nodes: sign in, find a service, see its free times, hold one, pay for it at the sandbox's page, write to the provider; then the clock passes,
        the providers complete, and everybody reads their receipt and its file. A tenth of them sign in, which is slow on purpose; the others and the providers have a session already.
        Each comes from an address of their own under the product's own limits; who is told to wait (429 or 503 with Retry-After) waits and asks again, and that time counts.
        Any other refusal, a 5xx, a booking that is not completed or a receipt that does not come fails, and so do books that do not balance.
        """;

    private const int SlotsEach = 6; // of ten minutes each, of the nine that begin within a session's idle time
    private const long ClockSeconds = 100 * 60;
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(90), Patience = TimeSpan.FromSeconds(240), Look = TimeSpan.FromSeconds(2);

    public static async Task<int> Run(int[] sizes, int seed)
    {
        var broken = new List<string>();
        foreach (var people in sizes) broken.AddRange(await Come(people, seed));
        foreach (var fault in broken.Take(20)) Console.WriteLine($"BROKEN {fault}");
        Console.WriteLine(broken.Count == 0 ? "1 passed, 0 failed" : "0 passed, 1 failed");
        return broken.Count == 0 ? 0 : 1;
    }

    private static async Task<List<string>> Come(int people, int seed)
    {
        await using var stage = await Stage.Set(new Plan(people, 0, people, seed), (_, _, _) => Story.Settings(rateFactor: "1"));
        using var calls = new Calls(stage);
        var providers = Math.Max(4, (people + SlotsEach - 1) / SlotsEach);
        var (sellers, customers) = await Story.Enlist(stage, calls, providers, people);
        var services = await Story.Services(calls, providers);
        var (booked, signIns) = (new Story.Booked?[people], Math.Max(6, people / 10));
        await Story.SignInBefore(stage, calls, [.. sellers, .. customers.Skip(signIns)]);
        calls.Forget();

        var watch = Stopwatch.StartNew();
        await Task.WhenAll(customers.Select(async (person, n) =>
        {
            if (person.Token is null) await calls.SignIn(person);
            var until = DateTimeOffset.UtcNow + Soon;
            booked[n] = await Story.Book(stage, calls, person, services[n % providers], "days=2", free =>
            {
                var soon = free.TakeWhile(start => DateTimeOffset.Parse(start, CultureInfo.InvariantCulture) < until).ToList();
                return soon.Count == 0 ? null : soon[n / providers % soon.Count];
            });
        }));
        var bookedAfter = watch.Elapsed;
        await calls.Send("(the clock)", null, HttpMethod.Post, "/api/v1/sandbox/clock", new { advanceSeconds = ClockSeconds });
        watch.Restart();
        await Task.WhenAll(sellers.Select((seller, n) => Complete(calls, seller, booked.Where((b, i) => b is not null && i % providers == n).Select(b => b!.Id))));
        await Task.WhenAll(customers.Where((_, n) => booked[n] is not null).Select(person => ReadReceipt(calls, person)));
        var completedAfter = watch.Elapsed;

        var broken = await Judge(stage, calls, booked);
        calls.Print();
        var (waits, _) = calls.Count;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"seed {seed}: {people} people at once: all through to the message after {bookedAfter.TotalSeconds:0} s, completed and receipts read after {completedAfter.TotalSeconds:0} s more; " +
            $"{waits} times somebody was told to wait; {calls.Wrong.Count} errors"));
        return broken;
    }

    private static async Task Complete(Calls calls, Person seller, IEnumerable<string> bookings)
    {
        foreach (var id in bookings)
            if (Calls.Text(await calls.Send("complete", seller, HttpMethod.Post, $"/api/v1/bookings/{id}/actions/complete", new { }), "state") is not "completed") calls.Wrong.Enqueue($"{id} was not completed");
    }

    private static async Task ReadReceipt(Calls calls, Person person)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Patience; await Task.Delay(Look))
        {
            var page = await calls.Send("receipts", person, HttpMethod.Get, "/api/v1/invoices?kind=receipt");
            if (page.ValueKind != JsonValueKind.Object || page.GetProperty("invoices").EnumerateArray().FirstOrDefault() is not { ValueKind: JsonValueKind.Object } receipt) continue;
            if (await calls.Download("file of the receipt", person, $"/api/v1/invoices/{Calls.Text(receipt, "id")}/pdf") is not { } file) continue;
            if (!file.AsSpan().StartsWith(Encoding.ASCII.GetBytes("%PDF-"))) calls.Wrong.Enqueue("a receipt is no PDF file");
            return;
        }
        calls.Wrong.Enqueue($"{person.Email} has no receipt after {Patience.TotalSeconds} s");
    }

    private static async Task<List<string>> Judge(Stage stage, Calls calls, Story.Booked?[] booked)
    {
        await Purchases.Calm(stage, atLeast: 0);
        var broken = new List<string>(await Oracle.Judge(stage));
        if (booked.Count(b => b is null) is > 0 and var without) broken.Add($"{without} people have no booking");
        if (await stage.Ask<long>("select count(*) from marketplace.bookings where state = 'completed'") is var done && done != booked.Count(b => b is not null)) broken.Add($"{done} bookings are completed");
        if (await stage.Ask<long>("""
            select count(*) from marketplace.bookings b where (select count(*) from marketplace.messages m join marketplace.chats c on c.id = m.chat_id where c.booking_id = b.id and m.kind = 'text') <> 1
            """) is > 0 and var odd)
            broken.Add($"{odd} chats have not the one message that was written");
        broken.AddRange(calls.Wrong.GroupBy(w => w, StringComparer.Ordinal).Select(w => $"{w.Count()} times {w.Key}"));
        return broken;
    }
}
