using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Catalog;

/// <summary>One service that can be booked.</summary>
public static class ReadService
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/services/{id}", async (ServiceId id, Database database, CancellationToken stop) => (await Run(database, id, stop)).ToHttp())
        .WithName(nameof(ReadService)).ForAnyone().Produces<ServiceView>();

    public static async Task<Result<ServiceView>> Run(Database database, ServiceId id, CancellationToken stop) =>
        await Find(database, id, stop) is { IsOffered: true } service ? service.ToView() : MarketplaceRefusals.ServiceNotFound;

    internal static Task<Service?> Find(Database database, ServiceId id, CancellationToken stop) =>
        database.Find<Service>(ServiceRows.Select + " where s.id = @id", new { id }, stop);
}
