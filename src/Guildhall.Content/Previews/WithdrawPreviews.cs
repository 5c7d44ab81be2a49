using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Content.Previews;

/// <summary>Every preview of a document that was handed out ends now.</summary>
public static class WithdrawPreviews
{
    internal static void Map(IEndpointRouteBuilder content) => content
        .MapPost("/{id}/previews/actions/withdraw", async (DocumentId id, Caller caller, Database database, CancellationToken stop) => (await database.InTransaction(tx => Run(tx, caller, id), stop)).ToHttp())
        .WithName(nameof(WithdrawPreviews)).Requires(ContentPermissions.Edit).Produces(204);

    public static async Task<Result<Done>> Run(Transaction tx, Caller caller, DocumentId id)
    {
        if (await tx.ChangeNow("update content.documents set preview_epoch = preview_epoch + 1 where id = @id", new { id }) == 0) return ContentRefusals.NotFound;
        await tx.Audit(caller, "content.previews_withdrawn", "content", id.ToString());
        return new Done();
    }
}
