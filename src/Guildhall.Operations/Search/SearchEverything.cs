using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Operations.Search;

/// <summary>Whatever staff look for, in one question: every kind of thing whose permission the searcher has, at most <see cref="SearchPart.Most"/> of each. A kind they may not
/// see is not asked and not named. What was looked for is kept nowhere.</summary>
public static class SearchEverything
{
    /// <param name="More">There are more than are shown: say more of the text.</param>
    public sealed record Group(string Kind, IReadOnlyList<SearchHit> Hits, bool More);

    /// <param name="Groups">Only kinds of which something was found.</param>
    public sealed record View(IReadOnlyList<Group> Groups);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapGet("/search", async (Caller caller, Database database, IEnumerable<SearchPart> parts, CancellationToken stop, string q = "") => (await Run(database, parts, caller, q, stop)).ToHttp())
        .WithName(nameof(SearchEverything)).Requires(OperationsPermissions.DashboardView).Produces<View>();

    /// <param name="q">2 to 100 characters: an id, a reference of a gateway, a number; of names, addresses, titles and numbers of papers the beginning.</param>
    public static async Task<Result<View>> Run(Database database, IEnumerable<SearchPart> parts, Caller caller, string q, CancellationToken stop)
    {
        var text = q.Trim();
        if (text.Length is < SearchPart.LeastText or > SearchPart.MostText || text.Contains('\0', StringComparison.Ordinal)) return OperationsRefusals.SearchTextLength;
        var groups = new List<Group>();
        foreach (var part in parts.Where(p => caller.May(p.Needs)))
        {
            var hits = await part.Find(database, text, stop);
            if (hits.Count > 0) groups.Add(new Group(part.Kind, [.. hits.Take(SearchPart.Most)], hits.Count > SearchPart.Most));
        }
        return new View(groups);
    }
}
