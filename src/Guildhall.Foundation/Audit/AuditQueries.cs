using System.Text.Json;
using Guildhall.Foundation.Data;

namespace Guildhall.Foundation.Audit;

/// <summary>Reads the audit trail.</summary>
public static class AuditQueries
{
    /// <summary>What to look for; null members match everything. <paramref name="Before"/> is the id to go on from.</summary>
    public sealed record Search(
        Guid? Actor = null, string? Action = null, string? SubjectType = null, string? SubjectId = null, DateTimeOffset? From = null, DateTimeOffset? Until = null, long? Before = null);

    /// <summary>One entry. Personal parts are null unless they were asked for and can still be opened.</summary>
    /// <param name="Sealed">Whether the chain has reached it.</param>
    /// <param name="HasPersonal">Whether it has parts that need a permission of their own.</param>
    public sealed record Entry(long Id, DateTimeOffset At, string ActorKind, Guid? ActorId, string? ActorName, Guid? SessionId, string? RequestId, string Action,
        string SubjectType, string SubjectId, string? Why, JsonElement? Before, JsonElement? After, bool Sealed, bool HasPersonal, JsonElement? Personal, JsonElement? Place);

    /// <summary>How far the chain is behind.</summary>
    public sealed record Lag(long Unsealed, DateTimeOffset? Oldest);

    private sealed record Row(long Id, DateTimeOffset At, string ActorKind, Guid? ActorId, string? ActorName, Guid? SessionId, string? RequestId, string Action,
        string SubjectType, string SubjectId, string? Why, JsonElement? Before, JsonElement? After, Guid? PersonId, byte[]? Personal, byte[]? Place, bool Sealed);

    /// <summary>Entries, newest first, at most 101.</summary>
    /// <param name="openPersonal">Whether personal parts are decrypted; the caller has checked the permission and notes that they were read.</param>
    public static async Task<IReadOnlyList<Entry>> Find(Database database, Search search, int limit, bool openPersonal, CancellationToken stop)
    {
        var rows = await database.List<Row>(FindSql, new
        {
            actor = search.Actor, action = search.Action, subjectType = search.SubjectType, subjectId = search.SubjectId, from = search.From, until = search.Until,
            before = search.Before, limit = Math.Clamp(limit, 1, 101),
        }, stop);
        var entries = new List<Entry>(rows.Count);
        foreach (var row in rows)
        {
            var personal = openPersonal ? await Open(database, row.PersonId, row.Personal, stop) : null;
            var place = openPersonal ? await Open(database, row.ActorId, row.Place, stop) : null;
            entries.Add(new Entry(row.Id, row.At, row.ActorKind, row.ActorId, row.ActorName, row.SessionId, row.RequestId, row.Action, row.SubjectType, row.SubjectId,
                row.Why, row.Before, row.After, row.Sealed, row.Personal is not null || row.Place is not null, personal, place));
        }
        return entries;
    }

    /// <summary>What the trail holds about a person, for their own copy: what they did and what was done to them, newest first, with the parts that are
    /// personal to them. Who else acted is not theirs to know.</summary>
    public static async Task<IReadOnlyList<About>> OfPerson(Database database, Guid person, string subjectId, int limit, CancellationToken stop)
    {
        var rows = await database.List<Row>(OfPersonSql, new { person, subjectId, limit }, stop);
        var entries = new List<About>(rows.Count);
        foreach (var row in rows)
        {
            var mine = row.ActorId == person;
            entries.Add(new About(row.At, row.Action, row.SubjectType, row.SubjectId, mine, row.Before, row.After,
                row.PersonId == person ? await Open(database, person, row.Personal, stop) : null, mine ? await Open(database, person, row.Place, stop) : null));
        }
        return entries;
    }

    /// <summary>One entry as the person it is about reads it.</summary>
    public sealed record About(DateTimeOffset At, string Action, string SubjectType, string SubjectId, bool ByYou, JsonElement? Before, JsonElement? After, JsonElement? Personal, JsonElement? Place);

    /// <summary>Entries the chain has not reached, counted to 10,000.</summary>
    public static async Task<Lag> SealLag(Database database, CancellationToken stop) => (await database.Find<Lag>(LagSql, stop: stop))!;

    private static async Task<JsonElement?> Open(Database database, Guid? person, byte[]? data, CancellationToken stop) =>
        person is { } id && data is not null ? await PersonKeys.Open(database, id, data, stop) : null;

    private const string FindSql = """
        select a.id, a.at, a.actor_kind, a.actor_id, a.actor_name, a.session_id, a.request_id, a.action, a.subject_type, a.subject_id, a.why,
            a.before::text as before, a.after::text as after, a.person_id, a.personal, a.place,
            exists (select 1 from foundation.audit_seals s where s.audit_id = a.id) as sealed
        from foundation.audit a
        where (@actor::uuid is null or a.actor_id = @actor) and (@action::text is null or a.action = @action)
            and (@subjectType::text is null or a.subject_type = @subjectType) and (@subjectId::text is null or a.subject_id = @subjectId)
            and (@from::timestamptz is null or a.at >= @from) and (@until::timestamptz is null or a.at < @until)
            and (@before::bigint is null or a.id < @before)
        order by a.id desc limit @limit
        """;

    private const string OfPersonSql = """
        select a.id, a.at, a.actor_kind, a.actor_id, a.actor_name, a.session_id, a.request_id, a.action, a.subject_type, a.subject_id, a.why,
            a.before::text as before, a.after::text as after, a.person_id, a.personal, a.place, true as sealed
        from foundation.audit a
        where a.id in (select e.id from foundation.audit e where e.actor_id = @person union select e.id from foundation.audit e where e.person_id = @person
            union select e.id from foundation.audit e where e.subject_type = 'account' and e.subject_id = @subjectId)
        order by a.id desc limit @limit
        """;

    private const string LagSql = """
        with last as (select audit_tx, audit_id from foundation.audit_seals order by seq desc limit 1)
        select count(*) as unsealed, min(waiting.at) as oldest from (
            select a.at from foundation.audit a
            where (a.tx, a.id) > (coalesce((select audit_tx from last), '0'::xid8), coalesce((select audit_id from last), 0)) limit 10000) waiting
        """;
}
