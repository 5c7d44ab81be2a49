using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Marketplace.Catalog;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Policies;

/// <summary>The versions of the terms of one service, or of all others, newest first; and which services have their own.</summary>
public static class ListPolicies
{
    private const int Most = 50;

    /// <param name="Service">Null for the terms of all others.</param>
    /// <param name="Versions">Newest first, at most 50. Empty for a service that never had its own.</param>
    /// <param name="Others">Services with terms of their own in force, at most 200.</param>
    public sealed record View(ServiceView? Service, IReadOnlyList<CancellationPolicyView> Versions, IReadOnlyList<OwnTerms> Others);

    /// <summary>A service that is sold by terms of its own.</summary>
    public sealed record OwnTerms(ServiceId ServiceId, string ServiceName, string ProviderName, int Version);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/admin/cancellation-policies", async (Database database, CancellationToken stop, string? service = null) => (await Run(database, service, stop)).ToHttp())
        .WithName(nameof(ListPolicies)).Requires(MarketplacePermissions.PolicyEdit).Produces<View>();

    /// <param name="service">The id of a service, or null.</param>
    public static async Task<Result<View>> Run(Database database, string? service, CancellationToken stop)
    {
        ServiceId? of = null;
        Service? found = null;
        if (!string.IsNullOrEmpty(service))
        {
            if (!Id.TryParse<ServiceId>(service, out var id) || (found = await ReadService.Find(database, id, stop)) is null) return MarketplaceRefusals.ServiceNotFound;
            of = id;
        }
        var versions = await database.List<CancellationPolicy>(PolicyRows.Select + " where p.service_id is not distinct from @of order by p.version desc limit @most", new { of, most = Most }, stop);
        return new View(found?.ToView(), [.. versions.Select(v => v.ToView())], await database.List<OwnTerms>(OwnSql, stop: stop));
    }

    private const string OwnSql = """
        select s.id as service_id, s.name as service_name, r.display_name as provider_name, p.version
        from marketplace.cancellation_policies p join marketplace.services s on s.id = p.service_id join marketplace.providers r on r.id = s.provider_id
        where not p.follows_default and not exists (select 1 from marketplace.cancellation_policies n where n.service_id = p.service_id and n.version > p.version)
        order by r.display_name, s.name limit 200
        """;
}
