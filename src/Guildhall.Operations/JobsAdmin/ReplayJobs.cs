using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Operations.JobsAdmin;

/// <summary>Gives many dead jobs another life, each as <see cref="ReplayJob"/> does one. A job that lived and died again since it was shown stays dead: its error is another one.</summary>
public static class ReplayJobs
{
    /// <param name="DiedAt">When it had died as it was shown.</param>
    public sealed record Row(long Id, DateTimeOffset DiedAt);

    /// <param name="Rows">1 to 100, none twice.</param>
    public sealed record Body(IReadOnlyList<Row> Rows, bool DryRun);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapPost("/jobs/bulk", async (Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, body, stop)).ToHttp())
        .WithName(nameof(ReplayJobs)).Requires(OperationsPermissions.JobReplay).Produces<BulkAnswer>();

    public static async Task<Result<BulkAnswer>> Run(Database database, Caller caller, Body body, CancellationToken stop)
    {
        if (!Bulk.Fits(body.Rows, r => r.Id)) return FoundationRefusals.BulkRows;
        return await Bulk.Run(database, body.DryRun, body.Rows, r => r.Id.ToString(CultureInfo.InvariantCulture), async (tx, row) =>
            await JobQueries.DiedAt(tx, row.Id) == row.DiedAt ? (await ReplayJob.Run(tx, caller, row.Id)).Refusal : OperationsRefusals.JobNotDead, stop);
    }
}
