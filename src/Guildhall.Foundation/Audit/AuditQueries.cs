using System.Text.Json;
using Guildhall.Foundation.Data;

namespace Guildhall.Foundation.Audit;

/// <summary>Reads the audit trail.</summary>
public static class AuditQueries
{
    private const int MaxScanned = 20_000, Batch = 1000;

    /// <summary>What to look for; null members match everything. <paramref name="Before"/> is the id to go on from.</summary>
    /// <param name="Person">By them, about them, or with personal facts of theirs.</param>
    /// <param name="PersonAs">How entries about an account name that person.</param>
    /// <param name="Address">Where the request came from: a whole address, or its beginning.</param>
    /// <param name="Text">Stands in the action, the id, the reason or the values.</param>
    public sealed record Search(Guid? Actor = null, string? Action = null, string? SubjectType = null, string? SubjectId = null, DateTimeOffset? From = null, DateTimeOffset? Until = null,
        long? Before = null, Guid? Person = null, string? PersonAs = null, string? Address = null, string? Text = null);

    /// <summary>One entry. Personal parts are null unless they were asked for and can still be opened.</summary>
    /// <param name="Outcome"><c>done</c>, <c>refused</c> or <c>failed</c>.</param>
    /// <param name="Sealed">Whether the chain has reached it.</param>
    /// <param name="HasPersonal">Whether it has parts that need a permission of their own.</param>
    public sealed record Entry(long Id, DateTimeOffset At, string ActorKind, Guid? ActorId, string? ActorName, Guid? SessionId, string? RequestId, string Action, string Outcome,
        string SubjectType, string SubjectId, string? Why, JsonElement? Before, JsonElement? After, bool Sealed, bool HasPersonal, JsonElement? Personal, JsonElement? Place);

    /// <summary>Entries, and the id to give as <see cref="Search.Before"/> for more; null at the end.</summary>
    public sealed record Found(IReadOnlyList<Entry> Entries, long? Next);

    /// <summary>How far the chain is behind.</summary>
    public sealed record Lag(long Unsealed, DateTimeOffset? Oldest);

    private sealed record Row(long Id, DateTimeOffset At, string ActorKind, Guid? ActorId, string? ActorName, Guid? SessionId, string? RequestId, string Action,
        string SubjectType, string SubjectId, string? Why, JsonElement? Before, JsonElement? After, Guid? PersonId, byte[]? Personal, byte[]? Place, bool Sealed);

    /// <summary>Entries, newest first, at most 1,000. Addresses are sealed and texts have no index: for them at most 20,000 entries that fit the
    /// rest are looked through at a time, and <see cref="Found.Next"/> goes on from there.</summary>
    /// <param name="openPersonal">Whether personal parts are decrypted; the caller has checked the permission and notes that they were read.</param>
    public static async Task<Found> FindPage(Database database, Search search, int limit, bool openPersonal, CancellationToken stop)
    {
        limit = Math.Clamp(limit, 1, Batch);
        var (found, before, narrows) = (new List<Entry>(), search.Before, search.Text is not null || search.Address is not null);
        var batch = narrows ? Batch : limit + 1;
        for (var scanned = 0; ;)
        {
            var rows = await database.List<Row>(FindSql, new
            {
                actor = search.Actor, action = search.Action, subjectType = search.SubjectType, subjectId = search.SubjectId, from = search.From, until = search.Until,
                person = search.Person, personAs = search.PersonAs, before, limit = batch,
            }, stop);
            var open = await PersonKeys.Opener(database, openPersonal || search.Address is not null ? rows.SelectMany(People) : [], stop);
            foreach (var row in rows.Where(r => Fits(r, search, open)))
            {
                if (found.Count == limit) return new Found(found, found[^1].Id);
                found.Add(ToEntry(row, openPersonal ? open : null));
            }
            if (rows.Count < batch) return new Found(found, null);
            before = rows[^1].Id;
            if ((scanned += rows.Count) >= MaxScanned) return new Found(found, before);
        }
    }

    /// <summary>The newest entries, at most 1,000.</summary>
    public static async Task<IReadOnlyList<Entry>> Find(Database database, Search search, int limit, bool openPersonal, CancellationToken stop) =>
        (await FindPage(database, search, limit, openPersonal, stop)).Entries;

    /// <summary>How what was tried ended, by the name of the action.</summary>
    public static string OutcomeOf(string action) => action switch
    {
        "malicious_direct_reference" or "authn_token_reuse" => "refused",
        _ when Ends(action, "refused") || Ends(action, "blocked") || Ends(action, "rejected") => "refused",
        _ when Ends(action, "failed") || Ends(action, "quarantined") || Ends(action, "returned") || Ends(action, "gone") => "failed",
        _ => "done",
    };

    private static bool Ends(string action, string word) => action.EndsWith("." + word, StringComparison.Ordinal) || action.EndsWith("_" + word, StringComparison.Ordinal);

    private static IEnumerable<Guid> People(Row row)
    {
        if (row.PersonId is { } person) yield return person;
        if (row is { ActorId: { } actor, Place: not null }) yield return actor;
    }

    private static bool Fits(Row row, Search search, Func<Guid?, byte[]?, JsonElement?> open)
    {
        if (search.Text is { } text && !Says(row, text)) return false;
        if (search.Address is not { } address) return true;
        return new[] { open(row.ActorId, row.Place), open(row.PersonId, row.Personal) }
            .Any(facts => facts is { ValueKind: JsonValueKind.Object } known && known.TryGetProperty("address", out var at) && at.GetString()?.StartsWith(address, StringComparison.OrdinalIgnoreCase) is true);
    }

    private static bool Says(Row row, string text) => new[] { row.Action, row.SubjectId, row.ActorName, row.Why, row.Before?.GetRawText(), row.After?.GetRawText() }
        .Any(part => part?.Contains(text, StringComparison.OrdinalIgnoreCase) is true);

    private static Entry ToEntry(Row row, Func<Guid?, byte[]?, JsonElement?>? open) =>
        new(row.Id, row.At, row.ActorKind, row.ActorId, row.ActorName, row.SessionId, row.RequestId, row.Action, OutcomeOf(row.Action), row.SubjectType, row.SubjectId,
            row.Why, row.Before, row.After, row.Sealed, row.Personal is not null || row.Place is not null, open?.Invoke(row.PersonId, row.Personal), open?.Invoke(row.ActorId, row.Place));

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

    private static Task<JsonElement?> Open(Database database, Guid? person, byte[]? data, CancellationToken stop) =>
        person is { } whose && data is not null ? PersonKeys.Open(database, whose, data, stop) : Task.FromResult<JsonElement?>(null);

    /// <summary>One entry as the person it is about reads it.</summary>
    public sealed record About(DateTimeOffset At, string Action, string SubjectType, string SubjectId, bool ByYou, JsonElement? Before, JsonElement? After, JsonElement? Personal, JsonElement? Place);

    /// <summary>Entries the chain has not reached, counted to 10,000.</summary>
    public static async Task<Lag> SealLag(Database database, CancellationToken stop) => (await database.Find<Lag>(LagSql, stop: stop))!;

    private const string FindSql = """
        select a.id, a.at, a.actor_kind, a.actor_id, a.actor_name, a.session_id, a.request_id, a.action, a.subject_type, a.subject_id, a.why,
            a.before::text as before, a.after::text as after, a.person_id, a.personal, a.place,
            exists (select 1 from foundation.audit_seals s where s.audit_id = a.id) as sealed
        from foundation.audit a
        where (@actor::uuid is null or a.actor_id = @actor) and (@action::text is null or a.action = @action)
            and (@subjectType::text is null or a.subject_type = @subjectType) and (@subjectId::text is null or a.subject_id = @subjectId)
            and (@from::timestamptz is null or a.at >= @from) and (@until::timestamptz is null or a.at < @until)
            and (@person::uuid is null or a.actor_id = @person or a.person_id = @person or (a.subject_type = 'account' and a.subject_id = @personAs))
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
