using Guildhall.Content.Text;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Content.Documents;

/// <summary>A version becomes what the public sees, also an older one than the newest. Its addresses belong to the document from then on.</summary>
public static class PublishDocument
{
    /// <param name="Seen">The version that was public when it was decided; 0: none.</param>
    public sealed record Body(int Seen);

    internal static void Map(IEndpointRouteBuilder content) => content
        .MapPost("/{id}/versions/{version:int}/actions/publish", async (DocumentId id, int version, Body body, Caller caller, Database database, CancellationToken stop) =>
            (await database.InTransaction(tx => Run(tx, caller, id, version, body), stop)).ToHttp())
        .WithName(nameof(PublishDocument)).Requires(ContentPermissions.Publish).Produces(204);

    public static async Task<Result<Done>> Run(Transaction tx, Caller caller, DocumentId id, int version, Body body)
    {
        if (await Document.Lock(tx, id) is not { } document || await StoredVersion.Find(tx, id, version) is not { } stored) return ContentRefusals.NotFound;
        if (document.PublishedVersion == version) return new Done();
        if ((document.PublishedVersion ?? 0) != body.Seen) return ContentRefusals.PublishedMeanwhile;
        return await Put(tx, caller, caller.AccountId, document, stored) is { } refusal ? refusal : new Done();
    }

    /// <summary>Makes the version of a locked document public, or says why not; then nothing is changed.</summary>
    /// <param name="by">The person who decided it.</param>
    internal static async Task<Refusal?> Put(Transaction tx, Caller caller, Guid? by, Document document, StoredVersion stored)
    {
        if (await Objection(tx, by, document, stored) is { } objection) return objection;
        if (!await Claim(tx, document, stored.Words)) return ContentRefusals.SlugTaken;
        await tx.ChangeOne(Point, new { document.Id, stored.Version, seen = document.PublishedVersion, now = tx.Now });
        await tx.Audit(caller, "content.published", "content", document.Id.ToString(), before: new { version = document.PublishedVersion }, after: new { version = stored.Version });
        return null;
    }

    /// <summary>Why this person may not publish it, its address aside.</summary>
    internal static async Task<Refusal?> Objection(Transaction tx, Guid? by, Document document, StoredVersion stored)
    {
        if (TextRules.Objections(document.Kind, stored.Words) is { Count: > 0 } objections) return ContentRefusals.NotReady.Saying(string.Join(' ', objections)).With(("objections", objections));
        return by is not null && stored.MadeBy == by && await tx.Setting(ContentSettings.TwoPeople) ? ContentRefusals.AnotherPublishes : null;
    }

    // False: an address is another's. What was claimed before it is undone with it.
    private static Task<bool> Claim(Transaction tx, Document document, DocumentTexts texts) => tx.Attempt(async () =>
    {
        if (!document.Kind.HasSlug()) return;
        foreach (var (locale, text) in texts.All) await tx.Change(ClaimSlug, new { document.Kind, locale, text.Slug, document.Id, now = tx.Now });
    }, "slugs_pkey");

    private const string ClaimSlug = """
        insert into content.slugs (kind, locale, slug, document_id, claimed_at) select @Kind, @locale, @Slug, @Id, @now
        where not exists (select 1 from content.slugs where kind = @Kind and locale = @locale and slug = @Slug and document_id = @Id)
        """;

    private const string Point = """
        update content.documents set published_version = @Version, published_at = @now, first_published_at = coalesce(first_published_at, @now)
        where id = @Id and published_version is not distinct from @seen
        """;
}
