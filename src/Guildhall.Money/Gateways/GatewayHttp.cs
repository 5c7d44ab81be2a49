using System.Net;
using Polly;
using Polly.CircuitBreaker;

namespace Guildhall.Money.Gateways;

/// <summary>What came back from the wire: an answer, whatever it says, or none.</summary>
internal abstract record GatewayReply
{
    private GatewayReply() { }

    public sealed record Answered(HttpStatusCode Status, byte[] Body) : GatewayReply
    {
        public bool IsSuccess => (int)Status is >= 200 and < 300;
    }

    /// <summary><c>NeverSent</c>: no connection was made, or none was tried.</summary>
    public sealed record Lost(string Why, bool NeverSent) : GatewayReply;
}

/// <summary>The line to one gateway. Twenty seconds a call; after eight failures in a row nothing is tried for ten seconds. What an answer means is
/// for the adapter, which says so: <see cref="Works"/>, <see cref="Fails"/>.</summary>
internal sealed class GatewayHttp
{
    private static readonly TimeSpan Break = TimeSpan.FromSeconds(10);
    private readonly CircuitBreakerStateProvider _circuit = new();
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;
    private readonly HttpClient _http;
    private readonly GatewayCalls? _calls;
    private long _lastSuccess, _lastFailure, _opened;
    private string? _lastError;

    /// <param name="failsFrom">Statuses from this one on are failures of the other side, which open the circuit.</param>
    public GatewayHttp(string gateway, GatewayCalls calls, int failsFrom = 500)
        : this(new HttpClient(new TimedCalls(gateway, calls, new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = TimeSpan.FromMinutes(5), MaxConnectionsPerServer = 64,
        })) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = 1024 * 1024 }, failsFrom) => _calls = calls;

    /// <summary>By a client that is there, which has a time limit of its own.</summary>
    internal GatewayHttp(HttpClient http, int failsFrom = 500) => (_http, _pipeline) = (http, Breaker(failsFrom));

    public GatewayStatus Status => new(!IsResting, At(ref _lastSuccess), At(ref _lastFailure), _lastError);

    // The circuit stays open until somebody tries: when the break is over, callers are told to.
    private bool IsResting => _circuit.CircuitState is CircuitState.Open && TimeProvider.System.GetElapsedTime(Interlocked.Read(ref _opened)) < Break;

    public async Task<GatewayReply> Send(Func<HttpRequestMessage> make, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (_calls is not null) limit.CancelAfter(_calls.Patience);
        try
        {
            using var answer = await _pipeline.ExecuteAsync(async token => { using var request = make(); return await _http.SendAsync(request, token); }, limit.Token);
            return new GatewayReply.Answered(answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(stop));
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or TaskCanceledException or BrokenCircuitException && !stop.IsCancellationRequested)
        {
            var never = problem is BrokenCircuitException or HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError };
            Fails(problem.GetType().Name);
            return new GatewayReply.Lost(problem.GetType().Name, never);
        }
    }

    /// <summary>Nobody knows what became of the call.</summary>
    public GatewayAnswer<T> Unknown<T>(string why)
    {
        Fails(why);
        return new GatewayAnswer<T>.Unknown(why);
    }

    public void Works() => Interlocked.Exchange(ref _lastSuccess, TimeProvider.System.GetUtcNow().UtcTicks);

    public void Fails(string why)
    {
        Interlocked.Exchange(ref _lastFailure, TimeProvider.System.GetUtcNow().UtcTicks);
        _lastError = why;
    }

    private static DateTimeOffset? At(ref long ticks) => Interlocked.Read(ref ticks) is > 0 and var t ? new DateTimeOffset(t, TimeSpan.Zero) : null;

    private ResiliencePipeline<HttpResponseMessage> Breaker(int failsFrom) => new ResiliencePipelineBuilder<HttpResponseMessage>()
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
        {
            FailureRatio = 0.9, MinimumThroughput = 8, SamplingDuration = TimeSpan.FromSeconds(10), BreakDuration = Break, StateProvider = _circuit,
            OnOpened = _ => { Interlocked.Exchange(ref _opened, TimeProvider.System.GetTimestamp()); return ValueTask.CompletedTask; },
            ShouldHandle = new PredicateBuilder<HttpResponseMessage>().Handle<HttpRequestException>().Handle<TaskCanceledException>().HandleResult(r => (int)r.StatusCode >= failsFrom),
        })
        .Build();
}
