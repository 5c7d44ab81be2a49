using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Resources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Catalog;

/// <summary>How a service is sold: what it needs besides its provider, whether the provider says yes to each booking first, and whether it is sold as a series. Holds and bookings made before stay as they were sold.</summary>
public static class SetSaleRules
{
    private const int MostResources = 10;

    /// <param name="Resources">What it needs besides its provider, at most ten: own resources, and those that colleagues shared.</param>
    /// <param name="AsksApproval">Nothing is paid before the provider has said yes.</param>
    /// <param name="Revision">The service's revision that was seen.</param>
    /// <param name="SeriesMost">How often in a row a customer books it as a series, 2 to 26; 0: only once. Not together with asking first.</param>
    public sealed record Body(IReadOnlyList<ResourceId> Resources, int Revision, bool AsksApproval = false, int SeriesMost = 0);

    /// <param name="Revision">Of the service; sent back with a change.</param>
    public sealed record View(ServiceId Service, IReadOnlyList<ResourceId> Resources, bool AsksApproval, int SeriesMost, int Revision);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/providers/me/services/{id}/rules", async (ServiceId id, Caller caller, Database database, CancellationToken stop) => (await Read(database, caller, id, stop)).ToHttp())
            .WithName("ReadSaleRules").RequiresSignIn().Produces<View>();
        api.MapPut("/providers/me/services/{id}/rules", async (ServiceId id, Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, body, stop)).ToHttp())
            .WithName(nameof(SetSaleRules)).RequiresSignIn().ChecksSessionRow().Produces<View>();
    }

    public static async Task<Result<View>> Read(Database database, Caller caller, ServiceId id, CancellationToken stop) =>
        await ReadService.Find(database, id, stop) is { } service && caller.Is(service.ProviderAccountId) ? Show(service) : MarketplaceRefusals.ServiceNotFound;

    public static Task<Result<View>> Run(Database database, Caller caller, ServiceId id, Body body, CancellationToken stop) => database.InTransaction<Result<View>>(async tx =>
    {
        if (await tx.Find<Service>(ServiceRows.Select + " where s.id = @id for update of s", new { id }) is not { } before || !caller.Is(before.ProviderAccountId)) return MarketplaceRefusals.ServiceNotFound;
        if (body.Revision != before.Revision) return MarketplaceRefusals.ServiceChanged.With(("revision", before.Revision));
        if (body.SeriesMost is not (0 or (>= 2 and <= 26)) || (body.SeriesMost > 0 && body.AsksApproval)) return MarketplaceRefusals.SaleRulesInvalid;
        ResourceId[] wanted = [.. body.Resources.Distinct()];
        if (wanted.Length > MostResources) return MarketplaceRefusals.TooManyResources.With(("atMost", MostResources));
        if ((await ResourceRows.LockUsable(tx, before.ProviderId, wanted)).Count != wanted.Length) return MarketplaceRefusals.ResourceNotFound;

        await tx.Change("delete from marketplace.service_resources where service_id = @id", new { id });
        await tx.Change("insert into marketplace.service_resources (service_id, resource_id) select @id, w.id from unnest(@wanted) as w(id)", new { id, wanted });
        await tx.ChangeOne(Update, new { id, body.Revision, body.AsksApproval, body.SeriesMost });
        var after = Show(await tx.Get<Service>(ServiceRows.Select + " where s.id = @id", new { id }));
        await tx.Audit(caller, "service.rules_set", "service", id.ToString(), before: Show(before), after: after);
        return after;
    }, stop);

    private const string Update = "update marketplace.services set asks_approval = @AsksApproval, series_most = @SeriesMost, revision = revision + 1 where id = @id and revision = @Revision";

    private static View Show(Service service) => new(service.Id, [.. service.Resources.Select(r => new ResourceId(r))], service.AsksApproval, service.SeriesMost, service.Revision);
}
