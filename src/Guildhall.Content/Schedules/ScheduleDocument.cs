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

/// <summary>A version is to be published, or the document withdrawn, at a time that the clocks of a zone say. It takes the place of what waited before.</summary>
public static class ScheduleDocument
{
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(400);

    /// <param name="At">Wall time, <c>2026-11-21T18:30</c>.</param>
    /// <param name="Version">Which to publish; absent when it is withdrawn.</param>
    public sealed record Body(string At, string Zone, int? Version = null);

    /// <param name="At">The instant, by the zone's rules as they are now.</param>
    public sealed record Waits(ScheduledAct Act, DateTimeOffset At);

    internal static void Map(IEndpointRouteBuilder content) => content
        .MapPut("/{id}/schedules/{act}", async (DocumentId id, string act, Body body, Caller caller, Database database, CancellationToken stop) =>
            Act(act) is not { } known ? ContentRefusals.ScheduleNotFound.ToHttp() : (await database.InTransaction(tx => Run(tx, caller, id, known, body), stop)).ToHttp())
        .WithName(nameof(ScheduleDocument)).Requires(ContentPermissions.Publish).Produces<Waits>();

    internal static ScheduledAct? Act(string text) => text switch { "publish" => ScheduledAct.Publish, "unpublish" => ScheduledAct.Unpublish, _ => null };

    public static async Task<Result<Waits>> Run(Transaction tx, Caller caller, DocumentId id, ScheduledAct act, Body body)
    {
        if (await Document.Lock(tx, id) is not { } document) return ContentRefusals.NotFound;
        if (!WallTime.InstantOf(body.At, body.Zone).Is(out var at, out var refusal)) return refusal;
        if (at <= tx.Now || at > tx.Now + Ahead || (act is ScheduledAct.Publish) == body.Version is null) return ContentRefusals.TimeInvalid;
        if (body.Version is { } version)
        {
            if (await StoredVersion.Find(tx, id, version) is not { } stored) return ContentRefusals.NotFound;
            if (await PublishDocument.Objection(tx, caller.AccountId, document, stored) is { } objection) return objection;
        }
        await tx.Change("update content.schedules set state = 'cancelled', ended_at = @now where document_id = @id and act = @act and state = 'waiting'", new { id, act, now = tx.Now });
        var schedule = tx.NewId<ScheduleId>();
        await tx.ChangeOne(Insert, new { schedule, id, act, body.Version, body.At, body.Zone, instant = at, by = caller.AccountId, now = tx.Now });
        await tx.Enqueue(new CarryOutSchedule(schedule), at, uniqueKey: schedule.ToString());
        await tx.Audit(caller, "content.scheduled", "content", id.ToString(), after: new { act, version = body.Version, at = body.At, zone = body.Zone });
        return new Waits(act, at);
    }

    private const string Insert = """
        insert into content.schedules (id, document_id, act, version, wall_time, zone, at, made_by, made_at) values (@schedule, @id, @act, @Version, @At, @Zone, @instant, @by, @now)
        """;
}
