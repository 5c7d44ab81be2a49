using Guildhall.Foundation.Data;

namespace Guildhall.Foundation.Jobs;

/// <summary>A durable piece of work, stored as JSON. Its fields are its whole input.</summary>
public interface IJob
{
    /// <summary>Stable name in the database, lower snake case.</summary>
    static abstract string Kind { get; }
}

/// <summary>What a job that leaves the process gets. It opens its own transactions; it may be run again after a crash, so its effect must be
/// safe to repeat.</summary>
public sealed record JobContext(long JobId, int Attempt, int MaxAttempts, Database Database, IServiceProvider Services, CancellationToken Stop)
{
    public T Get<T>() where T : notnull => (T)(Services.GetService(typeof(T)) ?? throw new InvalidOperationException($"{typeof(T).Name} is not registered."));
}

/// <summary>Thrown by a job to be run again at a chosen business time without being counted as a failed attempt.</summary>
public sealed class RunAgainException(TimeSpan delay) : Exception("The job asked to run again.")
{
    public TimeSpan Delay { get; } = delay;
}
