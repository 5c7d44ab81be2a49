using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;

namespace Guildhall.Drills;

/// <summary>Signs in with wrong passwords in an order of chance, each time from another address, and compares how long the answers take by what the e-mail address is.
/// The medians may be a millisecond apart.</summary>
internal static class Timing
{
    public const string Help = """
        Usage: ./drill timing [--short] [--seed N] [--tries N] [--full-tries N]
        2,000 wrong passwords each for known, unknown, suspended and unconfirmed addresses with a cheap hash, 100 each with the hash as it is in production, and as many
        for addresses that have to wait after too many tries. The medians of one kind of answer must be within a millisecond of each other, and the answers the same.
        How far apart four samples of the hash of production alone are on this machine is said too: where that is more, it is the machine that the drill fails on.
        The short form tries the hash of production twice and compares the answers only, since a busy machine says nothing about time.
        """;

    private const string Cheap = "pbkdf2-sha512:1:1000", Real = "pbkdf2-sha512:1:210000", Password = "guildhall-demo-2026";
    private const int FewestAccounts = 4, TriesOfOneAccount = 80;
    private const double Most = 1;
    private static readonly string[] Kinds = ["known", "unknown", "suspended", "unconfirmed"];
    private static int _address;

    public static async Task<int> Run(int cheapTries, int realTries, int seed, bool judges)
    {
        var faults = new List<string>();
        if (judges) SayOfHashAlone(realTries, new Random(seed));
        foreach (var (recipe, tries) in new[] { (Cheap, cheapTries), (Real, realTries) }.Where(t => t.Item2 > 0))
        {
            await using var stage = await Stage.Set(new Plan(0, 0, 0, seed), (_, _, _) => new(StringComparer.Ordinal) { ["GUILDHALL_PASSWORD_HASH"] = recipe, ["GUILDHALL_TRUSTED_PROXIES"] = "127.0.0.1/32" });
            using var http = new HttpClient { BaseAddress = stage.Nodes[0], Timeout = TimeSpan.FromSeconds(20) };
            var accounts = Math.Max(FewestAccounts, (tries / TriesOfOneAccount) + 1);
            await Enlist(stage, http, accounts);
            faults.AddRange(await Compare(http, new Random(seed), recipe, "wrong password", tries, accounts, judges, _ => NewAddress()));
            // Five failures from one address and it has to wait, whether the account exists or not.
            var addresses = Kinds.ToDictionary(k => k, _ => NewAddress(), StringComparer.Ordinal);
            foreach (var kind in Kinds)
                for (var i = 0; i < 5; i++) await Try(http, $"{kind}0@example.test", addresses[kind]);
            faults.AddRange(await Compare(http, new Random(seed), recipe, "told to wait", tries, 1, judges, kind => addresses[kind]));
        }
        foreach (var fault in faults) Console.WriteLine($"BROKEN {fault}");
        Console.WriteLine(faults.Count == 0 ? "1 passed, 0 failed" : "0 passed, 1 failed");
        return faults.Count == 0 ? 0 : 1;
    }

    private static async Task<IReadOnlyList<string>> Compare(HttpClient http, Random dice, string recipe, string what, int tries, int accounts, bool judges, Func<string, string> addressOf)
    {
        var (took, answers) = (Kinds.ToDictionary(k => k, _ => new List<double>(tries), StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        var first = judges ? -20 : -1;
        for (var i = first; i < tries; i++) // those before 0 warm up
        {
            var order = Kinds.ToArray();
            dice.Shuffle(order);
            foreach (var kind in order)
            {
                var watch = Stopwatch.GetTimestamp();
                var answer = await Try(http, $"{kind}{(i - first) % accounts}@example.test", addressOf(kind));
                if (i < 0) continue;
                took[kind].Add(Stopwatch.GetElapsedTime(watch).TotalMilliseconds);
                answers.Add(answer);
            }
        }
        var medians = took.ToDictionary(t => t.Key, t => Median(t.Value), StringComparer.Ordinal);
        var apart = medians.Values.Max() - medians.Values.Min();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{recipe}, {what}, {tries} tries each: {string.Join(", ", medians.Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Key} {m.Value:0.000} ms")))}; {apart:0.000} ms apart"));
        List<string> faults = [];
        if (answers.Count != 1) faults.Add($"{what}: the answers differ: {string.Join(" and ", answers.Order(StringComparer.Ordinal))}");
        if (judges && apart > Most) faults.Add(string.Create(CultureInfo.InvariantCulture, $"{recipe}, {what}: the medians are {apart:0.000} ms apart"));
        return faults;
    }

    // How far apart the medians of one and the same thing are here, taken as those of the answers are.
    private static void SayOfHashAlone(int tries, Random dice)
    {
        var rounds = int.Parse(Real.Split(':')[^1], CultureInfo.InvariantCulture);
        var took = Enumerable.Range(0, Kinds.Length).Select(_ => new List<double>(tries)).ToArray();
        for (var i = 0; i < tries; i++)
        {
            var order = took.ToArray();
            dice.Shuffle(order);
            foreach (var sample in order)
            {
                var watch = Stopwatch.GetTimestamp();
                Rfc2898DeriveBytes.Pbkdf2(Password, "sixteen bytes..."u8, rounds, HashAlgorithmName.SHA512, 32);
                sample.Add(Stopwatch.GetElapsedTime(watch).TotalMilliseconds);
            }
        }
        var medians = took.Select(Median).ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Real}, the hash alone, four times {tries} tries: {medians.Max() - medians.Min():0.000} ms apart"));
    }

    // Status and code: what else stands in an answer is its request id and the time to wait.
    private static async Task<string> Try(HttpClient http, string email, string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/auth/sign-in") { Content = JsonContent.Create(new { email, password = "certainly-not-the-password" }) };
        request.Headers.Add("X-Forwarded-For", address);
        using var answer = await http.SendAsync(request);
        var problem = await answer.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>();
        return string.Create(CultureInfo.InvariantCulture, $"{(int)answer.StatusCode} {problem.GetProperty("code").GetString()}");
    }

    private static async Task Enlist(Stage stage, HttpClient http, int accounts)
    {
        foreach (var kind in Kinds.Where(k => k is not "unknown"))
            for (var i = 0; i < accounts; i++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/auth/register")
                {
                    Content = JsonContent.Create(new { email = $"{kind}{i}@example.test", password = Password, displayName = "Somebody", language = "en", zone = "Asia/Kuwait" }),
                };
                request.Headers.Add("X-Forwarded-For", NewAddress());
                using var answer = await http.SendAsync(request);
                answer.EnsureSuccessStatusCode();
            }
        await stage.Ask<long>("""
            with changed as (update identity.accounts set state = case when email_key like 'known%' then 'active' else 'suspended' end, email_verified_at = now()
                where email_key like 'known%' or email_key like 'suspended%' returning 1) select count(*) from changed
            """);
    }

    private static string NewAddress()
    {
        var n = ++_address;
        return string.Create(CultureInfo.InvariantCulture, $"198.{18 + (n >> 16)}.{(n >> 8) & 255}.{n & 255}");
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
