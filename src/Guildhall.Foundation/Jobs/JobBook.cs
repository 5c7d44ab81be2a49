using System.Text.Json;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;

namespace Guildhall.Foundation.Jobs;

/// <summary>How each kind of job is run, and the bell that wakes this node's workers.</summary>
public sealed class JobBook(IEnumerable<JobKind> kinds)
{
    private readonly Dictionary<string, JobKind> _kinds = kinds.ToDictionary(k => k.Kind, StringComparer.Ordinal);
    private readonly SemaphoreSlim _database = new(0, 1), _outside = new(0, 1);

    internal JobKind? Find(string kind) => _kinds.GetValueOrDefault(kind);

    internal string[] Kinds(bool outside) => [.. _kinds.Values.Where(k => k.Outside is not null == outside).Select(k => k.Kind)];

    internal int MaxAttempts(string kind) => _kinds.TryGetValue(kind, out var known) ? known.MaxAttempts : JobKind.DefaultMaxAttempts;

    internal event Action? Woken;

    internal void Wake()
    {
        Ring();
        Woken?.Invoke();
    }

    internal void Ring()
    {
        foreach (var bell in new[] { _database, _outside })
        {
            try { if (bell.CurrentCount == 0) bell.Release(); }
            catch (SemaphoreFullException) { } // another thread has rung it: one ring is enough
        }
    }

    internal Task WaitForBell(bool outside, TimeSpan atMost, CancellationToken stop) => (outside ? _outside : _database).WaitAsync(atMost, stop);
}

/// <summary>One registered kind. Exactly one of <see cref="InTransaction"/> and <see cref="Outside"/> is set: work that only writes to the
/// database completes in the same transaction as the job itself.</summary>
public sealed record JobKind(string Kind, int MaxAttempts, Func<Transaction, string, Task>? InTransaction, Func<JobContext, string, Task>? Outside)
{
    internal const int DefaultMaxAttempts = 12;

    public static JobKind OnDatabase<TJob>(Func<Transaction, TJob, Task> run, int maxAttempts = DefaultMaxAttempts) where TJob : IJob =>
        new(TJob.Kind, maxAttempts, (tx, payload) => run(tx, Read<TJob>(payload)), null);

    public static JobKind OutsideOfIt<TJob>(Func<JobContext, TJob, Task> run, int maxAttempts = DefaultMaxAttempts) where TJob : IJob =>
        new(TJob.Kind, maxAttempts, null, (context, payload) => run(context, Read<TJob>(payload)));

    private static TJob Read<TJob>(string payload) => JsonSerializer.Deserialize<TJob>(payload, JsonRules.Options)!;
}

/// <summary>A job that is enqueued again and again, once per interval over all nodes.</summary>
public sealed record Recurring(string Name, TimeSpan Every, Func<Transaction, Task> Enqueue);
