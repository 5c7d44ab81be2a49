using System.Diagnostics;

namespace Guildhall.Foundation.Telemetry;

/// <summary>Looks at something for everybody who asks: one look at a time, its answer kept for a moment, and nobody waits longer than the patience since the look began. While a look
/// hangs no second one begins, so that what is ill is not asked harder. Real time.</summary>
/// <param name="look">Looks; it is told to stop after ten times the patience.</param>
/// <param name="otherwise">What is answered when it took too long (null) or threw.</param>
/// <param name="keep">How long an answer stands.</param>
public sealed class Probe<T>(Func<CancellationToken, Task<T>> look, Func<Exception?, T> otherwise, TimeSpan keep, TimeSpan patience)
{
    private readonly Lock _gate = new();
    private Task<T>? _looking;
    private long _began, _ended;
    private T? _last;

    /// <summary>The answer of the last look when it is fresh, else of the one that runs.</summary>
    public async Task<T> Ask(CancellationToken stop)
    {
        Task<T> looking;
        TimeSpan left;
        lock (_gate)
        {
            if (_looking is null)
            {
                if (_ended != 0 && Stopwatch.GetElapsedTime(_ended) < keep) return _last!;
                _began = Stopwatch.GetTimestamp();
                _looking = Task.Run(Look, CancellationToken.None);
            }
            (looking, left) = (_looking, patience - Stopwatch.GetElapsedTime(_began));
        }
        if (left <= TimeSpan.Zero && !looking.IsCompleted) return otherwise(null);
        try { return await looking.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, stop); }
        catch (TimeoutException) { return otherwise(null); }
    }

    private async Task<T> Look()
    {
        using var limit = new CancellationTokenSource(patience * 10);
        T answer;
        try { answer = await look(limit.Token); }
        catch (Exception problem) { answer = otherwise(problem); }
        lock (_gate) (_last, _ended, _looking) = (answer, Stopwatch.GetTimestamp(), null);
        return answer;
    }
}
