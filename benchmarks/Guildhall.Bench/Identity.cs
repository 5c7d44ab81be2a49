using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Passwords;

namespace Guildhall.Bench;

/// <summary>Sessions and sign-ins, over HTTP: against better-auth in the same run, against the password hash alone, under a flood, and how soon a revoked session is
/// refused by two nodes.</summary>
internal static class Identity
{
    private const int Connections = 32, People = 64, Repetitions = 3;
    private static readonly ConcurrentDictionary<string, string> Devices = new(StringComparer.Ordinal);
    private const string Password = "four quiet copper harbours";
    private static readonly (string, string) Proxy = ("GUILDHALL_TRUSTED_PROXIES", "127.0.0.1/32"); // everybody has an address of their own, as they have outside

    public static async Task Run(Machine machine)
    {
        await using var one = await Product.Start(machine, Proxy);
        await using var two = await Product.Start(machine, Proxy, ("GUILDHALL_URL", one.Address.GetLeftPart(UriPartial.Authority))); // of one installation: its tokens name that address
        var people = await SignUp(machine, one);
        await Sessions(machine, one, people[0]);
        await SignIns(machine, one);
        people = await SignInAll(one); // so many sign-ins have ended the sessions before them
        await Refreshes(machine, one, people);
        await Flood(machine, one, people[0]);
        await Revocation(machine, one, two);
    }

    private sealed record Person(string Email, string Access, string Refresh);

    private static async Task<IReadOnlyList<Person>> SignUp(Machine machine, Running program)
    {
        using var http = new HttpClient { BaseAddress = program.Address };
        for (var i = 0; i < People; i++)
            using (var answer = await Post(http, i, "register", new { email = Email(i), password = Password, displayName = "Bench", language = "en", zone = "UTC" })) answer.EnsureSuccessStatusCode();
        await machine.Sql("update identity.accounts set state = 'active', email_verified_at = now() where state = 'unverified'");
        return await SignInAll(program);
    }

    private static async Task<IReadOnlyList<Person>> SignInAll(Running program)
    {
        using var http = new HttpClient { BaseAddress = program.Address };
        List<Person> people = [];
        for (var i = 0; i < People; i++) people.Add(await SignIn(http, i));
        return people;
    }

    private static string Email(int number) => string.Create(CultureInfo.InvariantCulture, $"bench{number}@example.test");

    private static async Task<HttpResponseMessage> Post(HttpClient http, int person, string route, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/auth/" + route) { Content = JsonContent.Create(body) };
        request.Headers.Add("X-Forwarded-For", string.Create(CultureInfo.InvariantCulture, $"198.18.0.{person}"));
        return await http.SendAsync(request);
    }

    // From a device that the account knows, as nearly every sign-in is: a new one is told of by mail, and there is no mail server here.
    private static async Task<Person> SignIn(HttpClient http, int person)
    {
        var email = Email(person);
        using var answer = await Post(http, person, "sign-in", new { email, password = Password, deviceToken = Devices.GetValueOrDefault(email) });
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"Sign-in failed: {body}");
        if (body.TryGetProperty("deviceToken", out var device) && device.GetString() is { } token) Devices[email] = token;
        return new Person(email, body.GetProperty("accessToken").GetString()!, body.GetProperty("refreshToken").GetString()!);
    }

    private static async Task Sessions(Machine machine, Running program, Person person)
    {
        await using var peer = await Peer.Start(machine);
        var theirs = await peer.SignUp("bench@example.test", Password);
        var (ours, other) = (new List<double>(), new List<double>());
        for (var i = 0; i <= Repetitions; i++)
        {
            var mine = await WebEndpoints.Load(new Uri(program.Address, "/api/v1/me"), ["-H", $"Authorization: Bearer {person.Access}"], Connections);
            var its = await WebEndpoints.Load(new Uri(peer.Address, "/api/auth/get-session"), ["-H", $"Authorization: Bearer {theirs}"], Connections);
            if (i > 0) (ours, other) = ([.. ours, mine], [.. other, its]); // the first is the warm-up
        }
        machine.Row("session-checked request, bearer token", ours, "better-auth get-session, bearer token", other, "≥ 20", "CPU next to the load generator");
    }

    // As many at once as the product takes: more would be told to come again.
    private static async Task SignIns(Machine machine, Running program)
    {
        var hash = new PasswordHash(new MasterKey(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)));
        var stored = hash.Make(Password);
        var (ours, alone) = (new List<double>(), new List<double>());
        using var http = new HttpClient { BaseAddress = program.Address };
        await For(10, 8, async client => await SignIn(http, client)); // the warm-up
        for (var i = 0; i < Repetitions; i++)
        {
            alone.Add(await For(6, Environment.ProcessorCount, _ => Task.Run(() => hash.Fits(Password, stored))));
            ours.Add(await For(6, 8, async client => await SignIn(http, client)));
        }
        machine.Row("sign-ins with the right password", ours, "the password hash alone, on every core", alone, "≥ 0.9", "PBKDF2-SHA512, 210,000 rounds, on the same cores as PostgreSQL and the load");
    }

    private static async Task Refreshes(Machine machine, Running program, IReadOnlyList<Person> people)
    {
        using var http = new HttpClient { BaseAddress = program.Address };
        var tokens = people.Select(p => p.Refresh).ToArray();
        var rates = new List<double>();
        for (var i = 0; i <= Repetitions; i++) // the first is the warm-up
        {
            rates.Add(await For(i == 0 ? 10 : 5, 16, async client =>
            {
                using var answer = await http.PostAsJsonAsync("/api/v1/auth/refresh", new { refreshToken = tokens[client] });
                tokens[client] = (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("refreshToken").GetString()!;
            }) / Environment.ProcessorCount);
        }
        machine.Row("refreshes per core, 16 sessions", Numbers.Spread(rates[1..]), "", "", "≥ 500/s per core", "one commit per refresh; PostgreSQL and the load generator on the same cores");
    }

    private static async Task Flood(Machine machine, Running program, Person person)
    {
        using var http = new HttpClient { BaseAddress = program.Address };
        using var stop = new CancellationTokenSource();
        var (refused, tried) = (0, 0);
        var flood = Enumerable.Range(0, 64).Select(async i =>
        {
            while (!stop.IsCancellationRequested)
            {
                using var answer = await Post(http, i, "sign-in", new { email = Email(i), password = "a wrong guess of a stranger" });
                Interlocked.Increment(ref tried);
                if (answer.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests) Interlocked.Increment(ref refused);
            }
        }).ToArray();
        var times = new List<double>();
        for (var until = Stopwatch.StartNew(); until.Elapsed.TotalSeconds < 15;)
        {
            var watch = Stopwatch.StartNew();
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/services") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", person.Access) } };
            using var answer = await http.SendAsync(request);
            answer.EnsureSuccessStatusCode();
            times.Add(watch.Elapsed.TotalMilliseconds);
            await Task.Delay(10);
        }
        await stop.CancelAsync();
        await Task.WhenAll(flood);
        machine.Row("another request while 64 clients try passwords", $"p50 {At(times, 0.5)}, p99 {At(times, 0.99)} of {times.Count}",
            $"{refused} of {tried} tries were told to come again", "", "p99 < 100 ms", "the hash runs on threads of its own at low priority");
    }

    private static async Task Revocation(Machine machine, Running one, Running two)
    {
        using var http = new HttpClient();
        var (times, accepted, asked) = (new List<double>(), 0, 0);
        for (var number = 0; number < 100; number++)
        {
            using var fresh = new HttpClient { BaseAddress = one.Address };
            var now = await SignIn(fresh, number % People);
            foreach (var node in new[] { one, two }) if (await Me(http, node, now.Access) != HttpStatusCode.OK) throw new InvalidOperationException("A living session was refused.");
            var watch = Stopwatch.StartNew();
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(one.Address, "/api/v1/auth/sign-out")) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", now.Access) } };
            using (var answer = await http.SendAsync(request)) answer.EnsureSuccessStatusCode();
            times.Add(watch.Elapsed.TotalMilliseconds);
            for (var i = 0; i < 50; i++)
                foreach (var node in new[] { two, one })
                {
                    asked++;
                    if (await Me(http, node, now.Access) == HttpStatusCode.OK) accepted++;
                }
        }
        machine.Row("the call that ends a session, two nodes", $"p50 {At(times, 0.5)}, p99 {At(times, 0.99)}",
            $"afterwards accepted {accepted} of {asked} times on both nodes", "", "p99 < 250 ms, 0", "one commit and one round over the nodes");
    }

    private static async Task<HttpStatusCode> Me(HttpClient http, Running node, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(node.Address, "/api/v1/me")) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }

    private static async Task<double> For(int seconds, int clients, Func<int, Task> work)
    {
        var (done, watch) = (0, Stopwatch.StartNew());
        await Task.WhenAll(Enumerable.Range(0, clients).Select(async client =>
        {
            while (watch.Elapsed.TotalSeconds < seconds)
            {
                await work(client);
                Interlocked.Increment(ref done);
            }
        }));
        return done / watch.Elapsed.TotalSeconds;
    }

    private static string At(List<double> times, double share) => times.Order().ElementAt((int)Math.Min(times.Count - 1, times.Count * share)).ToString("0.0 ms", CultureInfo.InvariantCulture);
}
