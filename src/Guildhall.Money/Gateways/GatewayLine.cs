using System.Text;
using Polly;
using Polly.CircuitBreaker;

namespace Guildhall.Money.Gateways;

/// <summary>The line to a gateway: twenty seconds a call, no redirects, at most 1 MB of answer; after eight failures in a row nothing is tried for ten
/// seconds. What an answer means is the adapter's to say, by <see cref="Worked"/> or <see cref="Failed{T}"/>.</summary>
internal sealed class GatewayLine
{
    private const int MostBytes = 1024 * 1024;
    private static readonly TimeSpan Break = TimeSpan.FromSeconds(10);
    private readonly CircuitBreakerStateProvider _circuit = new();
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;
    private readonly HttpClient _http;
    private long _lastSuccess, _lastFailure, _opened;
    private string? _lastError;

    public GatewayLine(HttpClient http) => (_http, _pipeline) = (http, Breaker());

    public static GatewayLine To(string gateway, GatewayCalls calls) => new(new HttpClient(new TimedCalls(gateway, calls, new SocketsHttpHandler
    {
        AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = TimeSpan.FromMinutes(5), MaxConnectionsPerServer = 64,
    })) { Timeout = TimeSpan.FromSeconds(20), MaxResponseContentBufferSize = MostBytes });

    public GatewayStatus Status => new(!IsResting, At(ref _lastSuccess), At(ref _lastFailure), _lastError);

    // The circuit stays open until somebody tries: when the break is over, callers are told to.
    private bool IsResting => _circuit.CircuitState is CircuitState.Open && TimeProvider.System.GetElapsedTime(Interlocked.Read(ref _opened)) < Break;

    /// <summary>Status and body of the answer; null when there was none, which is noted.</summary>
    public async Task<(int Status, string Body)?> Send(Func<HttpRequestMessage> make, CancellationToken stop)
    {
        try
        {
            using var answer = await _pipeline.ExecuteAsync(async token => { using var request = make(); return await _http.SendAsync(request, token); }, stop);
            return ((int)answer.StatusCode, Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync(stop)));
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or TaskCanceledException or BrokenCircuitException && !stop.IsCancellationRequested)
        {
            Note(problem.GetType().Name);
            return null;
        }
    }

    public void Worked() => Interlocked.Exchange(ref _lastSuccess, TimeProvider.System.GetUtcNow().UtcTicks);

    /// <summary>Nobody knows what became of the call.</summary>
    public GatewayAnswer<T> Failed<T>(string? why = null)
    {
        if (why is not null) Note(why);
        return new GatewayAnswer<T>.Unknown(why ?? _lastError ?? "No answer.");
    }

    private void Note(string why)
    {
        Interlocked.Exchange(ref _lastFailure, TimeProvider.System.GetUtcNow().UtcTicks);
        _lastError = why;
    }

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
