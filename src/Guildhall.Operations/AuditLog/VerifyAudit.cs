using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Operations.AuditLog;

/// <summary>Walks the whole chain of the audit trail.</summary>
public static class VerifyAudit
{
    /// <param name="FirstBadLink">Sequence number of the first link that does not follow from its entry; null when the chain holds.</param>
    public sealed record Verdict(bool Holds, long? FirstBadLink, long Unsealed, DateTimeOffset? OldestUnsealed);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapPost("/audit/actions/verify", async (Database database, Caller caller, CancellationToken stop) => TypedResults.Json(await Run(database, caller, stop), JsonRules.Options))
        .Produces<Verdict>().WithName(nameof(VerifyAudit)).Requires(OperationsPermissions.AuditView).Limited(RateClass.Code);

    public static async Task<Verdict> Run(Database database, Caller caller, CancellationToken stop)
    {
        var bad = await AuditSealer.FirstBadLink(database, stop);
        await database.InTransaction(tx => tx.Audit(caller, bad is null ? "audit.verified" : "audit.verify_failed", "audit", "chain", after: new { firstBadLink = bad }), stop);
        var lag = await AuditQueries.SealLag(database, stop);
        return new Verdict(bad is null, bad, lag.Unsealed, lag.Oldest);
    }
}
