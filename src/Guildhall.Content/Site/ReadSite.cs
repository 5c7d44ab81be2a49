using Guildhall.Content.Text;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Content.Site;

/// <summary>The frame of the site in a language: what stands on the front and at the foot, and the menus. A member is null, and a menu empty, while nothing of it is public.</summary>
public static class ReadSite
{
    /// <param name="Title">On the front.</param>
    /// <param name="Lead">Below it.</param>
    /// <param name="FootHtml">At the foot of every page, safe to show.</param>
    public sealed record View(string? Title, string? Lead, string? FootHtml, IReadOnlyList<MenuLink> Header, IReadOnlyList<MenuLink> Footer);

    /// <summary>A site that says nothing.</summary>
    public static readonly View Silent = new(null, null, null, [], []);

    private sealed record Row(string Subject, string Title, string Summary, string Body);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/site", async (Database database, CancellationToken stop, string locale = "en") => Cached.Json(await Run(database, locale, stop)))
        .WithName(nameof(ReadSite)).ForAnyone().Produces<View>();

    public static async Task<Result<View>> Run(Database database, string locale, CancellationToken stop)
    {
        if (ContentKinds.Locale(locale) is null) return FoundationRefusals.InvalidInput.With(("field", "locale"));
        var rows = (await database.List<Row>(Select, new { locale }, stop)).ToDictionary(r => r.Subject, StringComparer.Ordinal);
        var site = rows.GetValueOrDefault("site");
        return new View(Some(site?.Title), Some(site?.Summary), Some(site?.Body) is { } foot ? SafeMarkdown.Render(foot) : null, Menu("header"), Menu("footer"));

        IReadOnlyList<MenuLink> Menu(string place) => rows.GetValueOrDefault(place) is { } menu ? MenuLinks.Of(menu.Body) : [];
    }

    private static string? Some(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private const string Select = """
        select d.subject, v.texts->@locale->>'title' as title, v.texts->@locale->>'summary' as summary, v.texts->@locale->>'body' as body
        from content.documents d join content.versions v on v.document_id = d.id and v.version = d.published_version
        where d.kind in ('menu', 'site') and d.subject in ('header', 'footer', 'site') and jsonb_typeof(v.texts->@locale) = 'object' limit 3
        """;
}
