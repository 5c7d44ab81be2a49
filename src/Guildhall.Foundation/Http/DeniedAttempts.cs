using System.Collections.Concurrent;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guildhall.Foundation.Http;

/// <summary>Somebody signed in tried what they have no permission for: an entry in the audit trail, at most one per account and permission in ten
/// minutes and node, so that the trail cannot be flooded. The log has every one.</summary>
internal sealed class DeniedAttempts(Database database, TimeProvider clock, ILogger<DeniedAttempts> log)
{
    private const int MaxKept = 10_000;
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<(Guid Account, string Permission), DateTimeOffset> _noted = new();

    public async Task Note(HttpContext http, Caller caller, Permission permission)
    {
        if (caller.AccountId is not { } account || !IsNew((account, permission.Name), clock.GetUtcNow())) return;
        var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "";
        try
        {
            await database.InTransaction(tx => tx.Audit(caller, "authorization.refused", "permission", permission.Name, after: new { method = http.Request.Method, route }));
        }
        catch (Exception problem) when (problem is NpgsqlException or TimeoutException)
        {
            // The refusal stands either way.
            log.LogError(problem, "denied_attempt_not_noted {RequestId} {Permission}", http.TraceIdentifier, permission.Name);
        }
    }

    private bool IsNew((Guid, string) key, DateTimeOffset now)
    {
        if (_noted.Count > MaxKept)
            foreach (var (old, at) in _noted) if (now - at >= Quiet) _noted.TryRemove(old, out _);
        if (_noted.Count > MaxKept) return false;
        var noted = _noted.AddOrUpdate(key, now, (_, at) => now - at < Quiet ? at : now);
        return noted == now;
    }
}
