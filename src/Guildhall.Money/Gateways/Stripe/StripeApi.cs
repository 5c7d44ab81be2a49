using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Polly;
using Polly.CircuitBreaker;

namespace Guildhall.Money.Gateways.Stripe;

/// <summary>Where and as whom to call Stripe. Several webhook secrets are valid at once while one is being replaced.</summary>
public sealed record StripeOptions(Uri Api, string SecretKey, IReadOnlyList<string> WebhookSecrets, Uri ReturnTo)
{
    /// <summary>Where its hosted pages are.</summary>
    public Uri Pages { get; init; } = new("https://checkout.stripe.com");

    /// <summary>Real money moves with this key.</summary>
    internal bool IsLive => SecretKey.Contains("_live_", StringComparison.Ordinal);
}

/// <summary>Calls of Stripe's v1 API: form bodies, bearer key, pinned version, an Idempotency-Key of ours on every POST. Twenty seconds a call; after
/// eight failures in a row nothing is tried for ten seconds.</summary>
internal sealed class StripeApi
{
    private const string Version = "2026-10-28.endive";
    private readonly CircuitBreakerStateProvider _circuit = new();
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;
    private readonly HttpClient _http;
    private readonly StripeOptions _options;
    private static readonly TimeSpan Break = TimeSpan.FromSeconds(10);
    private long _lastSuccess, _lastFailure, _opened;
    private string? _lastError;

    public StripeApi(HttpClient http, StripeOptions options) => (_http, _options, _pipeline) = (http, options, Breaker());

    public GatewayStatus Status => new(!IsResting, At(ref _lastSuccess), At(ref _lastFailure), _lastError);

    // The circuit stays open until somebody tries: when the break is over, callers are told to.
    private bool IsResting => _circuit.CircuitState is CircuitState.Open && TimeProvider.System.GetElapsedTime(Interlocked.Read(ref _opened)) < Break;

    public Task<GatewayAnswer<JsonElement>> Get(string path, CancellationToken stop, string? account = null) =>
        Send(() => Request(HttpMethod.Get, path, account), stop);

    public Task<GatewayAnswer<JsonElement>> Post(string path, string idempotencyKey, IEnumerable<KeyValuePair<string, string>> form, CancellationToken stop, string? account = null) =>
        Send(() =>
        {
            var request = Request(HttpMethod.Post, path, account);
            request.Headers.Add("Idempotency-Key", idempotencyKey);
            request.Content = new FormUrlEncodedContent(form);
            return request;
        }, stop);

    private HttpRequestMessage Request(HttpMethod method, string path, string? account)
    {
        var request = new HttpRequestMessage(method, new Uri(_options.Api, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _options.SecretKey);
        request.Headers.Add("Stripe-Version", Version);
        if (account is not null) request.Headers.Add("Stripe-Account", account);
        return request;
    }

    private async Task<GatewayAnswer<JsonElement>> Send(Func<HttpRequestMessage> make, CancellationToken stop)
    {
        try
        {
            using var answer = await _pipeline.ExecuteAsync(async token => { using var request = make(); return await _http.SendAsync(request, token); }, stop);
            await using var stream = await answer.Content.ReadAsStreamAsync(stop);
            using var document = await JsonDocument.ParseAsync(stream, cancellationToken: stop);
            if (answer.IsSuccessStatusCode)
            {
                Interlocked.Exchange(ref _lastSuccess, TimeProvider.System.GetUtcNow().UtcTicks);
                return new GatewayAnswer<JsonElement>.Accepted(document.RootElement.Clone());
            }
            return Refusal(answer.StatusCode, document.RootElement);
        }
        catch (Exception problem) when (problem is HttpRequestException or JsonException or IOException or TaskCanceledException or BrokenCircuitException && !stop.IsCancellationRequested)
        {
            return Failed(problem.GetType().Name);
        }
    }

    // Only an answer of Stripe's own that blames the request is a refusal; a conflict, a limit or a failure over there says nothing about the effect,
    // and a key that is not taken says nothing about the request.
    private GatewayAnswer<JsonElement> Refusal(HttpStatusCode status, JsonElement body)
    {
        var error = body.TryGetProperty("error", out var found) ? found : default;
        var code = Text(error, "decline_code") ?? Text(error, "code") ?? Text(error, "type") ?? "error";
        var surely = status is HttpStatusCode.BadRequest or HttpStatusCode.PaymentRequired or HttpStatusCode.Forbidden or HttpStatusCode.NotFound
            && code is not ("rate_limit" or "lock_timeout" or "idempotency_error");
        return surely ? new GatewayAnswer<JsonElement>.Refused(code, Sentence(error, "message") ?? "") : Failed($"{(int)status} {code}");
    }

    private GatewayAnswer<JsonElement> Failed(string why)
    {
        Interlocked.Exchange(ref _lastFailure, TimeProvider.System.GetUtcNow().UtcTicks);
        _lastError = why;
        return new GatewayAnswer<JsonElement>.Unknown(why);
    }

    public static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A text for people, cut to what rows and messages hold.</summary>
    public static string? Sentence(JsonElement element, string name) => Text(element, name) is { } text ? text.Length > 500 ? text[..500] : text : null;

    private static DateTimeOffset? At(ref long ticks) => Interlocked.Read(ref ticks) is > 0 and var t ? new DateTimeOffset(t, TimeSpan.Zero) : null;

    private ResiliencePipeline<HttpResponseMessage> Breaker() => new ResiliencePipelineBuilder<HttpResponseMessage>()
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
        {
            FailureRatio = 0.9, MinimumThroughput = 8, SamplingDuration = TimeSpan.FromSeconds(10), BreakDuration = Break, StateProvider = _circuit,
            OnOpened = _ => { Interlocked.Exchange(ref _opened, TimeProvider.System.GetTimestamp()); return ValueTask.CompletedTask; },
            ShouldHandle = new PredicateBuilder<HttpResponseMessage>().Handle<HttpRequestException>().Handle<TaskCanceledException>().HandleResult(r => (int)r.StatusCode >= 500),
        })
        .Build();
}
