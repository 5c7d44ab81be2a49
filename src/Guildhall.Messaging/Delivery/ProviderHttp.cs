using System.Net;
using System.Text.Json;
using Guildhall.Foundation.Http;

namespace Guildhall.Messaging.Delivery;

/// <summary>What came back from a provider of messages: an answer, whatever it says, or none.</summary>
internal abstract record ProviderReply
{
    private ProviderReply() { }

    /// <param name="Json">Null: the body is empty or cannot be read.</param>
    public sealed record Answered(HttpStatusCode Status, JsonElement? Json, Func<string, string?> Header) : ProviderReply
    {
        public int Code => (int)Status;

        /// <summary>A text of the body's object.</summary>
        public string? Text(string name) =>
            Json is { ValueKind: JsonValueKind.Object } body && body.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

        /// <summary>A whole number of the body's object.</summary>
        public long? Number(string name) =>
            Json is { ValueKind: JsonValueKind.Object } body && body.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;
    }

    /// <summary><c>NeverSent</c>: no connection was made, or none was tried.</summary>
    public sealed record Lost(string Why, bool NeverSent) : ProviderReply
    {
        /// <summary>Not tried at all: when to come again.</summary>
        public TimeSpan? Rests { get; init; }
    }
}

/// <summary>The line to a provider of messages: five seconds to connect, fifteen for a call, 64 KiB of answer, sixteen calls at once, no redirects. Nothing is tried again here, and nothing at all
/// while its circuit is open.</summary>
internal sealed class ProviderHttp(TimeSpan? timeout = null)
{
    private const int AtOnce = 16;
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(15);
    private readonly Circuit _circuit = new(AtOnce);

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = TimeSpan.FromMinutes(5), MaxConnectionsPerServer = AtOnce,
    }) { Timeout = timeout ?? Usual, MaxResponseContentBufferSize = 64 * 1024 };

    /// <summary>How long nothing is tried yet; null when it may be.</summary>
    public TimeSpan? RestsFor => _circuit.RestsFor;

    public async Task<ProviderReply> Send(HttpRequestMessage request, CancellationToken stop)
    {
        try
        {
            using var answer = await _circuit.Run(token => _http.SendAsync(request, token), said => (int)said.StatusCode >= 500, stop);
            var headers = answer.Headers;
            return new ProviderReply.Answered(answer.StatusCode, Json(await answer.Content.ReadAsByteArrayAsync(stop)), name => headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null);
        }
        catch (CircuitOpenException resting) { return new ProviderReply.Lost("resting", NeverSent: true) { Rests = resting.RestsFor }; }
        catch (HttpRequestException problem) when (problem.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError)
        {
            return new ProviderReply.Lost(problem.HttpRequestError.ToString(), NeverSent: true);
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or OperationCanceledException)
        {
            return new ProviderReply.Lost(problem.GetType().Name, NeverSent: false);
        }
    }

    /// <summary>What stands at an address; null when it is not there or does not answer.</summary>
    public async Task<string?> Text(Uri address, CancellationToken stop)
    {
        try
        {
            using var answer = await _http.GetAsync(address, stop);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync(stop) : null;
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or OperationCanceledException) { return null; }
    }

    private static JsonElement? Json(byte[] body)
    {
        if (body.Length == 0) return null;
        try { return JsonSerializer.Deserialize<JsonElement>(body); }
        catch (JsonException) { return null; }
    }
}
