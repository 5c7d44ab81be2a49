using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Marketplace.Catalog;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Providers;

/// <summary>A provider's public page: who they are and what they offer.</summary>
public static class ReadProvider
{
    public sealed record View(ProviderView Provider, IReadOnlyList<ServiceView> Services);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/providers/{id}", async (ProviderId id, Database database, CancellationToken stop) => (await Run(database, id, stop)).ToHttp())
        .WithName(nameof(ReadProvider)).ForAnyone().Produces<View>();

    public static async Task<Result<View>> Run(Database database, ProviderId id, CancellationToken stop) =>
        await ProviderRows.Find(database, id, stop) is { } provider
            ? new View(provider.ToView(), await ListServices.Of(database, id, stop))
            : MarketplaceRefusals.ProviderNotFound;
}
