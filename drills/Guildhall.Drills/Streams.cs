using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Guildhall.Drills;

/// <summary>Chats that both sides have open on one node, while messages are written on both nodes and streams are cut and come back with their last event id. Every stream must bring every message
/// of its chat once, in order.</summary>
internal static class Streams
{
    public const string Help = """
        Usage: ./drill streams [--short] [--seed N] [--streams N] [--reconnects N] [--seconds N] [--rate N]
        2,000 open chat streams on one node (two of each chat), 50 messages a second for a minute, every second one written on the other node, and 1,000 streams that are cut and come back with
        Last-Event-ID. Each stream must bring each message of its chat once and in order. Prints the median and the 95th percentile from sending a message to its receipt; the goal is 100 ms.
        """;

    private const string Customer = "layla@example.test", Provider = "omar@example.test", Password = "guildhall-demo-2026";
    private const int PerSession = 6, SigningInAtOnce = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    internal sealed record Size(int Streams, int Reconnects, int Seconds, int Rate);

    // One side of one chat: a stream, and what it brought.
    private sealed class Ear(string chat, string token)
    {
        public string Chat => chat;
        public string Token => token;
        public long Last;
        public CancellationTokenSource Line = new();
        public Task Listening = Task.CompletedTask;
    }

    private sealed class Tally
    {
        public readonly ConcurrentDictionary<string, (long At, bool Elsewhere)> Sent = new(StringComparer.Ordinal);
        public readonly ConcurrentBag<double> Here = [], Elsewhere = [];
        public readonly ConcurrentQueue<string> Broken = new();
        public int Reconnects, Refused;
    }

    public static async Task<int> Run(Size size, int seed)
    {
        var watch = Stopwatch.StartNew();
        await using var stage = await Stage.Set(new Plan(0, 0, 0, seed));
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = size.Streams + 200 }) { Timeout = Timeout.InfiniteTimeSpan };
        var (tally, dice) = (new Tally(), new Random(seed));
        await MakeChats(stage, size.Streams / 2);
        var ears = await Ears(stage, http, size);
        foreach (var some in ears.Chunk(100)) await Task.WhenAll(some.Select(ear => Open(stage, http, tally, ear)));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ears.Count} streams are open on one node after {watch.Elapsed.TotalSeconds:0} s"));

        using var over = new CancellationTokenSource();
        var cutting = Cut(stage, http, tally, ears, size, new Random(dice.Next()), over.Token);
        var written = await Write(stage, http, tally, ears, size, dice);
        await over.CancelAsync();
        await cutting;
        await AllAreThere(ears, written);
        Judge(tally, ears, written);
        foreach (var ear in ears) await ear.Line.CancelAsync();

        var times = $"written on the same node {Say(tally.Here)}, on the other {Say(tally.Elsewhere)}";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"seed {seed}: {ears.Count} streams, {written.Values.Sum()} messages ({tally.Refused} not taken), {tally.Reconnects} reconnects; {times}; {watch.Elapsed.TotalSeconds:0} s"));
        foreach (var fault in tally.Broken.Take(10)) Console.WriteLine($"BROKEN {fault}");
        var good = tally.Broken.IsEmpty;
        Console.WriteLine(good ? "1 passed, 0 failed" : "0 passed, 1 failed");
        return good ? 0 : 1;
    }

    // Paid bookings of two people, as far as a chat needs them.
    private static Task MakeChats(Stage stage, int count) => stage.Ask<long>($"""
            with made as (
                insert into marketplace.bookings (id, customer_id, provider_id, provider_account_id, service_id, service_name, kind, state, starts_at, ends_at, busy_until, zone, wall_time, price_minor, currency,
                    order_id, hold_until, created_at, confirmed_at, policy_id)
                select gen_random_uuid(), c.id, p.id, p.account_id, s.id, s.name, s.kind, 'confirmed', now() + interval '90 days', now() + interval '90 days 1 hour', now() + interval '90 days 1 hour', p.zone,
                    (now() + interval '90 days')::timestamp, s.price_minor, s.currency, gen_random_uuid(), now(), now(), now(), (select id from marketplace.cancellation_policies limit 1)
                from generate_series(1, {count.ToString(CultureInfo.InvariantCulture)}),
                    (select id from identity.accounts where email_key = '{Customer}') c,
                    (select p.* from marketplace.providers p join identity.accounts a on a.id = p.account_id where a.email_key = '{Provider}') p,
                    lateral (select * from marketplace.services where provider_id = p.id limit 1) s
                returning id, customer_id, provider_account_id),
            chats as (
                insert into marketplace.chats (id, booking_id, customer_id, provider_account_id, opened_at) select gen_random_uuid(), id, customer_id, provider_account_id, now() from made returning 1)
            select count(*) from chats
            """);

    private static async Task<List<Ear>> Ears(Stage stage, HttpClient http, Size size)
    {
        var sessions = (size.Streams / 2 + PerSession - 1) / PerSession;
        using var slots = new SemaphoreSlim(SigningInAtOnce);
        var tokens = await Task.WhenAll(new[] { Customer, Provider }.SelectMany(who => Enumerable.Repeat(who, sessions)).Select(async who =>
        {
            await slots.WaitAsync();
            try { return await SignIn(stage, http, who); }
            finally { slots.Release(); }
        }));
        var ids = await ChatIds(stage, size.Streams / 2);
        return [.. ids.SelectMany((chat, n) => new[] { new Ear(chat, tokens[n / PerSession]), new Ear(chat, tokens[sessions + (n / PerSession)]) })];
    }

    private static async Task<IReadOnlyList<string>> ChatIds(Stage stage, int count)
    {
        var ids = new List<string>();
        await using var command = stage.Superuser.CreateCommand("select id from marketplace.chats order by id limit " + count.ToString(CultureInfo.InvariantCulture));
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync()) ids.Add(NameOf(rows.GetGuid(0)));
        return ids;
    }

    // As the API writes ids: base 32 without letters that are read as others.
    private static string NameOf(Guid id)
    {
        const string Letters = "0123456789abcdefghjkmnpqrstvwxyz";
        var number = new UInt128(0, 0);
        foreach (var part in id.ToByteArray(bigEndian: true)) number = (number << 8) | part;
        var text = new char[26];
        for (var i = text.Length - 1; i >= 0; i--, number >>= 5) text[i] = Letters[(int)(number & 31)];
        return "cht_" + new string(text);
    }

    private static async Task<string> SignIn(Stage stage, HttpClient http, string email)
    {
        using var answer = await http.PostAsJsonAsync(new Uri(stage.Nodes[1], "/api/v1/auth/sign-in"), new { email, password = Password });
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString()!;
    }

    private static async Task Open(Stage stage, HttpClient http, Tally tally, Ear ear)
    {
        var line = ear.Line = new CancellationTokenSource();
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(stage.Nodes[0], $"/events?topics=chat:{ear.Chat}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ear.Token);
        request.Headers.TryAddWithoutValidation("Last-Event-ID", string.Create(CultureInfo.InvariantCulture, $"chat:{ear.Chat}={ear.Last}"));
        for (var tries = 0; ; tries++)
        {
            var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, line.Token);
            if (answer.IsSuccessStatusCode) { ear.Listening = Listen(answer, tally, ear, line.Token); return; }
            if (tries == 50) throw new InvalidOperationException($"A stream was answered {(int)answer.StatusCode}.");
            answer.Dispose();
            await Task.Delay(100); // the place of the one that was cut is not free yet
            request = new HttpRequestMessage(HttpMethod.Get, request.RequestUri) { Headers = { Authorization = request.Headers.Authorization } };
            request.Headers.TryAddWithoutValidation("Last-Event-ID", string.Create(CultureInfo.InvariantCulture, $"chat:{ear.Chat}={ear.Last}"));
        }
    }

    private static async Task Listen(HttpResponseMessage answer, Tally tally, Ear ear, CancellationToken stop)
    {
        using var __ = answer;
        try
        {
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(stop));
            while (await reader.ReadLineAsync(stop) is { } text)
                if (text.StartsWith("data: ", StringComparison.Ordinal)) Hear(tally, ear, JsonSerializer.Deserialize<JsonElement>(text.AsSpan(6)));
        }
        catch (Exception problem) when (problem is OperationCanceledException or IOException or HttpRequestException) { } // it was cut
    }

    private static void Hear(Tally tally, Ear ear, JsonElement told)
    {
        var (now, seq) = (Stopwatch.GetTimestamp(), told.GetProperty("seq").GetInt64());
        if (seq <= ear.Last) tally.Broken.Enqueue($"{ear.Chat}: {seq} came again after {ear.Last}");
        else if (seq > ear.Last + 1) tally.Broken.Enqueue($"{ear.Chat}: {seq} came after {ear.Last}");
        ear.Last = seq;
        if (!tally.Sent.TryGetValue(told.GetProperty("data").GetProperty("clientId").GetString()!, out var sent)) return;
        (sent.Elsewhere ? tally.Elsewhere : tally.Here).Add(Stopwatch.GetElapsedTime(sent.At, now).TotalMilliseconds);
    }

    private static async Task<Dictionary<string, long>> Write(Stage stage, HttpClient http, Tally tally, List<Ear> ears, Size size, Random dice)
    {
        var (written, all, watch) = (new ConcurrentDictionary<string, long>(StringComparer.Ordinal), new List<Task>(), Stopwatch.StartNew());
        for (var n = 0; n < size.Rate * size.Seconds; n++)
        {
            var due = TimeSpan.FromSeconds((double)n / size.Rate) - watch.Elapsed;
            if (due > TimeSpan.Zero) await Task.Delay(due);
            all.Add(Send(ears[dice.Next(ears.Count)], elsewhere: n % 2 == 1));
        }
        await Task.WhenAll(all);
        return written.ToDictionary(StringComparer.Ordinal);

        async Task Send(Ear author, bool elsewhere)
        {
            var clientId = Guid.NewGuid().ToString("n");
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(stage.Nodes[elsewhere ? 1 : 0], $"/api/v1/chats/{author.Chat}/messages")) { Content = JsonContent.Create(new { clientId, text = "As agreed." }) };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", author.Token);
            tally.Sent[clientId] = (Stopwatch.GetTimestamp(), elsewhere);
            using var answer = await http.SendAsync(request);
            if (answer.IsSuccessStatusCode) written.AddOrUpdate(author.Chat, 1, (_, count) => count + 1);
            else Interlocked.Increment(ref tally.Refused);
        }
    }

    private static async Task Cut(Stage stage, HttpClient http, Tally tally, List<Ear> ears, Size size, Random dice, CancellationToken over)
    {
        var (watch, order) = (Stopwatch.StartNew(), ears.ToArray());
        dice.Shuffle(order);
        for (var n = 0; n < size.Reconnects; n++)
        {
            var due = TimeSpan.FromSeconds((double)n * size.Seconds / size.Reconnects) - watch.Elapsed;
            if (due > TimeSpan.Zero && !over.IsCancellationRequested) await Task.Delay(due, CancellationToken.None);
            var ear = order[n % order.Length];
            await ear.Line.CancelAsync();
            await ear.Listening;
            await Open(stage, http, tally, ear);
            tally.Reconnects++;
        }
    }

    private static async Task AllAreThere(List<Ear> ears, Dictionary<string, long> written)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Patience && ears.Exists(ear => Volatile.Read(ref ear.Last) < written.GetValueOrDefault(ear.Chat));) await Task.Delay(50);
    }

    private static void Judge(Tally tally, List<Ear> ears, Dictionary<string, long> written)
    {
        foreach (var ear in ears.Where(ear => ear.Last != written.GetValueOrDefault(ear.Chat)))
            tally.Broken.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{ear.Chat}: {written.GetValueOrDefault(ear.Chat)} were written, a stream brought {ear.Last}"));
        if (written.Values.Sum() == 0) tally.Broken.Enqueue("no message was taken");
    }

    private static string Say(ConcurrentBag<double> times)
    {
        var sorted = times.Order().ToArray();
        return sorted.Length == 0 ? "none" : string.Create(CultureInfo.InvariantCulture, $"p50 {sorted[sorted.Length / 2]:0} ms, p95 {sorted[(int)(sorted.Length * 0.95)]:0} ms");
    }
}
