using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Jobs;

namespace Guildhall.Operations.JobsAdmin;

/// <summary>A job for the search of the staff, by its number. One that is done is no longer there.</summary>
internal static class FindJobs
{
    public static SearchPart Part { get; } = new("jobs", OperationsPermissions.JobReplay, async (database, text, stop) =>
        long.TryParse(text.TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && await JobQueries.Some(database, [id], stop) is [var found]
            ? [new SearchHit(found.Id.ToString(CultureInfo.InvariantCulture), found.Kind, null, found.State, found.State == "dead" && id < long.MaxValue ? $"/console/jobs?before={id + 1}#dead" : "/console/jobs")] : []);
}
