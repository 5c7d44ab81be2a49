using System.Globalization;
using Guildhall.Operations;
using Guildhall.Operations.JobsAdmin;
using Guildhall.Web.Pages.Console.Parts;

namespace Guildhall.Web.Pages.Console.Jobs;

/// <summary>Gives a dead job another life.</summary>
internal static class ReplayForm
{
    public static void Map(IEndpointRouteBuilder app) => app.MapForm("/console/jobs/{id:long}/replay", nameof(ReplayForm), OperationsPermissions.JobReplay, Send);

    private static async Task<IResult> Send(PostedForm form)
    {
        var id = long.Parse(form.Route("id"), CultureInfo.InvariantCulture);
        var replayed = await form.Database.InTransaction(tx => ReplayJob.Run(tx, form.Caller, id), form.Stop);
        return replayed.Refusal is { } refusal ? form.Refused("/console/jobs", refusal) : form.Done("/console/jobs", $"Job {id} is tried again.");
    }
}
