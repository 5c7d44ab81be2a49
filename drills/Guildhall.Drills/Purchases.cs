using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Guildhall.Drills;

/// <summary>Customers who buy at once, each request to the other node than the one before, repeated with its key when it got no answer.</summary>
internal static class Purchases
{
    private static readonly string[] Outcomes = ["success", "success", "success", "timeout_but_charged", "late_success", "decline", "abandon"];
    private const int MaxWaves = 500;
    private static int _turn;

    private const string Password = "a-drill-of-many-buyers-26";

    // A long run outlives a token: whoever is told 401 signs in again.
    internal sealed record Buyer(string Email, string Password)
    {
        public string? Token { get; set; }
        public SemaphoreSlim SigningIn { get; } = new(1);
    }

    private sealed record Wish(Buyer Buyer, string Service, string Outcome, int Slot);

    public static async Task<string> Run(Stage stage, Plan plan)
    {
        var buyers = await Enlist(stage, plan.Customers);
        var services = await Services(stage);
        await stage.Faults(new { delayMs = 20, duplicateWebhooks = true, dropWebhooks = 15, reorderWebhooks = true, timeoutAfterEffect = 10, seed = plan.Seed });
        var tally = new System.Collections.Concurrent.ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        using var over = new CancellationTokenSource();
        var killing = Kill(stage, plan, over);
        var random = new Random(plan.Seed);
        // Wave after wave, until each was bought and every kill was done: the last kill, too, hits somebody who buys.
        var (waves, bought) = (0, 0);
        do
        {
            var wave = Enumerable.Range(0, plan.Purchases).Select(_ => new Wish(buyers[bought++ % buyers.Count], services[random.Next(services.Count)], Outcomes[random.Next(Outcomes.Length)], random.Next(100_000))).ToList();
            await Parallel.ForEachAsync(wave, new ParallelOptions { MaxDegreeOfParallelism = plan.Purchases }, async (wish, _) =>
            {
                var end = await Buy(stage, wish.Buyer, wish.Service, wish.Outcome, wish.Slot);
                tally.AddOrUpdate(end, 1, (_, n) => n + 1);
            });
        }
        while (++waves < MaxWaves && !over.IsCancellationRequested);
        await over.CancelAsync();
        var kills = await killing;
        await stage.Sandbox.PostAsync("/sandbox/faults/reset", null);
        await Calm(stage);
        return $"{bought} purchases in {waves} waves: {string.Join(", ", tally.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => $"{t.Value} {t.Key}"))}; {kills} kills";
    }

    private static async Task<string> Buy(Stage stage, Buyer buyer, string service, string outcome, int pick)
    {
        for (var tries = 0; tries < 6; tries++)
        {
            var slots = await Slots(stage, buyer, service);
            if (slots.Count == 0) return "without a slot";
            var held = await Send(stage, buyer, HttpMethod.Post, "/api/v1/bookings", new { serviceId = service, start = slots[(pick + (tries * 911)) % slots.Count] });
            if (held.Status == HttpStatusCode.Conflict) continue; // somebody was faster: another slot
            if (held.Status != HttpStatusCode.Created) return $"refused ({held.Code})";
            var order = held.Body.GetProperty("orderId").GetString();
            var payment = await Send(stage, buyer, HttpMethod.Post, $"/api/v1/orders/{order}/payments", new { });
            if (payment.Status != HttpStatusCode.Created) return $"unpaid ({payment.Code})";
            var view = payment.Body;
            for (var wait = 0; wait < 100 && Text(view, "redirectUrl") is null && Text(view, "state") is "created" or "unknown"; wait++)
            {
                await Task.Delay(200);
                view = (await Send(stage, buyer, HttpMethod.Get, $"/api/v1/payments/{Text(view, "id")}", null)).Body;
            }
            if (Text(view, "redirectUrl") is not { } address) return $"page not opened ({Text(view, "state")})";
            var session = new Uri(address).Segments[^1];
            using var answer = await stage.Sandbox.PostAsJsonAsync($"/sandbox/stripe/checkout_sessions/{session}/pay", new { outcome });
            return answer.IsSuccessStatusCode ? outcome : $"page {(int)answer.StatusCode}";
        }
        return "without luck";
    }

    internal static async Task<List<string>> Slots(Stage stage, Buyer buyer, string service)
    {
        var from = DateTimeOffset.UtcNow.AddDays(2).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var answer = await Send(stage, buyer, HttpMethod.Get, $"/api/v1/services/{service}/slots?from={from}&days=28&zone=UTC", null);
        return [.. Starts(answer.Body)];
    }

    // Every start in the document, however its days are nested.
    private static IEnumerable<string> Starts(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(m => m.Name is "start" && m.Value.ValueKind == JsonValueKind.String ? [m.Value.GetString()!] : Starts(m.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Starts),
        _ => [],
    };

    // Says when it has killed as often as it was told to.
    private static async Task<int> Kill(Stage stage, Plan plan, CancellationTokenSource over)
    {
        var random = new Random(plan.Seed + 1);
        var kills = 0;
        while (kills < plan.Kills && !over.IsCancellationRequested)
        {
            await Task.Delay(random.Next(300, 2500), CancellationToken.None);
            var node = random.Next(2);
            stage.KillAndRestart(node);
            kills++;
            await stage.Ready(stage.Nodes[node]);
        }
        if (!over.IsCancellationRequested) await over.CancelAsync();
        return kills;
    }

    /// <summary>Lets an hour of business time pass in steps (or as many steps as are said), so that holds, pages and backoffs end, and waits until nothing is under way.</summary>
    internal static async Task Calm(Stage stage, int atLeast = 7)
    {
        foreach (var node in stage.Nodes) await stage.Ready(node);
        for (var step = 0; step < 60; step++)
        {
            await Send(stage, null, HttpMethod.Post, "/api/v1/sandbox/clock", new { advanceSeconds = 600 });
            await Task.Delay(1500);
            if (step >= atLeast && await stage.Ask<bool>(Oracle.Quiet)) return;
        }
    }

    internal static async Task<List<Buyer>> Enlist(Stage stage, int count)
    {
        var buyers = new List<Buyer>();
        for (var i = 0; i < count; i++)
        {
            var email = $"buyer{i}@example.test";
            await Send(stage, null, HttpMethod.Post, "/api/v1/auth/register", new { email, password = Password, displayName = $"Buyer {i}", language = "en", zone = "Asia/Kuwait" });
            await using (var verify = stage.Superuser.CreateCommand("update identity.accounts set state = 'active', email_verified_at = now() where state = 'unverified'")) await verify.ExecuteNonQueryAsync();
            buyers.Add(new Buyer(email, Password));
        }
        return buyers;
    }

    internal static async Task<string> SignIn(Stage stage, Buyer buyer)
    {
        // One sign-in for all purchases of a buyer that found no token: five at once are the limit.
        await buyer.SigningIn.WaitAsync();
        try
        {
            return buyer.Token ??= await SignInOnce(stage, buyer);
        }
        finally { buyer.SigningIn.Release(); }
    }

    private static async Task<string> SignInOnce(Stage stage, Buyer buyer)
    {
        var answer = await Send(stage, null, HttpMethod.Post, "/api/v1/auth/sign-in", new { email = buyer.Email, password = buyer.Password });
        return Text(answer.Body, "accessToken") ?? throw new InvalidOperationException($"{buyer.Email} cannot sign in: {answer.Status} {answer.Body}");
    }

    internal static async Task<List<string>> Services(Stage stage)
    {
        var answer = await Send(stage, null, HttpMethod.Get, "/api/v1/services", null);
        return [.. answer.Body.GetProperty("items").EnumerateArray().Select(s => s.GetProperty("id").GetString()!)];
    }

    internal sealed record Answer(HttpStatusCode Status, JsonElement Body)
    {
        public string Code => Text(Body, "code") ?? ((int)Status).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>The same key until there is an answer: that is what keys are for. Who is not patient takes any answer.</summary>
    internal static async Task<Answer> Send(Stage stage, Buyer? buyer, HttpMethod method, string path, object? body, bool patient = true)
    {
        var key = Guid.NewGuid().ToString("n");
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(40) };
        for (var tries = 0; ; tries++)
        {
            var token = buyer is null ? null : await SignIn(stage, buyer);
            using var request = new HttpRequestMessage(method, new Uri(stage.Nodes[Interlocked.Increment(ref _turn) & 1], path));
            if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            if (method == HttpMethod.Post) request.Headers.Add("Idempotency-Key", key);
            if (body is not null) request.Content = JsonContent.Create(body);
            try
            {
                using var response = await http.SendAsync(request);
                var text = await response.Content.ReadAsStringAsync();
                if (response.StatusCode == HttpStatusCode.Unauthorized && buyer is not null && tries < 3)
                {
                    if (buyer.Token == token) buyer.Token = null;
                    continue;
                }
                var retry = (int)response.StatusCode >= 500 && patient || text.Contains("idempotency_in_progress", StringComparison.Ordinal);
                if (!retry || tries > 120) return new Answer(response.StatusCode, text.Length > 0 && text[0] is '{' or '[' ? JsonSerializer.Deserialize<JsonElement>(text) : default);
            }
            catch (Exception problem) when (tries < 120 && problem is HttpRequestException or TaskCanceledException or IOException) { } // killed: again
            await Task.Delay(500);
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
