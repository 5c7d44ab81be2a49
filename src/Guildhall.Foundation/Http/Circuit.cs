using System.Net.Sockets;
using Polly;
using Polly.CircuitBreaker;

namespace Guildhall.Foundation.Http;

/// <summary>The way to one outside party: so many calls at once, and none at all for ten seconds after eight failures with hardly a success between them within ten seconds. Then
/// one call tries, and the others follow when it does not fail. A call that waits for its turn has not begun. Real time.</summary>
public sealed class Circuit
{
    private const int Failures = 8;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10), Break = TimeSpan.FromSeconds(10), AMoment = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _turn;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private ResiliencePipeline? _pipeline;
    private readonly CircuitBreakerStateProvider _state = new();
    private long _opened;
    private PartyStatus _status = new(true, null, null, null, null);

    /// <param name="atOnce">Calls at the same time; those above it wait.</param>
    public Circuit(int atOnce = int.MaxValue) : this(atOnce, TimeProvider.System) { }

    internal Circuit(int atOnce, TimeProvider time) => (_turn, _time) = (new SemaphoreSlim(atOnce, atOnce), time);

    /// <summary>What is known.</summary>
    public PartyStatus Status
    {
        get { lock (_gate) return _status with { Available = Left is null }; }
    }

    /// <summary>How long nothing is tried yet, or whoever tries is to be waited for; null when callers may come.</summary>
    public TimeSpan? RestsFor => _state.CircuitState is CircuitState.HalfOpen ? AMoment : Left;

    // The circuit stays open until somebody tries: when the break is over, callers are told to.
    private TimeSpan? Left => _state.CircuitState is CircuitState.Open && Break - _time.GetElapsedTime(Interlocked.Read(ref _opened)) is var left && left > TimeSpan.Zero ? left : null;

    /// <summary>Calls, unless nothing is to be tried: then <see cref="CircuitOpenException"/>, and the party has seen nothing. What the call throws goes on to the caller;
    /// a broken connection or silence counts as a failure, a caller who goes away does not.</summary>
    /// <param name="failed">Whether an answer is a failure of the other side.</param>
    public async Task<T> Run<T>(Func<CancellationToken, Task<T>> call, Func<T, bool> failed, CancellationToken stop)
    {
        await _turn.WaitAsync(stop);
        try
        {
            var outcome = await (_pipeline ?? Made()).ExecuteAsync(async token =>
            {
                var answer = await call(token);
                return new Outcome<T>(answer, failed(answer));
            }, stop);
            return outcome.Answer;
        }
        catch (BrokenCircuitException) { throw new CircuitOpenException(RestsFor ?? AMoment); }
        finally { _turn.Release(); }
    }

    /// <summary>The party did what it is there for.</summary>
    public void Works()
    {
        lock (_gate) _status = _status with { LastSuccess = _time.GetUtcNow(), FailingSince = null };
    }

    /// <summary>It did not; why, for staff.</summary>
    public void Fails(string why)
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow(); // in here: of two at once the later one stands
            _status = _status with { LastFailure = now, LastError = why, FailingSince = _status.FailingSince ?? now };
        }
    }

    private interface IOutcome
    {
        bool Failed { get; }
    }

    private sealed record Outcome<T>(T Answer, bool Failed) : IOutcome;

    private ResiliencePipeline Made()
    {
        lock (_gate)
        {
            return _pipeline ??= new ResiliencePipelineBuilder { TimeProvider = _time }.AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = 0.9, MinimumThroughput = Failures, SamplingDuration = Window, BreakDuration = Break, StateProvider = _state,
                OnOpened = _ => { Interlocked.Exchange(ref _opened, _time.GetTimestamp()); return ValueTask.CompletedTask; },
                ShouldHandle = seen => ValueTask.FromResult(seen.Outcome switch
                {
                    { Exception: OperationCanceledException } => !seen.Context.CancellationToken.IsCancellationRequested,
                    { Exception: HttpRequestException or IOException or SocketException } => true,
                    { Result: IOutcome { Failed: true } } => true,
                    _ => false,
                }),
            }).Build();
        }
    }
}

/// <summary>Nothing was tried: the party has not answered lately.</summary>
public sealed class CircuitOpenException(TimeSpan restsFor) : Exception("Nothing is tried for now: the other side has not answered lately.")
{
    /// <summary>When to come again.</summary>
    public TimeSpan RestsFor { get; } = restsFor;
}
