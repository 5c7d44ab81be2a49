using Guildhall.Content.Site;
using Guildhall.Content.Text;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Content.Articles;

/// <summary>A public page, post or portfolio project by its address.</summary>
/// <param name="Body">Markdown.</param>
/// <param name="Html">Of it, safe to show.</param>
/// <param name="Elsewhere">Its addresses in the languages it is said in.</param>
public sealed record Article(ContentKind Kind, ContentLocale Locale, string Title, string Slug, string Summary, string Body, string Html, DateTimeOffset PublishedAt, DateTimeOffset UpdatedAt,
    IReadOnlyDictionary<string, string> Elsewhere);

/// <inheritdoc cref="Article"/>
public static class ReadArticle
{
    private const int MostSlug = 400;

    /// <summary>What stands under an address.</summary>
    /// <param name="Article">Null when it moved.</param>
    /// <param name="MovedTo">The present last part of its address.</param>
    public sealed record Found(Article? Article, string? MovedTo);

    private sealed record Row(string Texts, DateTimeOffset FirstPublishedAt, DateTimeOffset PublishedAt);

    internal static void Map(IEndpointRouteBuilder api)
    {
        foreach (var (kind, name) in new[] { (ContentKind.Page, "ReadPage"), (ContentKind.Post, "ReadPost"), (ContentKind.Project, "ReadProject") })
            api.MapGet($"/{kind.Folder()}/{{slug}}", async (string slug, Database database, CancellationToken stop, string locale = "en") =>
                ToHttp(await Run(database, kind, locale, slug, stop), $"/api/v1/{kind.Folder()}/", locale)).WithName(name).ForAnyone().Produces<Article>();
    }

    /// <param name="locale"><c>en</c> or <c>ar</c>.</param>
    public static async Task<Result<Found>> Run(Database database, ContentKind kind, string locale, string slug, CancellationToken stop)
    {
        if (ContentKinds.Locale(locale) is not { } language || slug.Length > MostSlug || !TextRules.CanBeShown(slug)) return ContentRefusals.NotFound;
        var tidy = new LocaleText("", "", slug).Tidy().Slug;
        if (await database.Find<Row>(Select, new { kind, locale, slug = tidy }, stop) is not { } row) return ContentRefusals.NotFound;
        var texts = DocumentTexts.Read(row.Texts);
        if (texts.In(language) is not { } text) return ContentRefusals.NotFound;
        if (!string.Equals(text.Slug, slug, StringComparison.Ordinal)) return new Found(null, text.Slug);
        var elsewhere = texts.All.ToDictionary(t => Names.Of(t.Locale), t => kind.Address(t.Locale, t.Text.Slug), StringComparer.Ordinal);
        return new Found(new Article(kind, language, text.Title, text.Slug, text.Summary, text.Body, SafeMarkdown.Render(text.Body), row.FirstPublishedAt, row.PublishedAt, elsewhere), null);
    }

    private static IResult ToHttp(Result<Found> result, string folder, string locale) => result.Value is { MovedTo: { } slug }
        ? Results.Redirect($"{folder}{Uri.EscapeDataString(slug)}?locale={locale}", permanent: true)
        : Cached.Json(result.Is(out var found, out var refusal) ? (Result<Article>)found.Article! : refusal);

    // By the public version alone: a document without one is not joined.
    private const string Select = """
        select v.texts::text as texts, d.first_published_at, d.published_at
        from content.slugs s join content.documents d on d.id = s.document_id join content.versions v on v.document_id = d.id and v.version = d.published_version
        where s.kind = @kind and s.locale = @locale and s.slug = @slug
        """;
}
