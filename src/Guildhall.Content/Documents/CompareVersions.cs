using Guildhall.Content.Text;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Content.Documents;

/// <summary>What two versions of a document differ in, by lines.</summary>
public static class CompareVersions
{
    public sealed record View(int From, int To, IReadOnlyList<FieldDiff> Fields);

    internal static void Map(IEndpointRouteBuilder content) => content
        .MapGet("/{id}/differences", async (DocumentId id, int from, int to, Database database, CancellationToken stop) => (await Run(database, id, from, to, stop)).ToHttp())
        .WithName(nameof(CompareVersions)).Requires(ContentPermissions.View).Produces<View>();

    public static async Task<Result<View>> Run(Database database, DocumentId id, int from, int to, CancellationToken stop) =>
        await StoredVersion.Find(database, id, from, stop) is { } before && await StoredVersion.Find(database, id, to, stop) is { } after
            ? new View(from, to, LineDiff.Between(before.Words, after.Words)) : ContentRefusals.NotFound;
}
