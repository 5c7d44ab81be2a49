using Guildhall.Content.Documents;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Content.Previews;

/// <summary>An address under which whoever has it sees one version, published or not, for some hours.</summary>
public static class MakePreview
{
    private const int MostHours = 168;

    /// <param name="Hours">1 to 168.</param>
    public sealed record Body(int Version, int Hours = 24);

    /// <param name="Address">Path of the preview; <c>?locale=ar</c> shows the Arabic words.</param>
    public sealed record Made(string Address, DateTimeOffset Until);

    internal static void Map(IEndpointRouteBuilder content) => content
        .MapPost("/{id}/previews", async (DocumentId id, Body body, Caller caller, Database database, CancellationToken stop) =>
            (await database.InTransaction(tx => Run(tx, caller, id, body), stop)).ToHttp(success: 201))
        .WithName(nameof(MakePreview)).Requires(ContentPermissions.Edit).Produces<Made>(201);

    public static async Task<Result<Made>> Run(Transaction tx, Caller caller, DocumentId id, Body body)
    {
        if (body.Hours is < 1 or > MostHours) return ContentRefusals.HoursInvalid;
        if (await Document.Lock(tx, id) is not { } document || await StoredVersion.Find(tx, id, body.Version) is null) return ContentRefusals.NotFound;
        var token = new PreviewToken(id, body.Version, tx.Now.AddHours(body.Hours), document.PreviewEpoch);
        await tx.Audit(caller, "content.preview_made", "content", id.ToString(), after: new { version = body.Version, until = token.Until });
        return new Made("/preview/" + token.Write(), DateTimeOffset.FromUnixTimeSeconds(token.Until.ToUnixTimeSeconds()));
    }
}
