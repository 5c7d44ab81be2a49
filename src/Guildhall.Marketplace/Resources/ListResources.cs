using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Resources;

/// <summary>What the caller's services may need: their own resources and those that colleagues shared.</summary>
public static class ListResources
{
    public sealed record View(IReadOnlyList<ResourceView> Items);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/providers/me/resources", async (Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, stop)).ToHttp())
        .WithName(nameof(ListResources)).RequiresSignIn().Produces<View>();

    public static async Task<Result<View>> Run(Database database, Caller caller, CancellationToken stop) => await ProviderRows.OfCaller(database, caller, stop) is { } provider
        ? new View(await ResourceRows.Usable(database, provider.Id, stop)) : MarketplaceRefusals.NotAProvider;
}
