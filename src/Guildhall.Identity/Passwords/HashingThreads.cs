using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Guildhall.Identity.Passwords;

/// <summary>Slow password work runs on as many threads of its own as there are cores, behind a bounded queue: a flood of sign-ins takes no
/// thread from other requests and what does not fit is refused at once. Where both want a core the other requests come first: on Linux by the niceness of the
/// threads, since the runtime's priorities do nothing there.</summary>
internal sealed partial class HashingThreads : IDisposable
{
    internal const int WaitingPerThread = 8;
    internal const int Niceness = 10;
    private readonly BlockingCollection<Action> _queue;

    public HashingThreads() : this(Environment.ProcessorCount) { }

    internal HashingThreads(int threads)
    {
        _queue = new BlockingCollection<Action>(threads * WaitingPerThread);
        for (var i = 0; i < threads; i++)
            new Thread(Work) { IsBackground = true, Name = "hashing", Priority = ThreadPriority.BelowNormal }.Start();
    }

    /// <summary>Whoever comes now would be refused.</summary>
    public bool IsFull => _queue.Count >= _queue.BoundedCapacity;

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
        if (OperatingSystem.IsLinux()) _ = SetPriority(which: 0, who: 0, Niceness); // of this thread alone
        foreach (var work in _queue.GetConsumingEnumerable()) work();
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetPriority(int which, uint who, int niceness);
}
