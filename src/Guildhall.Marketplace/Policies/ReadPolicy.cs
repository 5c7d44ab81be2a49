using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Marketplace.Catalog;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Policies;

/// <summary>The terms by which a service is sold now, for whoever thinks of booking it.</summary>
public static class ReadPolicy
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/services/{id}/cancellation-policy", async (ServiceId id, Database database, CancellationToken stop) => (await Run(database, id, stop)).ToHttp())
        .WithName(nameof(ReadPolicy)).ForAnyone().Produces<SaleTerms>();

    public static async Task<Result<SaleTerms>> Run(Database database, ServiceId id, CancellationToken stop)
    {
        if (await ReadService.Find(database, id, stop) is not { IsOffered: true }) return MarketplaceRefusals.ServiceNotFound;
        return (await PolicyRows.InForce(database, id, stop)).ToView().ToTerms();
    }
}
