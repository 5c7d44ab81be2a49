using Guildhall.Content.Text;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Content.Site;

/// <summary>What is said about a service beside what its provider says. Whether there is such a service is the marketplace's to know.</summary>
public static class ReadServiceText
{
    /// <param name="Locale">The language it is in: the one asked for, or the other when it is not said in that.</param>
    /// <param name="Html">Of the body, safe to show.</param>
    public sealed record View(ContentLocale Locale, string Title, string Summary, string Body, string Html, DateTimeOffset UpdatedAt);

    private sealed record Row(string Texts, DateTimeOffset PublishedAt);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/services/{service}/text", async (string service, Database database, CancellationToken stop, string locale = "en") => Cached.Json(await Run(database, service, locale, stop)))
        .WithName(nameof(ReadServiceText)).ForAnyone().Produces<View>();

    /// <param name="service">Its id, <c>srv_…</c>.</param>
    public static async Task<Result<View>> Run(Database database, string service, string locale, CancellationToken stop)
    {
        if (ContentKinds.Locale(locale) is not { } asked) return FoundationRefusals.InvalidInput.With(("field", "locale"));
        if (!ContentKind.ServiceText.SubjectFits(service) || await database.Find<Row>(Select, new { service }, stop) is not { } row) return ContentRefusals.NotFound;
        var texts = DocumentTexts.Read(row.Texts);
        var (shown, text) = texts.In(asked) is { } wanted ? (asked, wanted) : texts.All.First();
        return new View(shown, text.Title, text.Summary, text.Body, SafeMarkdown.Render(text.Body), row.PublishedAt);
    }

    private const string Select = """
        select v.texts::text as texts, d.published_at from content.documents d join content.versions v on v.document_id = d.id and v.version = d.published_version
        where d.kind = 'service_text' and d.subject = @service
        """;
}
