using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Catalog;

/// <summary>What the caller sells as provider, also what is not on sale now; at most 200.</summary>
public static class ListMyServices
{
    /// <param name="Active">On sale.</param>
    /// <param name="Revision">Sent back with a change, so that nobody overwrites what they have not seen.</param>
    public sealed record Item(ServiceView Service, bool Active, int Revision);

    public sealed record View(IReadOnlyList<Item> Items);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/providers/me/services", async (Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, stop)).ToHttp())
        .WithName(nameof(ListMyServices)).RequiresSignIn().Produces<View>();

    public static async Task<Result<View>> Run(Database database, Caller caller, CancellationToken stop)
    {
        if (await ProviderRows.OfCaller(database, caller, stop) is not { } provider) return MarketplaceRefusals.NotAProvider;
        var rows = await database.List<Service>(ServiceRows.Select + " where s.provider_id = @Id order by s.id limit 200", new { provider.Id }, stop);
        return new View([.. rows.Select(s => new Item(s.ToView(own: true), s.Active, s.Revision))]);
    }
}
