using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;

namespace Guildhall.Foundation.Http;

/// <summary>Something a browser can follow live. Events are read from the database by sequence: a hint only says when to look.</summary>
/// <param name="Name">Letters before the colon: <c>name:argument</c> in addresses and hints.</param>
/// <param name="MayFollow">Whether this caller may follow this argument; asked at the start and once a minute.</param>
/// <param name="Fetch">Events of an argument with a sequence above the given one, lowest first, at most <see cref="StreamTopic.MaxBatch"/>.
/// Within one argument sequences become visible in rising order (assigned under a lock or counted), else an event can be missed.</param>
public sealed record StreamTopic(
    string Name,
    Func<Database, Caller, string, CancellationToken, Task<bool>> MayFollow,
    Func<Database, string, long, CancellationToken, Task<IReadOnlyList<StreamEvent>>> Fetch)
{
    /// <summary>The most events one fetch answers.</summary>
    public const int MaxBatch = 200;

    /// <summary>Each person has one of their own: browsers say <c>name</c>, hints say <c>name:</c> and the account's id in 32 hex digits.</summary>
    public bool IsPersonal { get; init; }

    /// <summary>Those who follow it are counted by <see cref="StreamPresence"/>.</summary>
    public bool ShowsFollowers { get; init; }

    /// <summary>What to hint for a personal topic.</summary>
    public static string Of(string name, Guid account) => $"{name}:{account:n}";
}

/// <summary>One event. The data is written as JSON.</summary>
public sealed record StreamEvent(long Seq, string Name, object Data);

/// <summary>Asks whether a stream's caller is still signed in, every 15 s and when <see cref="StreamHub.Recheck"/> is called. Without one registered,
/// streams trust the check at their start.</summary>
public sealed record StreamGuard(Func<Caller, CancellationToken, Task<bool>> IsStillSignedIn);

/// <summary>Where transactions leave their hints after the commit.</summary>
public sealed class StreamHints
{
    internal event Action<string>? Raised;

    internal event Action<string>? RaisedHere;

    internal void Raise(string topic) => Raised?.Invoke(topic);

    /// <summary>For what this node alone has learned: the others learn it themselves.</summary>
    internal void RaiseHere(string topic) => RaisedHere?.Invoke(topic);
}
