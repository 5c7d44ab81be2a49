using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Guildhall.Drills;

/// <summary>Customers who hold slots, pay or give them up, through the address that people use. Every request is repeated with its key until it is answered; every answer that
/// says "done" is remembered.</summary>
internal sealed class ClusterCrowd : IDisposable
{
    private const int TriesAtMost = 300, PaysOneIn = 8;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(1), ConnectTimeout = TimeSpan.FromSeconds(5) }) { Timeout = TimeSpan.FromSeconds(40) };
    private readonly CancellationTokenSource _over = new();
    private readonly Stage _stage;
    private readonly Uri _front;
    private readonly TimeSpan _pause;
    private readonly List<Task> _working = [];

    /// <summary>One request and what came of it, by the crowd's clock.</summary>
    internal sealed record Attempt(TimeSpan Start, TimeSpan End, bool IsDone, string? Error);

    public ClusterCrowd(Stage stage, Uri front, TimeSpan pause) => (_stage, _front, _pause) = (stage, front, pause);

    public Stopwatch Clock { get; } = Stopwatch.StartNew();
    public ConcurrentQueue<Attempt> Attempts { get; } = new();

    /// <summary>Ids that an answer of success named.</summary>
    public ConcurrentQueue<string> Held { get; } = new();
    public ConcurrentQueue<string> Cancelled { get; } = new();
    public ConcurrentQueue<string> Paying { get; } = new();

    /// <summary>How often which refusal was answered: they change nothing.</summary>
    public ConcurrentDictionary<string, int> Refused { get; } = new(StringComparer.Ordinal);

    public async Task Begin(IReadOnlyList<Purchases.Buyer> buyers, IReadOnlyList<string> services, int seed)
    {
        var slots = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var service in services)
            if (await Purchases.Slots(_stage, buyers[0], service) is { Count: > 0 } free) slots[service] = free;
        for (var i = 0; i < buyers.Count; i++) _working.Add(Work(buyers[i], slots, new Random(seed + i)));
    }

    /// <summary>Whatever was begun is brought to its answer.</summary>
    public async Task End()
    {
        await _over.CancelAsync();
        await Task.WhenAll(_working);
    }

    private async Task Work(Purchases.Buyer buyer, Dictionary<string, List<string>> slots, Random random)
    {
        var services = slots.Keys.ToArray();
        for (var turn = 0; !_over.IsCancellationRequested; turn++)
        {
            var service = services[random.Next(services.Length)];
            var held = await Send(buyer, "/api/v1/bookings", new { serviceId = service, start = slots[service][random.Next(slots[service].Count)] });
            if (held is not { } booking) continue;
            Held.Enqueue(booking.GetProperty("id").GetString()!);
            if (turn % PaysOneIn == 0) await Pay(buyer, booking.GetProperty("orderId").GetString()!);
            else if (await Send(buyer, $"/api/v1/bookings/{booking.GetProperty("id").GetString()}/actions/cancel", new { }) is { } cancelled) Cancelled.Enqueue(cancelled.GetProperty("id").GetString()!);
            if (_pause > TimeSpan.Zero) await Task.Delay(_pause);
        }
    }

    private async Task Pay(Purchases.Buyer buyer, string order)
    {
        if (await Send(buyer, $"/api/v1/orders/{order}/payments", new { }) is not { } payment) return;
        Paying.Enqueue(payment.GetProperty("id").GetString()!);
        if (payment.TryGetProperty("redirectUrl", out var page) && page.ValueKind == JsonValueKind.String)
            using (await _stage.Sandbox.PostAsJsonAsync($"/sandbox/stripe/checkout_sessions/{new Uri(page.GetString()!).Segments[^1]}/pay", new { outcome = "success" })) { }
    }

    // The body of a success; null when it was refused for a reason of the business.
    private async Task<JsonElement?> Send(Purchases.Buyer buyer, string path, object body)
    {
        var key = Guid.NewGuid().ToString("n");
        for (var tries = 0; tries < TriesAtMost; tries++)
        {
            var token = await Token(buyer);
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_front, path)) { Content = JsonContent.Create(body) };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            request.Headers.Add("Idempotency-Key", key);
            var start = Clock.Elapsed;
            try
            {
                using var answer = await _http.SendAsync(request);
                var text = await answer.Content.ReadAsStringAsync();
                var code = Code(text) ?? "";
                if (answer.IsSuccessStatusCode)
                {
                    Attempts.Enqueue(new Attempt(start, Clock.Elapsed, true, null));
                    return JsonSerializer.Deserialize<JsonElement>(text);
                }
                if (answer.StatusCode is HttpStatusCode.Unauthorized) { if (buyer.Token == token) buyer.Token = null; continue; }
                var failed = (int)answer.StatusCode >= 500;
                Attempts.Enqueue(new Attempt(start, Clock.Elapsed, false, failed ? Told(answer, code) : null));
                if (!failed && code is not "idempotency_in_progress")
                {
                    Refused.AddOrUpdate(code, 1, (_, n) => n + 1);
                    return null;
                }
            }
            catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException or IOException)
            {
                Attempts.Enqueue(new Attempt(start, Clock.Elapsed, false, problem.GetType().Name));
            }
            await Task.Delay(Between);
        }
        throw new TimeoutException($"{path} was not answered after {TriesAtMost} tries.");
    }

    // A refusal that does not say when to come again is told apart from one that does.
    private static string Told(HttpResponseMessage answer, string code) => $"{(int)answer.StatusCode} {code}{(answer.Headers.RetryAfter is null ? "" : " with Retry-After")}";

    private async Task<string> Token(Purchases.Buyer buyer)
    {
        for (var tries = 0; ; tries++)
        {
            try { return await Purchases.SignIn(_stage, buyer); }
            catch (InvalidOperationException) when (tries < TriesAtMost) { await Task.Delay(1000); } // the database is away
        }
    }

    private static string? Code(string text) => text.StartsWith('{') && JsonSerializer.Deserialize<JsonElement>(text).TryGetProperty("code", out var code) ? code.GetString() : null;

    public void Dispose()
    {
        _http.Dispose();
        _over.Dispose();
    }
}
