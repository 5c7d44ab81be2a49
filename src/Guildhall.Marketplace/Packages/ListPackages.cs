using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Packages;

/// <summary>Packages on offer of a provider, one of them, a provider's own, and for staff those of everybody. At most 200.</summary>
public static class ListPackages
{
    public sealed record View(IReadOnlyList<PackageView> Items);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/providers/{id}/packages", async (ProviderId id, Database database, CancellationToken stop) => (await Offered(database, id, stop)).ToHttp())
            .WithName(nameof(ListPackages)).ForAnyone().Produces<View>();
        api.MapGet("/packages/{id}", async (PackageId id, Database database, CancellationToken stop) => (await Read(database, id, stop)).ToHttp())
            .WithName("ReadPackage").ForAnyone().Produces<PackageView>();
        api.MapGet("/providers/me/packages", async (Caller caller, Database database, CancellationToken stop) => (await Own(database, caller, stop)).ToHttp())
            .WithName("ListMyPackages").RequiresSignIn().Produces<View>();
        api.MapGet("/admin/packages", async (Database database, CancellationToken stop) => Results.Json(await All(database, stop), JsonRules.Options))
            .WithName("ListAllPackages").Requires(MarketplacePermissions.PackageEdit).Produces<View>();
    }

    public static async Task<Result<View>> Offered(Database database, ProviderId provider, CancellationToken stop)
    {
        if (await ProviderRows.Find(database, provider, stop) is null) return MarketplaceRefusals.ProviderNotFound;
        var rows = await database.List<Package>(PackageRows.Select + " where k.provider_id = @provider and k.active order by k.id limit 200", new { provider }, stop);
        return new View(await PackageRows.Show(database, [.. rows.Where(k => k.IsOffered)], stop));
    }

    public static async Task<Result<PackageView>> Read(Database database, PackageId id, CancellationToken stop) =>
        await PackageRows.Find(database, id, stop) is { IsOffered: true } package ? (await PackageRows.Show(database, [package], stop))[0] : MarketplaceRefusals.PackageNotFound;

    /// <summary>What the caller offers as provider, also what is not on sale.</summary>
    public static async Task<Result<View>> Own(Database database, Caller caller, CancellationToken stop)
    {
        if (await ProviderRows.OfCaller(database, caller, stop) is not { } provider) return MarketplaceRefusals.NotAProvider;
        return new View(await PackageRows.Show(database, await database.List<Package>(PackageRows.Select + " where k.provider_id = @Id order by k.active desc, k.id desc limit 200", new { provider.Id }, stop), stop));
    }

    /// <summary>Everybody's, newest first, for staff.</summary>
    public static async Task<View> All(Database database, CancellationToken stop) =>
        new(await PackageRows.Show(database, await database.List<Package>(PackageRows.Select + " order by k.id desc limit 200", stop: stop), stop));
}
