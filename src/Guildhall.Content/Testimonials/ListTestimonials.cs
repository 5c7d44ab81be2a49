using Guildhall.Content.Site;
using Guildhall.Content.Text;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Content.Testimonials;

/// <summary>What people said of the site, as far as it is public, newest first; at most 50.</summary>
public static class ListTestimonials
{
    private const int Most = 50;

    /// <param name="Name">Who speaks.</param>
    /// <param name="About">Who that is; may be empty.</param>
    /// <param name="Html">What was said, safe to show.</param>
    public sealed record Item(string Name, string About, string Body, string Html, DateTimeOffset PublishedAt);

    public sealed record View(IReadOnlyList<Item> Items);

    private sealed record Row(string Title, string Summary, string Body, DateTimeOffset FirstPublishedAt);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/testimonials", async (Database database, CancellationToken stop, string locale = "en") => Cached.Json(await Run(database, locale, Most, stop)))
        .WithName(nameof(ListTestimonials)).ForAnyone().Produces<View>();

    public static async Task<Result<View>> Run(Database database, string locale, int most, CancellationToken stop)
    {
        if (ContentKinds.Locale(locale) is null) return FoundationRefusals.InvalidInput.With(("field", "locale"));
        var rows = await database.List<Row>(Select, new { locale, limit = Math.Min(most, Most) }, stop);
        return new View([.. rows.Select(r => new Item(r.Title, r.Summary, r.Body, SafeMarkdown.Render(r.Body), r.FirstPublishedAt))]);
    }

    private const string Select = """
        select v.texts->@locale->>'title' as title, v.texts->@locale->>'summary' as summary, v.texts->@locale->>'body' as body, d.first_published_at
        from content.documents d join content.versions v on v.document_id = d.id and v.version = d.published_version
        where d.kind = 'testimonial' and jsonb_typeof(v.texts->@locale) = 'object' order by d.first_published_at desc, d.id desc limit @limit
        """;
}
