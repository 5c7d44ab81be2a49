using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polly;
using Polly.CircuitBreaker;

namespace Guildhall.Money.Gateways.PayPal;

/// <summary>Calls of PayPal's REST API: JSON bodies, a bearer token that is renewed in time, a PayPal-Request-Id of ours on every POST. Twenty seconds a call;
/// after eight failures in a row nothing is tried for ten seconds.</summary>
internal sealed class PayPalApi : IDisposable
{
    private sealed record Pass(string Token, long Until);

    private static readonly TimeSpan Break = TimeSpan.FromSeconds(10);
    private readonly CircuitBreakerStateProvider _circuit = new();
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;
    private readonly SemaphoreSlim _renewing = new(1);
    private readonly HttpClient _http;
    private readonly PayPalOptions _options;
    private long _lastSuccess, _lastFailure, _opened;
    private string? _lastError;
    private Pass? _pass;

    public PayPalApi(HttpClient http, PayPalOptions options) => (_http, _options, _pipeline) = (http, options, Breaker());

    public GatewayStatus Status => new(!IsResting, At(ref _lastSuccess), At(ref _lastFailure), _lastError);

    // The circuit stays open until somebody tries: when the break is over, callers are told to.
    private bool IsResting => _circuit.CircuitState is CircuitState.Open && Stopwatch.GetElapsedTime(Interlocked.Read(ref _opened)) < Break;

    public void Dispose() => _renewing.Dispose();

    public Task<GatewayAnswer<JsonElement>> Get(string path, CancellationToken stop) => Send(() => new HttpRequestMessage(HttpMethod.Get, new Uri(_options.Api, path)), stop);

    /// <summary>Answers nothing but an undefined element when PayPal answers without a body.</summary>
    public Task<GatewayAnswer<JsonElement>> Post(string path, string requestId, JsonObject body, CancellationToken stop)
    {
        var text = body.ToJsonString();
        return Send(() =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_options.Api, path)) { Content = new StringContent(text, Encoding.UTF8, new MediaTypeHeaderValue("application/json")) };
            request.Headers.Add("PayPal-Request-Id", requestId);
            request.Headers.Add("Prefer", "return=representation");
            return request;
        }, stop);
    }

    private async Task<GatewayAnswer<JsonElement>> Send(Func<HttpRequestMessage> make, CancellationToken stop)
    {
        try
        {
            for (var again = false; ; again = true)
            {
                if (await Token(stop) is not { } token) return new GatewayAnswer<JsonElement>.Unknown(_lastError ?? "");
                using var answer = await Call(make, new AuthenticationHeaderValue("Bearer", token), stop);
                if (answer.StatusCode == HttpStatusCode.Unauthorized && !again)
                {
                    _pass = null; // it ended before its time, and nothing was done: once more with a new one
                    continue;
                }
                using var document = answer.StatusCode == HttpStatusCode.NoContent ? null : await Read(answer, stop);
                if (!answer.IsSuccessStatusCode) return Refusal(answer.StatusCode, document!.RootElement);
                Interlocked.Exchange(ref _lastSuccess, TimeProvider.System.GetUtcNow().UtcTicks);
                return new GatewayAnswer<JsonElement>.Accepted(document?.RootElement.Clone() ?? default);
            }
        }
        catch (Exception problem) when (problem is HttpRequestException or JsonException or IOException or TaskCanceledException or BrokenCircuitException && !stop.IsCancellationRequested)
        {
            return Failed(problem.GetType().Name);
        }
    }

    private async Task<HttpResponseMessage> Call(Func<HttpRequestMessage> make, AuthenticationHeaderValue who, CancellationToken stop) => await _pipeline.ExecuteAsync(async token =>
    {
        using var request = make();
        request.Headers.Authorization = who;
        return await _http.SendAsync(request, token);
    }, stop);

    private static async Task<JsonDocument> Read(HttpResponseMessage answer, CancellationToken stop)
    {
        await using var stream = await answer.Content.ReadAsStreamAsync(stop);
        return await JsonDocument.ParseAsync(stream, cancellationToken: stop);
    }

    // A token holds for about nine hours: it is renewed when a tenth of that is left.
    private async Task<string?> Token(CancellationToken stop)
    {
        if (_pass is { } known && Stopwatch.GetTimestamp() < known.Until) return known.Token;
        await _renewing.WaitAsync(stop);
        try
        {
            if (_pass is { } renewed && Stopwatch.GetTimestamp() < renewed.Until) return renewed.Token;
            var asked = Stopwatch.GetTimestamp();
            using var answer = await Call(() => new HttpRequestMessage(HttpMethod.Post, new Uri(_options.Api, "/v1/oauth2/token")) { Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]) },
                new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{_options.ClientId}:{_options.Secret}"))), stop);
            using var document = await Read(answer, stop);
            if (!answer.IsSuccessStatusCode || PayPalJson.Text(document.RootElement, "access_token") is not { Length: > 0 } token)
            {
                Failed($"{(int)answer.StatusCode} {PayPalJson.Text(document.RootElement, "error") ?? "no token"}");
                return null;
            }
            var lasts = PayPalJson.Child(document.RootElement, "expires_in") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var seconds) ? Math.Clamp(seconds, 0, 86_400) : 0;
            _pass = new Pass(token, asked + lasts * 9L / 10 * Stopwatch.Frequency);
            return token;
        }
        finally { _renewing.Release(); }
    }

    // Only an answer of PayPal's own that blames the request is a refusal; a conflict, a limit or a failure over there says nothing about the effect,
    // and a token that is not taken says nothing about the request.
    private GatewayAnswer<JsonElement> Refusal(HttpStatusCode status, JsonElement error)
    {
        var detail = PayPalJson.First(error, "details");
        var name = PayPalJson.Text(error, "name");
        var code = PayPalJson.Text(detail, "issue") ?? name ?? "error";
        var surely = name is not null && status is HttpStatusCode.BadRequest or HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.UnprocessableEntity
            && code is not ("RATE_LIMIT_REACHED" or "ORDER_COMPLETION_IN_PROGRESS");
        return surely
            ? new GatewayAnswer<JsonElement>.Refused(code.Length > 100 ? code[..100] : code, PayPalJson.Sentence(detail, "description") ?? PayPalJson.Sentence(error, "message") ?? "")
            : Failed($"{(int)status} {code} {PayPalJson.Sentence(error, "debug_id")}");
    }

    private GatewayAnswer<JsonElement> Failed(string why)
    {
        Interlocked.Exchange(ref _lastFailure, TimeProvider.System.GetUtcNow().UtcTicks);
        _lastError = why;
        return new GatewayAnswer<JsonElement>.Unknown(why);
    }

    private static DateTimeOffset? At(ref long ticks) => Interlocked.Read(ref ticks) is > 0 and var t ? new DateTimeOffset(t, TimeSpan.Zero) : null;

    private ResiliencePipeline<HttpResponseMessage> Breaker() => new ResiliencePipelineBuilder<HttpResponseMessage>()
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
        {
            FailureRatio = 0.9, MinimumThroughput = 8, SamplingDuration = TimeSpan.FromSeconds(10), BreakDuration = Break, StateProvider = _circuit,
            OnOpened = _ => { Interlocked.Exchange(ref _opened, Stopwatch.GetTimestamp()); return ValueTask.CompletedTask; },
            ShouldHandle = new PredicateBuilder<HttpResponseMessage>().Handle<HttpRequestException>().Handle<TaskCanceledException>().HandleResult(r => (int)r.StatusCode >= 500),
        })
        .Build();
}
