using Guildhall.Content.Documents;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;

namespace Guildhall.Content.Schedules;

/// <summary>The time of a schedule has come: looked at again under the document's lock, then done or lapsed, in one transaction with the job.</summary>
public sealed record CarryOutSchedule(ScheduleId Schedule) : IJob
{
    public static string Kind => "carry_out_schedule";

    private sealed record Due(DocumentId DocumentId, ScheduledAct Act, int? Version, string WallTime, string Zone, DateTimeOffset At, Guid MadeBy);

    internal static async Task Run(Transaction tx, CarryOutSchedule job)
    {
        var id = await tx.Find<DocumentId?>("select document_id from content.schedules where id = @Schedule", new { job.Schedule });
        if (id is null || await Document.Lock(tx, id.Value) is not { } document) return;
        if (await tx.Find<Due>(Read, new { job.Schedule }) is not { } due) return;
        var caller = Caller.System("schedule");
        var refusal = await Decide(tx, caller, document, due, job);
        if (refusal is { IsLater: true }) return;
        await tx.ChangeOne("update content.schedules set state = @state, reason = @reason, ended_at = @now where id = @Schedule and state = 'waiting'",
            new { job.Schedule, state = refusal.Reason is null ? ScheduleState.Done : ScheduleState.Lapsed, refusal.Reason, now = tx.Now });
        if (refusal.Reason is not null)
            await tx.Audit(caller, "content.schedule_lapsed", "content", document.Id.ToString(), before: new { act = due.Act, version = due.Version }, after: new { reason = refusal.Reason });
    }

    private readonly record struct Outcome(string? Reason, bool IsLater = false);

    private static async Task<Outcome> Decide(Transaction tx, Caller caller, Document document, Due due, CarryOutSchedule job)
    {
        if (!WallTime.InstantOf(due.WallTime, due.Zone).Is(out var at, out var noTime)) return new Outcome(noTime.Code);
        if (at > tx.Now)
        {
            // The zone has other rules than when it was scheduled: the clocks there do not say that time yet.
            await tx.ChangeOne("update content.schedules set at = @at where id = @Schedule", new { job.Schedule, at });
            await tx.Enqueue(job, at, uniqueKey: $"{job.Schedule} {at:O}");
            return new Outcome(null, IsLater: true);
        }
        if (due.Act is ScheduledAct.Unpublish)
        {
            if (document.PublishedVersion is null) return new Outcome(ContentRefusals.NotPublished.Code);
            await UnpublishDocument.Take(tx, caller, document);
            return new Outcome(null);
        }
        if (document.PublishedVersion == due.Version) return new Outcome(null);
        if (document.PublishedVersion > due.Version) return new Outcome(ContentRefusals.NewerPublished.Code);
        var stored = (await StoredVersion.Find(tx, document.Id, due.Version!.Value))!;
        return new Outcome((await PublishDocument.Put(tx, caller, due.MadeBy, document, stored))?.Code);
    }

    private const string Read = "select document_id, act, version, wall_time, zone, at, made_by from content.schedules where id = @Schedule and state = 'waiting' for update";
}
