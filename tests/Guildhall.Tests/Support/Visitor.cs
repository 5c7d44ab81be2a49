using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Guildhall.Tests.Support;

/// <summary>Somebody who talks to the API. Paths are relative to /api/v1 unless they start with a slash.</summary>
public class Visitor(World world)
{
    private static readonly HttpClient Wire = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(1) })
    {
        Timeout = TimeSpan.FromSeconds(60),
    };

    protected World World { get; } = world;

    /// <summary>The world this one lives in.</summary>
    public World Home => World;

    /// <summary>Sent as a bearer token when not null.</summary>
    public string? Token { get; set; }

    /// <summary>Null: the nodes take turns.</summary>
    public int? OnlyNode { get; set; }

    /// <summary>A header of every request of this visitor.</summary>
    protected virtual (string Name, string Value)? Also => null;

    public Task<Answer> Get(string path) => Send(HttpMethod.Get, path);

    /// <summary>A POST with an Idempotency-Key: a fresh one unless told.</summary>
    public Task<Answer> Post(string path, object? body = null, string? key = null) =>
        Send(HttpMethod.Post, path, body is null ? null : JsonContent.Create(body), ("Idempotency-Key", key ?? Guid.NewGuid().ToString()));

    public Task<Answer> Patch(string path, object body) => Send(HttpMethod.Patch, path, JsonContent.Create(body));
    public Task<Answer> Put(string path, object body) => Send(HttpMethod.Put, path, JsonContent.Create(body));
    public Task<Answer> Delete(string path) => Send(HttpMethod.Delete, path);

    public async Task<Answer> Send(HttpMethod method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        var address = OnlyNode is { } node ? World.Addresses[node] : World.NextAddress();
        using var request = new HttpRequestMessage(method, new Uri(address, path.StartsWith('/') ? path : "/api/v1/" + path)) { Content = content };
        if (Token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        if (Also is { } also) request.Headers.TryAddWithoutValidation(also.Name, also.Value);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Wire.SendAsync(request);
        var names = response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer($"{method} {request.RequestUri!.PathAndQuery}", (int)response.StatusCode, names, await response.Content.ReadAsStringAsync());
    }
}

/// <summary>What came back.</summary>
public sealed record Answer(string To, int Status, IDictionary<string, string> Headers, string Text)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Text);

    /// <summary>The stable code of a refusal, or null.</summary>
    public string? Code => Text.StartsWith('{') && Json.TryGetProperty("code", out var code) ? code.GetString() : null;

    /// <summary>The answer itself, when it has the expected status; fails with all of it otherwise.</summary>
    public Answer Must(int status = 200)
    {
        if (Status != status) Assert.Fail($"{To} answered {Status}, expected {status}: {Text}");
        return this;
    }

    /// <summary>The answer itself, when it has one of these statuses.</summary>
    public Answer Must(params int[] statuses)
    {
        if (!statuses.Contains(Status)) Assert.Fail($"{To} answered {Status}, expected one of {string.Join(", ", statuses)}: {Text}");
        return this;
    }

    /// <summary>Fails unless it is this refusal, as a problem document.</summary>
    public Answer MustRefuse(Refusal refusal)
    {
        if (Status != refusal.Status || !string.Equals(Code, refusal.Code, StringComparison.Ordinal)) Assert.Fail($"{To} answered {Status} {Text}, expected {refusal.Status} {refusal.Code}");
        Headers["Content-Type"].ShouldStartWith("application/problem+json");
        return this;
    }

    /// <summary>A member by its path, such as <c>amount.minor</c>.</summary>
    public JsonElement At(string path) => path.Split('.').Aggregate(Json, (element, name) => int.TryParse(name, out var index) ? element[index] : element.GetProperty(name));

    public string Word(string path) => At(path).GetString()!;
    public override string ToString() => $"{Status} {Text}";
}
