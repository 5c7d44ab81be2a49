using System.Net;
using Guildhall.Foundation.Http;

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
    private readonly Circuit _circuit = new();
    private readonly HttpClient _http;
    private readonly GatewayCalls? _calls;
    private readonly int _failsFrom;

    /// <param name="failsFrom">Statuses from this one on are failures of the other side, which open the circuit.</param>
    public GatewayHttp(string gateway, GatewayCalls calls, int failsFrom = 500)
        : this(new HttpClient(new TimedCalls(gateway, calls, new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = TimeSpan.FromMinutes(5), MaxConnectionsPerServer = 64,
        })) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = 1024 * 1024 }, failsFrom) => _calls = calls;

    /// <summary>By a client that is there, which has a time limit of its own.</summary>
    internal GatewayHttp(HttpClient http, int failsFrom = 500) => (_http, _failsFrom) = (http, failsFrom);

    public PartyStatus Status => _circuit.Status;

    public async Task<GatewayReply> Send(Func<HttpRequestMessage> make, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (_calls is not null) limit.CancelAfter(_calls.Patience);
        try
        {
            using var answer = await _circuit.Run(async _ => { using var request = make(); return await _http.SendAsync(request, limit.Token); }, said => (int)said.StatusCode >= _failsFrom, stop);
            return new GatewayReply.Answered(answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(stop));
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or TaskCanceledException or CircuitOpenException && !stop.IsCancellationRequested)
        {
            var never = problem is CircuitOpenException or HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError };
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

    public void Works() => _circuit.Works();

    public void Fails(string why) => _circuit.Fails(why);
}
