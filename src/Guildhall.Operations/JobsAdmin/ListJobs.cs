using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Operations.JobsAdmin;

/// <summary>How many jobs wait, run and are dead, and the dead ones with their last error.</summary>
public static class ListJobs
{
    private const int PageSize = 50;

    /// <param name="OldestDueSeconds">Age of the oldest job that should have run by now; 0 when none waits.</param>
    /// <param name="Next">Give it as <c>before</c> for older dead jobs.</param>
    public sealed record Page(JobQueries.Counts Counts, long OldestDueSeconds, IReadOnlyList<JobQueries.KindCount> Kinds, IReadOnlyList<JobQueries.DeadJob> Dead, long? Next);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapGet("/jobs", async (Database database, CancellationToken stop, long? before = null) => TypedResults.Json(await Run(database, before, stop), JsonRules.Options))
        .Produces<Page>().WithName(nameof(ListJobs)).Requires(OperationsPermissions.JobReplay);

    public static async Task<Page> Run(Database database, long? before, CancellationToken stop)
    {
        var counts = await JobQueries.Count(database, stop);
        var dead = await JobQueries.Dead(database, before, PageSize + 1, stop);
        return new Page(counts, Age(database, counts), await JobQueries.ByKind(database, stop), [.. dead.Take(PageSize)], dead.Count > PageSize ? dead[PageSize - 1].Id : null);
    }

    internal static long Age(Database database, JobQueries.Counts counts) => counts.OldestDue is { } oldest ? Math.Max(0, (long)(database.Clock.GetUtcNow() - oldest).TotalSeconds) : 0;
}
