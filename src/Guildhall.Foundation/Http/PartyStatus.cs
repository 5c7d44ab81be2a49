namespace Guildhall.Foundation.Http;

/// <summary>How an outside party does, as this node sees it. Real time.</summary>
/// <param name="Available">False: its circuit is open and nothing is tried for now.</param>
/// <param name="FailingSince">The first failure after the last success; null while the last call went well.</param>
public sealed record PartyStatus(bool Available, DateTimeOffset? LastSuccess, DateTimeOffset? LastFailure, string? LastError, DateTimeOffset? FailingSince = null);
