using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Catalog;

/// <summary>The catalogue: services of active providers, oldest first, 24 at a time. What is looked for by more than words is in <see cref="SearchServices"/>.</summary>
public static class ListServices
{
    private const int PageSize = 24;

    /// <param name="Items">At most 24.</param>
    /// <param name="Next">Give it as <c>after</c> for the next page; null on the last one.</param>
    public sealed record Page(IReadOnlyList<ServiceView> Items, ServiceId? Next);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/services", async (Database database, CancellationToken stop, string? kind = null, string? q = null, string? after = null) =>
            (await Run(database, kind, q, after, stop)).ToHttp())
        .WithName(nameof(ListServices)).ForAnyone().Produces<Page>();

    /// <param name="kind"><c>consultation</c>, <c>visit</c> or null for both.</param>
    /// <param name="words">Beginnings of words in names, descriptions and providers; at most 100 characters count.</param>
    /// <param name="after">The <c>next</c> of the page before.</param>
    public static async Task<Result<Page>> Run(Database database, string? kind, string? words, string? after, CancellationToken stop)
    {
        var last = default(ServiceId);
        if (kind is not (null or "" or "consultation" or "visit")) return FoundationRefusals.InvalidInput.With(("field", "kind"));
        if (!string.IsNullOrEmpty(after) && !Id.TryParse(after, out last)) return FoundationRefusals.InvalidInput.With(("field", "after"));

        var rows = await database.List<Service>(Select, new { kind = string.IsNullOrEmpty(kind) ? null : kind, words = ServiceRows.Words(words), after = last, limit = PageSize + 1 }, stop);
        return new Page([.. rows.Take(PageSize).Select(s => s.ToView())], rows.Count > PageSize ? rows[PageSize - 1].Id : null);
    }

    /// <summary>Services of one provider; a provider has at most 100 in the catalogue.</summary>
    internal static async Task<IReadOnlyList<ServiceView>> Of(Database database, ProviderId provider, CancellationToken stop) =>
        [.. (await database.List<Service>(SelectOfProvider, new { provider }, stop)).Select(s => s.ToView())];

    private const string Select = $"""
        {ServiceRows.Select}
        where s.active and p.state = 'active' and s.id > @after and (@kind is null or s.kind = @kind) and {ServiceRows.HasWords} order by s.id limit @limit
        """;

    private const string SelectOfProvider = ServiceRows.Select + " where s.provider_id = @provider and s.active and p.state = 'active' order by s.id limit 100";
}
