using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Content.Documents;

/// <summary>The public sees nothing of it any more. Its words and addresses stay its own.</summary>
public static class UnpublishDocument
{
    /// <param name="Seen">The version that was public when it was decided.</param>
    public sealed record Body(int Seen);

    internal static void Map(IEndpointRouteBuilder content) => content
        .MapPost("/{id}/actions/unpublish", async (DocumentId id, Body body, Caller caller, Database database, CancellationToken stop) =>
            (await database.InTransaction(tx => Run(tx, caller, id, body), stop)).ToHttp())
        .WithName(nameof(UnpublishDocument)).Requires(ContentPermissions.Publish).Produces(204);

    public static async Task<Result<Done>> Run(Transaction tx, Caller caller, DocumentId id, Body body)
    {
        if (await Document.Lock(tx, id) is not { } document) return ContentRefusals.NotFound;
        if (document.PublishedVersion is null) return ContentRefusals.NotPublished;
        if (document.PublishedVersion != body.Seen) return ContentRefusals.PublishedMeanwhile;
        await Take(tx, caller, document);
        return new Done();
    }

    internal static async Task Take(Transaction tx, Caller caller, Document document)
    {
        await tx.ChangeOne("update content.documents set published_version = null where id = @Id and published_version = @PublishedVersion", new { document.Id, document.PublishedVersion });
        await tx.Audit(caller, "content.withdrawn", "content", document.Id.ToString(), before: new { version = document.PublishedVersion });
    }
}
