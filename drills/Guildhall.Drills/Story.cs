using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace Guildhall.Drills;

/// <summary>The main story over the API: somebody finds a service, holds a time, pays for it at the sandbox's page and writes to the provider.</summary>
internal static class Story
{
    private const string Password = "a-drill-of-many-people-26", Hash = "GUILDHALL_PASSWORD_HASH", Real = "pbkdf2-sha512:1:210000", Cheap = "pbkdf2-sha512:1:1000";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(300), Patience = TimeSpan.FromSeconds(120);

    internal sealed record Booked(string Id, string Start);

    /// <summary>Of nodes that take each person's own address from the drill.</summary>
    public static Dictionary<string, string> Settings(string rateFactor) =>
        new(StringComparer.Ordinal) { ["GUILDHALL_RATE_FACTOR"] = rateFactor, ["GUILDHALL_TRUSTED_PROXIES"] = "127.0.0.1/32", [Hash] = Cheap };

    /// <summary>Providers and customers who share one password, hashed once by the product.</summary>
    public static async Task<(Person[] Sellers, Person[] Customers)> Enlist(Stage stage, Calls calls, int providers, int customers)
    {
        await Register(calls, "first@example.test");
        await Market.Settle(stage, providers, customers, await stage.Ask<string>("select password_hash from identity.accounts where email_key = 'first@example.test'"));
        await Market.Open(stage, providers, minutes: 10);
        return ([.. Enumerable.Range(0, providers).Select(n => new Person(Market.SellerEmail(n), Password, $"10.1.{n / 250}.{1 + (n % 250)}"))],
            [.. Enumerable.Range(0, customers).Select(n => new Person(Market.CustomerEmail(n), Password, $"10.2.{n / 250}.{1 + (n % 250)}"))]);
    }

    private static Task Register(Calls calls, string email) =>
        calls.Send("register", null, HttpMethod.Post, "/api/v1/auth/register", new { email, password = Password, displayName = "Layla Al-Sayed", language = "en", zone = "Asia/Kuwait" }, "10.9.9.9");

    /// <summary>Signing in is slow on purpose: these do it while the nodes hash cheaply. Then the nodes start anew, hash as in production, and every password is kept so.</summary>
    public static async Task SignInBefore(Stage stage, Calls calls, Person[] people)
    {
        await Parallel.ForEachAsync(people, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (person, _) => await calls.SignIn(person));
        await stage.StartAnew(Hash, Real);
        calls.Reconnect();
        await Register(calls, "second@example.test");
        await stage.Tell("""
            update identity.accounts set password_hash = (select password_hash from identity.accounts where email_key = 'second@example.test')
            where password_hash = (select password_hash from identity.accounts where email_key = 'first@example.test')
            """);
    }

    /// <summary>What the providers of <see cref="Market"/> offer, as the API names it, in their order.</summary>
    public static async Task<string[]> Services(Calls calls, int providers)
    {
        var (all, after) = (new List<string>(), "");
        while (all.Count < providers)
        {
            var page = await calls.Send("find", null, HttpMethod.Get, $"/api/v1/services?kind=consultation{after}");
            foreach (var service in page.GetProperty("items").EnumerateArray())
                if (Calls.Text(service, "name") is "A short talk") all.Add(Calls.Text(service, "id")!);
            if (Calls.Text(page, "next") is not { } next) break;
            after = $"&after={next}";
        }
        return [.. all];
    }

    /// <summary>Null when there was no time to have, or something was wrong, which is noted.</summary>
    public static async Task<Booked?> Book(Stage stage, Calls calls, Person person, string service, string days, Func<List<string>, string?> choose)
    {
        await calls.Send("find", person, HttpMethod.Get, "/api/v1/services?kind=consultation&q=short");
        for (var tries = 0; tries < 10; tries++)
        {
            var free = Starts(await calls.Send("slots", person, HttpMethod.Get, $"/api/v1/services/{service}/slots?{days}&zone=UTC"));
            if (choose(free) is not { } start) return null;
            var held = await calls.Send("hold", person, HttpMethod.Post, "/api/v1/bookings", new { serviceId = service, start }, allowed: "slot_unavailable");
            if (Calls.Text(held, "code") is "slot_unavailable") continue; // somebody was faster
            return Calls.Text(held, "id") is { } booking ? await Pay(stage, calls, person, booking, start, Calls.Text(held, "orderId")!) : null;
        }
        return null;
    }

    private static async Task<Booked?> Pay(Stage stage, Calls calls, Person person, string booking, string start, string order)
    {
        var payment = await calls.Send("pay", person, HttpMethod.Post, $"/api/v1/orders/{order}/payments", new { });
        var watch = Stopwatch.StartNew();
        while (Calls.Text(payment, "redirectUrl") is null && Calls.Text(payment, "state") is "created" or "unknown" && watch.Elapsed < Patience)
        {
            await Task.Delay(Look);
            payment = await calls.Send("look at the payment", person, HttpMethod.Get, $"/api/v1/payments/{Calls.Text(payment, "id")}");
        }
        if (Calls.Text(payment, "redirectUrl") is not { } page)
        {
            calls.Wrong.Enqueue($"pay: no page ({Calls.Text(payment, "state") ?? Calls.Text(payment, "code")})");
            return null;
        }
        watch.Restart();
        using (var shown = await stage.Sandbox.GetAsync(new Uri(page)))
        using (var answer = await stage.Sandbox.PostAsJsonAsync($"/sandbox/stripe/checkout_sessions/{new Uri(page).Segments[^1]}/pay", new { outcome = "success" }))
            if (!shown.IsSuccessStatusCode || !answer.IsSuccessStatusCode) calls.Wrong.Enqueue($"the sandbox's page: {(int)shown.StatusCode}, {(int)answer.StatusCode}");
        calls.Took("(the sandbox's page)", watch);
        watch.Restart();
        while (watch.Elapsed < Patience)
        {
            var seen = await calls.Send("look at the booking", person, HttpMethod.Get, $"/api/v1/bookings/{booking}");
            if (Calls.Text(seen, "state") is "confirmed" && Calls.Text(seen, "chatId") is { } chat)
            {
                calls.Took("(from paid to booked)", watch);
                await calls.Send("message", person, HttpMethod.Post, $"/api/v1/chats/{chat}/messages", new { clientId = Guid.NewGuid().ToString("n"), text = "It is about a lease." });
                return new Booked(booking, start);
            }
            await Task.Delay(Look);
        }
        calls.Wrong.Enqueue($"{booking} was paid and is not booked after {Patience.TotalSeconds} s");
        return null;
    }

    private static List<string> Starts(JsonElement slots) =>
        slots.ValueKind != JsonValueKind.Object || !slots.TryGetProperty("days", out var days) ? [] : [.. days.EnumerateArray().SelectMany(d => d.GetProperty("slots").EnumerateArray()).Select(s => Calls.Text(s, "start")!)];
}
