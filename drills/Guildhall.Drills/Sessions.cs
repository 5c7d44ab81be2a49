using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Guildhall.Drills;

/// <summary>Many tabs of one browser share a session and refresh it at the same moment over two nodes; a tenth of the answers is lost and asked for again. None may be
/// signed out. Beside them thieves use a copied token before or after its owner: each must be caught, and both be out.</summary>
internal static class Sessions
{
    public const string Help = """
        Usage: ./drill sessions [--short] [--seed N] [--minutes N] [--tabs N]
        100 tabs refresh one session at once, again and again for ten minutes, on two nodes of which one is killed now and then; a tenth of the answers is lost.
        No tab may be signed out. In every round somebody uses a stolen refresh token, before its owner or after: the theft must end that session for both.
        """;

    private const string Email = "layla@example.test", Password = "guildhall-demo-2026";

    private sealed class Tally
    {
        public int Refreshes, Lost, FalseLogouts, Rounds, Caught, Thefts, Kills;
        public string? First;
    }

    public static async Task<int> Run(int minutes, int seconds, int tabs, int seed)
    {
        await using var stage = await Stage.Set(new Plan(0, 0, 0, seed));
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 200 }) { Timeout = TimeSpan.FromSeconds(20) };
        var (tally, dice, watch) = (new Tally(), new Random(seed), Stopwatch.StartNew());
        var shared = await SignIn(stage, http);
        for (var until = TimeSpan.FromSeconds(minutes * 60 + seconds); watch.Elapsed < until; tally.Rounds++)
        {
            if (tally.Rounds % 50 == 49) { stage.KillAndRestart(0); tally.Kills++; }
            shared = await Round(stage, http, tally, dice, shared, tabs);
            await Theft(stage, http, tally, ownerFirst: tally.Rounds % 2 == 0);
        }
        var thefts = $"{tally.Caught} of {tally.Thefts} thefts caught";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"seed {seed}: {tabs} tabs, {tally.Rounds} rounds, {tally.Refreshes} refreshes, {tally.Lost} answers lost, {tally.Kills} kills, {tally.FalseLogouts} false logouts; {thefts}; {watch.Elapsed.TotalSeconds:0} s"));
        var good = tally.FalseLogouts == 0 && tally.Caught == tally.Thefts;
        if (tally.First is { } first) Console.WriteLine($"BROKEN {first}");
        Console.WriteLine(good ? "1 passed, 0 failed" : "0 passed, 1 failed");
        return good ? 0 : 1;
    }

    // All tabs hold the same token and all must end with the same successor.
    private static async Task<string> Round(Stage stage, HttpClient http, Tally tally, Random dice, string token, int tabs)
    {
        var seeds = Enumerable.Range(0, tabs).Select(_ => dice.Next()).ToArray();
        var got = await Task.WhenAll(seeds.Select(async (seed, tab) =>
        {
            var own = new Random(seed);
            for (var tries = 0; ; tries++)
            {
                var (status, next) = await Refresh(stage, http, token, (tab + tries) % 2);
                if (next is null && status is HttpStatusCode.Unauthorized)
                {
                    Interlocked.Increment(ref tally.FalseLogouts);
                    tally.First ??= $"round {tally.Rounds}: tab {tab} was signed out after {tries} tries";
                    return null;
                }
                if (next is null) { await Task.Delay(50); continue; } // the node was killed or busy
                Interlocked.Increment(ref tally.Refreshes);
                if (own.Next(10) > 0) return next;
                Interlocked.Increment(ref tally.Lost);
            }
        }));
        if (got.OfType<string>().Distinct(StringComparer.Ordinal).ToArray() is [var only]) return only;
        tally.FalseLogouts++;
        tally.First ??= $"round {tally.Rounds}: the tabs hold different tokens";
        return await SignIn(stage, http);
    }

    // Owner first: the thief comes with a token that was used and whose successor was used too. Thief first: the owner comes with it.
    private static async Task Theft(Stage stage, HttpClient http, Tally tally, bool ownerFirst)
    {
        tally.Thefts++;
        var stolen = await SignIn(stage, http);
        var second = await Must(stage, http, stolen);
        var third = await Must(stage, http, second); // whoever did it
        var (caught, _) = await Persist(stage, http, stolen);
        var (other, _) = await Persist(stage, http, third);
        if (caught is HttpStatusCode.Unauthorized && other is HttpStatusCode.Unauthorized) tally.Caught++;
        else tally.First ??= $"round {tally.Rounds}: a copied token was answered {caught}, the other side {other} ({(ownerFirst ? "owner" : "thief")} first)";
    }

    private static async Task<string> Must(Stage stage, HttpClient http, string token) => (await Persist(stage, http, token)).Next ?? throw new InvalidOperationException("A good token was refused.");

    private static async Task<(HttpStatusCode? Status, string? Next)> Persist(Stage stage, HttpClient http, string token)
    {
        for (var tries = 0; ; tries++)
        {
            var answer = await Refresh(stage, http, token, tries % 2);
            if (answer.Status is HttpStatusCode.OK or HttpStatusCode.Unauthorized || tries > 200) return answer;
            await Task.Delay(50);
        }
    }

    private static async Task<(HttpStatusCode? Status, string? Next)> Refresh(Stage stage, HttpClient http, string token, int node)
    {
        try
        {
            using var answer = await http.PostAsJsonAsync(new Uri(stage.Nodes[node], "/api/v1/auth/refresh"), new { refreshToken = token });
            if (!answer.IsSuccessStatusCode) return (answer.StatusCode, null);
            return (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("refreshToken").GetString());
        }
        catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException or IOException) { return (null, null); }
    }

    private static async Task<string> SignIn(Stage stage, HttpClient http)
    {
        for (var tries = 0; tries < 100; tries++)
        {
            try
            {
                using var answer = await http.PostAsJsonAsync(new Uri(stage.Nodes[1], "/api/v1/auth/sign-in"), new { email = Email, password = Password });
                if (answer.IsSuccessStatusCode) return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("refreshToken").GetString()!;
            }
            catch (HttpRequestException) { } // not yet
            await Task.Delay(100);
        }
        throw new InvalidOperationException("Nobody could sign in.");
    }
}
