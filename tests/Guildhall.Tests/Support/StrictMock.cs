using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Guildhall.Tests.Support;

/// <summary>A second opinion on every request of an adapter: a mock made from a description of the API (tests/peers/specs) is sent a copy of it and says what is wrong with it.</summary>
internal sealed class StrictMock : IAsyncDisposable
{
    private sealed record Call(string Method, string Path, string Query, string Type, string Body, IReadOnlyList<KeyValuePair<string, string>> Headers)
    {
        public string Name => $"{Method} {Path}";
    }

    // Where no description reaches: PayPal's key for the other calls, and Stripe's list of disputes.
    private static readonly string[] Undescribed = ["/v1/oauth2/token", "/v1/disputes"];
    private static readonly string[] Passed = ["Authorization", "Idempotency-Key", "PayPal-Request-Id", "Prefer", "Accept"];

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private readonly ConcurrentQueue<Call> _seen = new();
    private readonly IReadOnlyList<PeerServer> _mocks;

    private StrictMock(IReadOnlyList<PeerServer> mocks) => _mocks = mocks;

    private readonly ConcurrentQueue<Task<string?>> _judged = new();

    /// <summary>Method, path and body of what was sent, and what is wrong with it.</summary>
    public async Task<IReadOnlyList<string>> Refused() => [.. (await Task.WhenAll(_judged)).OfType<string>()];

    public IEnumerable<string> Seen => _seen.Select(call => call.Name);

    public static async Task<StrictMock> Of(params string[] specs) =>
        new(await Task.WhenAll(specs.Select(spec => Peers.Serve("prism", Tree.Path($"tests/peers/specs/{spec}.json")))));

    /// <summary>For the line between the product and the other side: looks, and lets the call pass.</summary>
    public async Task<bool> Sees(HttpContext http)
    {
        if (Undescribed.Contains(http.Request.Path.Value, StringComparer.Ordinal)) return false;
        http.Request.EnableBuffering();
        using var reader = new StreamReader(http.Request.Body, leaveOpen: true);
        var body = await reader.ReadToEndAsync();
        http.Request.Body.Position = 0;
        var headers = http.Request.Headers.Where(h => Passed.Contains(h.Key, StringComparer.OrdinalIgnoreCase)).Select(h => KeyValuePair.Create(h.Key, h.Value.ToString()));
        body = body.Replace("http://localhost", "https://localhost", StringComparison.Ordinal) // in production we are there
            .Replace("http%3A%2F%2Flocalhost", "https%3A%2F%2Flocalhost", StringComparison.Ordinal);
        var call = new Call(http.Request.Method, http.Request.Path.Value!, http.Request.QueryString.Value!, http.Request.ContentType ?? "", body, [.. headers]);
        _seen.Enqueue(call);
        _judged.Enqueue(Task.Run(async () => await Judge(call) is { } wrong ? $"{call.Name} {call.Body}: {wrong}" : null)); // the line is not held up
        return false;
    }

    /// <summary>The fields without which the first call of this name is refused: a mock that refuses nothing proves nothing.</summary>
    public async Task<IReadOnlyList<string>> NeededBy(string methodAndPath)
    {
        var (call, needed) = (_seen.First(c => c.Name.StartsWith(methodAndPath, StringComparison.Ordinal)), new List<string>());
        foreach (var (field, body) in Without(call)) if (await Judge(call with { Body = body }) is not null) needed.Add(field);
        return needed;
    }

    // Of a form whole fields are left out, with all that is nested in them.
    private static IEnumerable<(string Field, string Body)> Without(Call call)
    {
        if (!call.Type.Contains("json", StringComparison.Ordinal))
        {
            var parts = call.Body.Split('&');
            return parts.Select(part => Uri.UnescapeDataString(part.Split('=')[0]).Split('[')[0]).Distinct(StringComparer.Ordinal)
                .Select(field => (field, string.Join('&', parts.Where(part => !Uri.UnescapeDataString(part).StartsWith(field, StringComparison.Ordinal)))));
        }
        return JsonNode.Parse(call.Body)!.AsObject().Select(part => part.Key).Select(field =>
        {
            var rest = JsonNode.Parse(call.Body)!.AsObject();
            rest.Remove(field);
            return (field, rest.ToJsonString());
        });
    }

    private async Task<string?> Judge(Call call)
    {
        var wrong = "no description knows it";
        foreach (var mock in _mocks)
        {
            using var request = new HttpRequestMessage(new HttpMethod(call.Method), new Uri(mock.Address, call.Path + call.Query));
            if (call.Body.Length > 0)
            {
                request.Content = new StringContent(call.Body);
                request.Content.Headers.ContentType = call.Type.Length > 0 ? MediaTypeHeaderValue.Parse(call.Type) : null;
            }
            foreach (var (name, value) in call.Headers) request.Headers.TryAddWithoutValidation(name, value);
            using var answer = await _http.SendAsync(request);
            if ((int)answer.StatusCode < 400) return null;
            if (answer.StatusCode is not HttpStatusCode.NotFound) wrong = $"{(int)answer.StatusCode} {(answer.Headers.TryGetValues("sl-violations", out var said) ? said.First() : await answer.Content.ReadAsStringAsync())}";
        }
        return wrong;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var mock in _mocks) await mock.DisposeAsync();
        _http.Dispose();
    }
}
