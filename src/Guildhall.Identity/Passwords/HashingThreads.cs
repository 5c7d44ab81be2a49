using System.Collections.Concurrent;

namespace Guildhall.Identity.Passwords;

/// <summary>Slow password work runs on as many threads of its own as there are cores, behind a bounded queue: a flood of sign-ins takes no
/// thread from other requests and what does not fit is refused at once.</summary>
internal sealed class HashingThreads : IDisposable
{
    internal const int WaitingPerThread = 8;
    private readonly BlockingCollection<Action> _queue;

    public HashingThreads() : this(Environment.ProcessorCount) { }

    internal HashingThreads(int threads)
    {
        _queue = new BlockingCollection<Action>(threads * WaitingPerThread);
        for (var i = 0; i < threads; i++)
            new Thread(Work) { IsBackground = true, Name = "hashing", Priority = ThreadPriority.BelowNormal }.Start();
    }

    /// <summary>The work's result later, or null when the queue is full.</summary>
    public Task<T>? TryRun<T>(Func<T> work, CancellationToken stop)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        return _queue.TryAdd(Run) ? done.Task : null;

        void Run()
        {
            if (stop.IsCancellationRequested) { done.TrySetCanceled(stop); return; }
            try { done.TrySetResult(work()); }
            catch (Exception problem) { done.TrySetException(problem); }
        }
    }

    public void Dispose() => _queue.CompleteAdding();

    private void Work()
    {
        foreach (var work in _queue.GetConsumingEnumerable()) work();
    }
}
