using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Operations.JobsAdmin;

/// <summary>dead → ready. Two people who replay the same job replay it once.</summary>
public static class ReplayJob
{
    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapPost("/jobs/{id:long}/actions/replay", async (long id, Caller caller, Database database, CancellationToken stop) =>
            (await database.InTransaction(tx => Run(tx, caller, id), stop)).ToHttp())
        .Produces(204).WithName(nameof(ReplayJob)).Requires(OperationsPermissions.JobReplay);

    public static async Task<Result<Done>> Run(Transaction tx, Caller caller, long id)
    {
        if (await JobQueries.KindOfDead(tx, id) is not { } kind || !await JobQueries.Replay(tx, id)) return OperationsRefusals.JobNotDead;
        await tx.Audit(caller, "job.replayed", "job", id.ToString(System.Globalization.CultureInfo.InvariantCulture), after: new { kind });
        return new Done();
    }
}
