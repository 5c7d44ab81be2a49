using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Guildhall.Drills;

/// <summary>Somebody with an account, an address of their own, and the tokens they were given.</summary>
internal sealed record Person(string Email, string Password, string Address)
{
    public string? Token { get; set; }
    public string? Refresh { get; set; }
}

/// <summary>Requests of people to both nodes in turn: how long each took until it was decided, and what was wrong. Who is told to wait waits as long as they were told and asks again with the same key.</summary>
internal sealed class Calls : IDisposable
{
    private const int MostTries = 200;
    private readonly Stage _stage;
    private HttpClient _http = Connect();
    private int _turn, _waits, _again;
    private long _excusedUntil;

    public Calls(Stage stage) => _stage = stage;

    public ConcurrentDictionary<string, ConcurrentBag<double>> Times { get; private set; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<string> Wrong { get; } = new();

    /// <summary>How often somebody was told to wait, and how often a fault of the drill made them ask again.</summary>
    public (int Waits, int Again) Count => (_waits, _again);

    /// <summary>A node was killed or a connection cut: for so long that explains an answer that does not come, or a 5xx.</summary>
    public void Excuse(TimeSpan time)
    {
        var until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        if (until > Interlocked.Read(ref _excusedUntil)) Interlocked.Exchange(ref _excusedUntil, until);
    }

    /// <summary>From a kill until the node answers again.</summary>
    public bool IsNodeDown { get; set; }

    /// <summary>What was connected was connected to nodes that are no more.</summary>
    public void Reconnect()
    {
        _http.Dispose();
        _http = Connect();
    }

    private static HttpClient Connect() => new(new SocketsHttpHandler { MaxConnectionsPerServer = 2_000 }) { Timeout = TimeSpan.FromSeconds(60) };

    public void Forget() => Times = new(StringComparer.Ordinal);

    public void Took(string step, Stopwatch watch) => Times.GetOrAdd(step, _ => []).Add(watch.Elapsed.TotalMilliseconds);

    public async Task SignIn(Person person, string step = "sign in")
    {
        var answer = await Send(step, null, HttpMethod.Post, "/api/v1/auth/sign-in", new { email = person.Email, password = person.Password }, person.Address);
        (person.Token, person.Refresh) = (Text(answer, "accessToken"), Text(answer, "refreshToken"));
        if (person.Token is null) Wrong.Enqueue($"{step}: no token for {person.Email}");
    }

    /// <summary>The decided answer; what is neither 2xx nor allowed is wrong.</summary>
    public async Task<JsonElement> Send(string step, Person? person, HttpMethod method, string path, object? body = null, string? address = null, string? allowed = null)
    {
        var (key, watch) = (Guid.NewGuid().ToString("n"), Stopwatch.StartNew());
        for (var tries = 0; tries < MostTries; tries++)
        {
            using var request = new HttpRequestMessage(method, new Uri(_stage.Nodes[Interlocked.Increment(ref _turn) & 1], path));
            var token = person?.Token;
            if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            request.Headers.Add("X-Forwarded-For", person?.Address ?? address ?? "10.0.0.1");
            if (method == HttpMethod.Post) request.Headers.Add("Idempotency-Key", key);
            if (body is not null) request.Content = JsonContent.Create(body);
            var sent = Stopwatch.GetTimestamp();
            HttpResponseMessage? response = null;
            var text = "";
            try
            {
                response = await _http.SendAsync(request);
                text = await response.Content.ReadAsStringAsync();
            }
            catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException or IOException)
            {
                if (IsExcused(sent)) { Interlocked.Increment(ref _again); await Task.Delay(200); continue; }
                Wrong.Enqueue($"{step}: {problem.GetType().Name} {problem.InnerException?.Message}");
                return default;
            }
            using var __ = response;
            if (response is { StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable, Headers.RetryAfter.Delta: { } wait })
            {
                Interlocked.Increment(ref _waits);
                await Task.Delay(wait);
                continue;
            }
            if (response.StatusCode is HttpStatusCode.Unauthorized && person is not null && tries < 5) { await Renew(person, token); continue; }
            if (text.Contains("idempotency_in_progress", StringComparison.Ordinal)) { await Task.Delay(200); continue; }
            if ((int)response.StatusCode >= 500 && IsExcused(sent)) { Interlocked.Increment(ref _again); await Task.Delay(200); continue; }
            Took(step, watch);
            var json = text.Length > 0 && text[0] is '{' or '[' ? JsonSerializer.Deserialize<JsonElement>(text) : default;
            if (!response.IsSuccessStatusCode && (allowed is null || Text(json, "code") != allowed)) Wrong.Enqueue($"{step}: {(int)response.StatusCode} {Text(json, "code")}");
            return json;
        }
        Wrong.Enqueue($"{step}: undecided after {MostTries} tries");
        return default;
    }

    /// <summary>The bytes of a file, or null while it is not made.</summary>
    public async Task<byte[]?> Download(string step, Person person, string path)
    {
        var watch = Stopwatch.StartNew();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_stage.Nodes[Interlocked.Increment(ref _turn) & 1], path)) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", person.Token) } };
        request.Headers.Add("X-Forwarded-For", person.Address);
        using var response = await _http.SendAsync(request);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        if (response.IsSuccessStatusCode)
        {
            Took(step, watch);
            return bytes;
        }
        if (Text(JsonSerializer.Deserialize<JsonElement>(bytes), "code") is not "invoice_file_waiting") Wrong.Enqueue($"{step}: {(int)response.StatusCode}");
        return null;
    }

    private async Task Renew(Person person, string? token)
    {
        if (person.Token != token) return;
        if (person.Refresh is null) { await SignIn(person); return; }
        var pair = await Send("refresh", null, HttpMethod.Post, "/api/v1/auth/refresh", new { refreshToken = person.Refresh }, person.Address);
        (person.Token, person.Refresh) = (Text(pair, "accessToken"), Text(pair, "refreshToken"));
    }

    private bool IsExcused(long sent) => IsNodeDown || sent < Interlocked.Read(ref _excusedUntil);

    public double Percentile(double share)
    {
        var all = Times.Values.SelectMany(t => t).Order().ToArray();
        return all.Length == 0 ? 0 : all[Math.Min(all.Length - 1, (int)(all.Length * share))];
    }

    public void Print()
    {
        foreach (var (step, times) in Times.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            var sorted = times.Order().ToArray();
            double At(double share) => sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{step,-24} {sorted.Length,7}  p50 {At(0.5):0} ms  p95 {At(0.95):0} ms  p99 {At(0.99):0} ms  at most {sorted[^1]:0} ms"));
        }
    }

    public static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public void Dispose() => _http.Dispose();
}
