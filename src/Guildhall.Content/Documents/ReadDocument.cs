using Guildhall.Content.Schedules;
using Guildhall.Content.Text;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Content.Documents;

/// <summary>One document for staff: a version's words, what keeps them from being published, every version, address and schedule.</summary>
public static class ReadDocument
{
    private const int MostVersions = 100, MostAddresses = 50;

    public sealed record Past(int Version, DateTimeOffset MadeAt, Guid? MadeBy, string? Note, int? RestoredFrom);

    /// <summary>An address that is this document's; one that is not its present one leads to that.</summary>
    public sealed record Address(ContentLocale Locale, string Slug, DateTimeOffset ClaimedAt);

    /// <param name="Version">The one shown.</param>
    /// <param name="PublishedAt">When what is or was last public became so.</param>
    /// <param name="Objections">To the version shown, as sentences; none: it may be published.</param>
    /// <param name="Versions">The newest hundred, newest first.</param>
    public sealed record View(DocumentId Id, ContentKind Kind, string? Subject, DocumentState State, int Revision, int Version, int? PublishedVersion, DateTimeOffset? PublishedAt, DateTimeOffset ChangedAt,
        DocumentTexts Texts, IReadOnlyList<string> Objections, IReadOnlyList<Past> Versions, IReadOnlyList<Address> Addresses, IReadOnlyList<ScheduleView> Schedules);

    internal static void Map(IEndpointRouteBuilder content) => content
        .MapGet("/{id}", async (DocumentId id, Database database, CancellationToken stop, int? version = null) => (await Run(database, id, version, stop)).ToHttp())
        .WithName(nameof(ReadDocument)).Requires(ContentPermissions.View).Produces<View>();

    /// <param name="version">Null: the newest.</param>
    public static async Task<Result<View>> Run(Database database, DocumentId id, int? version, CancellationToken stop)
    {
        if (await Document.Find(database, id, stop) is not { } document || await StoredVersion.Find(database, id, version ?? document.Revision, stop) is not { } stored) return ContentRefusals.NotFound;
        var versions = await database.List<Past>("""
            select version, made_at, made_by, note, restored_from from content.versions where document_id = @id order by version desc limit @most
            """, new { id, most = MostVersions }, stop);
        var addresses = await database.List<Address>("select locale, slug, claimed_at from content.slugs where document_id = @id order by claimed_at desc, locale, slug limit @most", new { id, most = MostAddresses }, stop);
        return new View(id, document.Kind, document.Subject, document.State, document.Revision, stored.Version, document.PublishedVersion, document.PublishedAt, document.ChangedAt, stored.Words,
            TextRules.Objections(document.Kind, stored.Words), versions, addresses, await ScheduleView.Of(database, id, stop));
    }
}
