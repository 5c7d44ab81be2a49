using Guildhall.Content.Text;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Content.Documents;

/// <summary>Documents for staff, last changed first, 50 at a time.</summary>
public static class ListDocuments
{
    private const int PageSize = 50, MostQuery = 100;

    /// <param name="Title">Of the newest version, in English where there is one.</param>
    /// <param name="Languages">In which the newest version says something.</param>
    /// <param name="Scheduled">When something is to happen to it next.</param>
    public sealed record Item(DocumentId Id, ContentKind Kind, string? Subject, DocumentState State, string Title, string[] Languages, int Revision, int? PublishedVersion, DateTimeOffset ChangedAt, DateTimeOffset? Scheduled);

    /// <param name="Next">Give it as <c>after</c>; null: that was all.</param>
    public sealed record Page(IReadOnlyList<Item> Items, DocumentId? Next);

    internal static void Map(IEndpointRouteBuilder content) => content
        .MapGet("", async (Database database, CancellationToken stop, string? kind = null, string? state = null, string? q = null, string? after = null) => (await Run(database, kind, state, q, after, stop)).ToHttp())
        .WithName(nameof(ListDocuments)).Requires(ContentPermissions.View).Produces<Page>();

    /// <param name="kind">Null: all.</param>
    /// <param name="state"><c>draft</c>, <c>published</c>, <c>changed</c>, <c>withdrawn</c>; <c>scheduled</c> for whatever something is to happen to. Null: all.</param>
    /// <param name="q">Stands in a title, an address or a body of the newest version.</param>
    public static async Task<Result<Page>> Run(Database database, string? kind, string? state, string? q, string? after, CancellationToken stop)
    {
        var last = default(DocumentId);
        if (!string.IsNullOrEmpty(after) && !Id.TryParse(after, out last)) return FoundationRefusals.InvalidInput.With(("field", "after"));
        if (!string.IsNullOrEmpty(kind) && ContentKinds.Kind(kind) is null) return ContentRefusals.KindUnknown;
        if (!string.IsNullOrEmpty(state) && state is not ("draft" or "published" or "changed" or "withdrawn" or "scheduled")) return FoundationRefusals.InvalidInput.With(("field", "state"));
        if (q?.Length > MostQuery) return FoundationRefusals.InvalidInput.With(("field", "q"));
        var rows = await database.List<Item>(Select, new
        {
            kind = string.IsNullOrEmpty(kind) ? null : kind, state = string.IsNullOrEmpty(state) ? null : state, like = Like(q), after = string.IsNullOrEmpty(after) ? (DocumentId?)null : last, limit = PageSize + 1,
        }, stop);
        return new Page([.. rows.Take(PageSize)], rows.Count > PageSize ? rows[PageSize - 1].Id : null);
    }

    /// <summary>A pattern that finds these words anywhere; null for none.</summary>
    internal static string? Like(string? q) => string.IsNullOrWhiteSpace(q) ? null
        : $"%{q.Trim().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";

    private const string Select = """
        with listed as (
            select d.id, d.kind, d.subject, d.revision, d.published_version, d.changed_at,
                case when d.published_version = d.revision then 'published' when d.published_version is not null then 'changed' when d.first_published_at is null then 'draft' else 'withdrawn' end as state,
                coalesce(nullif(v.texts->'en'->>'title', ''), nullif(v.texts->'ar'->>'title', ''), '') as title,
                array_remove(array[case when jsonb_typeof(v.texts->'en') = 'object' then 'en' end, case when jsonb_typeof(v.texts->'ar') = 'object' then 'ar' end], null) as languages,
                (select min(s.at) from content.schedules s where s.document_id = d.id and s.state = 'waiting') as scheduled
            from content.documents d join content.versions v on v.document_id = d.id and v.version = d.revision
            where (@kind is null or d.kind = @kind) and (@like is null or exists (
                select 1 from (values (v.texts->'en'), (v.texts->'ar')) as said (words)
                where said.words->>'title' ilike @like or said.words->>'slug' ilike @like or said.words->>'body' ilike @like))
                and (@after is null or (d.changed_at, d.id) < (select a.changed_at, a.id from content.documents a where a.id = @after)))
        select id, kind, subject, state, title, languages, revision, published_version, changed_at, scheduled from listed
        where @state is null or state = @state or @state = 'scheduled' and scheduled is not null
        order by changed_at desc, id desc limit @limit
        """;
}
