using Guildhall.Content.Documents;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Content.Schedules;

/// <summary>What waited for its time does not happen.</summary>
public static class CancelSchedule
{
    internal static void Map(IEndpointRouteBuilder content) => content
        .MapDelete("/{id}/schedules/{act}", async (DocumentId id, string act, Caller caller, Database database, CancellationToken stop) =>
            ScheduleDocument.Act(act) is not { } known ? ContentRefusals.ScheduleNotFound.ToHttp() : (await database.InTransaction(tx => Run(tx, caller, id, known), stop)).ToHttp())
        .WithName(nameof(CancelSchedule)).Requires(ContentPermissions.Publish).Produces(204);

    public static async Task<Result<Done>> Run(Transaction tx, Caller caller, DocumentId id, ScheduledAct act)
    {
        if (await Document.Lock(tx, id) is null) return ContentRefusals.NotFound;
        if (await tx.ChangeNow("update content.schedules set state = 'cancelled', ended_at = @now where document_id = @id and act = @act and state = 'waiting'", new { id, act, now = tx.Now }) == 0)
            return ContentRefusals.ScheduleNotFound;
        await tx.Audit(caller, "content.schedule_cancelled", "content", id.ToString(), before: new { act });
        return new Done();
    }
}
