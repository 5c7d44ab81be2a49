using Guildhall.Content.Documents;
using Guildhall.Content.Site;
using Guildhall.Content.Text;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Content.Articles;

/// <summary>What is public of a kind in a language, newest first, 20 at a time.</summary>
public static class ListArticles
{
    private const int PageSize = 20, MostQuery = 100;

    public sealed record Item(string Title, string Slug, string Summary, DateTimeOffset PublishedAt, DateTimeOffset UpdatedAt);

    /// <param name="Next">The slug to give as <c>after</c>; null: that was all.</param>
    public sealed record Page(IReadOnlyList<Item> Items, string? Next);

    internal static void Map(IEndpointRouteBuilder api)
    {
        foreach (var (kind, name) in new[] { (ContentKind.Page, "ListPages"), (ContentKind.Post, "ListPosts"), (ContentKind.Project, "ListProjects") })
            api.MapGet($"/{kind.Folder()}", async (Database database, CancellationToken stop, string locale = "en", string? q = null, string? after = null) =>
                Cached.Json(await Run(database, kind, locale, q, after, stop))).WithName(name).ForAnyone().Produces<Page>();
    }

    /// <param name="q">Stands in title, summary or body of what is public.</param>
    /// <param name="after">The <c>next</c> of the page before.</param>
    public static async Task<Result<Page>> Run(Database database, ContentKind kind, string locale, string? q, string? after, CancellationToken stop)
    {
        if (ContentKinds.Locale(locale) is null) return FoundationRefusals.InvalidInput.With(("field", "locale"));
        if (q?.Length > MostQuery || (q is not null && !TextRules.CanBeShown(q))) return FoundationRefusals.InvalidInput.With(("field", "q"));
        if (after?.Length > TextRules.MostSlug || (after is not null && !TextRules.CanBeShown(after))) return FoundationRefusals.InvalidInput.With(("field", "after"));
        var rows = await database.List<Item>(Select, new { kind, locale, like = ListDocuments.Like(q), after = string.IsNullOrEmpty(after) ? null : after, limit = PageSize + 1 }, stop);
        return new Page([.. rows.Take(PageSize)], rows.Count > PageSize ? rows[PageSize - 1].Slug : null);
    }

    private const string Select = """
        select v.texts->@locale->>'title' as title, v.texts->@locale->>'slug' as slug, v.texts->@locale->>'summary' as summary, d.first_published_at as published_at, d.published_at as updated_at
        from content.documents d join content.versions v on v.document_id = d.id and v.version = d.published_version
        where d.kind = @kind and jsonb_typeof(v.texts->@locale) = 'object'
            and (@like is null or v.texts->@locale->>'title' ilike @like or v.texts->@locale->>'summary' ilike @like or v.texts->@locale->>'body' ilike @like)
            and (@after is null or (d.first_published_at, d.id) < (
                select p.first_published_at, p.id from content.slugs s join content.documents p on p.id = s.document_id
                where s.kind = @kind and s.locale = @locale and s.slug = @after and p.published_version is not null))
        order by d.first_published_at desc, d.id desc limit @limit
        """;
}
