using Guildhall.Foundation;

namespace Guildhall.Content.Documents;

/// <summary>Texts of the site for the search of the staff: by the beginning of an address that is or was theirs or of their newest title, by id.</summary>
internal static class FindDocuments
{
    private sealed record Row(DocumentId Id, string Title, string State);

    public static SearchPart Part { get; } = new("content", ContentPermissions.View, async (database, text, stop) =>
        [.. (await database.List<Row>(Read, new { id = SearchPart.IdIn<DocumentId>(text), begins = SearchPart.Begins(text.ToLowerInvariant()), limit = SearchPart.Most + 1 }, stop))
            .Select(r => new SearchHit(r.Id.ToString(), r.Title, null, r.State, $"/console/content/{r.Id}"))]);

    // Titles of older versions are in the index too; those that are no longer said are left out by the join.
    private const string Read = """
        with named as (
            (select v.document_id as id from content.versions v join content.documents d on d.id = v.document_id and d.revision = v.version
                where lower(v.texts->'en'->>'title') like @begins order by lower(v.texts->'en'->>'title') using ~<~ limit @limit)
            union (select v.document_id from content.versions v join content.documents d on d.id = v.document_id and d.revision = v.version
                where lower(v.texts->'ar'->>'title') like @begins order by lower(v.texts->'ar'->>'title') using ~<~ limit @limit)
            union (select s.document_id from content.slugs s where s.slug like @begins order by s.slug using ~<~ limit @limit)
            union select d.id from content.documents d where d.id = @id)
        select d.id, coalesce(nullif(v.texts->'en'->>'title', ''), nullif(v.texts->'ar'->>'title', ''), d.subject, d.kind) as title,
            case when d.published_version = d.revision then 'published' when d.published_version is not null then 'changed' when d.first_published_at is null then 'draft' else 'withdrawn' end as state
        from named n join content.documents d on d.id = n.id join content.versions v on v.document_id = d.id and v.version = d.revision
        order by d.changed_at desc, d.id desc limit @limit
        """;
}
