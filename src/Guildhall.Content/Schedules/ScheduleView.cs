using Guildhall.Foundation.Data;

namespace Guildhall.Content.Schedules;

/// <summary>What is to happen to a document at a time.</summary>
public enum ScheduledAct { Publish, Unpublish }

/// <summary>What became of it.</summary>
public enum ScheduleState { Waiting, Done, Lapsed, Cancelled }

/// <summary>One act at a time, as it was decided and what became of it.</summary>
/// <param name="Version">The version that is published; null when it is unpublished.</param>
/// <param name="WallTime">As the clocks of the zone say it, <c>2026-11-21T18:30</c>.</param>
/// <param name="Reason">Code of what stood against it, when it lapsed.</param>
public sealed record ScheduleView(ScheduledAct Act, int? Version, string WallTime, string Zone, DateTimeOffset At, ScheduleState State, string? Reason, Guid MadeBy, DateTimeOffset MadeAt, DateTimeOffset? EndedAt)
{
    private const int Most = 50;

    internal static Task<IReadOnlyList<ScheduleView>> Of(Database database, DocumentId id, CancellationToken stop) => database.List<ScheduleView>("""
        select act, version, wall_time, zone, at, state, reason, made_by, made_at, ended_at from content.schedules where document_id = @id order by made_at desc, id desc limit @most
        """, new { id, most = Most }, stop);
}
