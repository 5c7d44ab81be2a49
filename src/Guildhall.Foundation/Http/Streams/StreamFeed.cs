using System.Collections.Concurrent;
using Guildhall.Foundation.Data;

namespace Guildhall.Foundation.Http;

/// <summary>One topic on this node, shared by everybody who follows it here. A hint or the poll begins a round; within a round all who stand at
/// the same sequence share one fetch. Followers keep nothing but their position, so a slow one costs no memory.</summary>
internal sealed class StreamFeed(StreamTopic topic, string argument, Database database)
{
    private static readonly TimeSpan FetchLimit = TimeSpan.FromSeconds(10);
    private Round _round = new();

    public sealed class Round
    {
        private readonly ConcurrentDictionary<long, Lazy<Task<IReadOnlyList<StreamEvent>>>> _fetches = new();
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes when something may have changed since this round began.</summary>
        public Task Ended => _ended.Task;

        public void End() => _ended.TrySetResult();

        public Task<IReadOnlyList<StreamEvent>> Fetch(long after, Func<long, Task<IReadOnlyList<StreamEvent>>> fetch) =>
            _fetches.GetOrAdd(after, seq => new Lazy<Task<IReadOnlyList<StreamEvent>>>(() => fetch(seq))).Value;
    }

    public int Followers;

    public Round Current => Volatile.Read(ref _round);

    /// <summary>Everything committed before this call is seen by fetches of the new round.</summary>
    public void Begin() => Interlocked.Exchange(ref _round, new Round()).End();

    public Task<IReadOnlyList<StreamEvent>> Fetch(Round round, long after) => round.Fetch(after, Read);

    private async Task<IReadOnlyList<StreamEvent>> Read(long after)
    {
        using var limit = new CancellationTokenSource(FetchLimit);
        return await topic.Fetch(database, argument, after, limit.Token);
    }
}
