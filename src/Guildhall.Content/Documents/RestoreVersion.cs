using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Content.Documents;

/// <summary>The words of an older version become the newest again: a new version, which says where it is from. What is public stays.</summary>
public static class RestoreVersion
{
    /// <param name="Seen">The newest version when it was decided.</param>
    public sealed record Body(int Seen);

    internal static void Map(IEndpointRouteBuilder content) => content
        .MapPost("/{id}/versions/{version:int}/actions/restore", async (DocumentId id, int version, Body body, Caller caller, Database database, CancellationToken stop) =>
            (await database.InTransaction(tx => Run(tx, caller, id, version, body.Seen), stop)).ToHttp(success: 201))
        .WithName(nameof(RestoreVersion)).Requires(ContentPermissions.Edit).Produces<SaveDocument.Saved>(201);

    public static async Task<Result<SaveDocument.Saved>> Run(Transaction tx, Caller caller, DocumentId id, int version, int seen)
    {
        if (await Document.Lock(tx, id) is not { } document || await StoredVersion.Find(tx, id, version) is not { } old) return ContentRefusals.NotFound;
        return await SaveDocument.Add(tx, caller, document, seen, new SaveDocument.Written(old.Words, null), version);
    }
}
