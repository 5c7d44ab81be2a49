using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Catalog;
using Guildhall.Marketplace.Providers;
using Guildhall.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Resources;

/// <summary>The owner of a resource lets a colleague's services need it too, or no longer. Ending it takes those of the colleague's services off sale that need it, for they cannot be
/// delivered; the colleague is told. Bookings that were sold keep its time.</summary>
public static class ShareResource
{
    private const int MostColleagues = 50;

    public sealed record Body(ProviderId Provider);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/providers/me/resources/{id}/shares", async (ResourceId id, Body body, Caller caller, Database database, CancellationToken stop) => (await Share(database, caller, id, body, stop)).ToHttp())
            .WithName(nameof(ShareResource)).RequiresSignIn().ChecksSessionRow().Produces<ResourceView>();
        api.MapDelete("/providers/me/resources/{id}/shares/{provider}", async (ResourceId id, ProviderId provider, Caller caller, Database database, CancellationToken stop) =>
                (await End(database, caller, id, provider, stop)).ToHttp())
            .WithName("EndShare").RequiresSignIn().ChecksSessionRow().Produces<ResourceView>();
    }

    public static async Task<Result<ResourceView>> Share(Database database, Caller caller, ResourceId id, Body body, CancellationToken stop)
    {
        var done = await database.InTransaction<Result<Done>>(async tx =>
        {
            if (await ProviderRows.OfCaller(tx, caller) is not { } owner) return MarketplaceRefusals.NotAProvider;
            if (await ResourceRows.Lock(tx, owner.Id, id) is null) return MarketplaceRefusals.ResourceNotFound;
            if (body.Provider == owner.Id || !await tx.Get<bool>("select exists (select 1 from marketplace.providers where id = @Provider and state = 'active')", new { body.Provider })) return MarketplaceRefusals.ProviderNotFound;
            if (await tx.Get<long>("select count(*) from marketplace.resource_shares where resource_id = @id", new { id }) >= MostColleagues) return MarketplaceRefusals.TooManyResources.With(("atMost", MostColleagues));
            if (await tx.ChangeNow("insert into marketplace.resource_shares (resource_id, provider_id, shared_at) values (@id, @Provider, @now) on conflict do nothing", new { id, body.Provider, now = tx.Now }) > 0)
                await tx.Audit(caller, "resource.shared", "resource", id.ToString(), after: new { body.Provider });
            return default(Done);
        }, stop);
        return done.Refusal is { } refusal ? refusal : await EditResource.Read(database, caller, id, stop);
    }

    public static async Task<Result<ResourceView>> End(Database database, Caller caller, ResourceId id, ProviderId provider, CancellationToken stop)
    {
        var done = await database.InTransaction<Result<Done>>(async tx =>
        {
            if (await ProviderRows.OfCaller(tx, caller) is not { } owner) return MarketplaceRefusals.NotAProvider;
            if (await ResourceRows.Lock(tx, owner.Id, id) is not { } resource) return MarketplaceRefusals.ResourceNotFound;
            if (await tx.ChangeNow("delete from marketplace.resource_shares where resource_id = @id and provider_id = @provider", new { id, provider }) == 0) return MarketplaceRefusals.ProviderNotFound;
            var stopped = await tx.List<Service>(Needing, new { id, provider });
            foreach (var service in stopped)
            {
                await tx.ChangeOne("delete from marketplace.service_resources where service_id = @service and resource_id = @id", new { service = service.Id, id });
                await tx.ChangeOne("update marketplace.services set active = false, revision = revision + 1 where id = @service and revision = @Revision", new { service = service.Id, service.Revision });
                await tx.Audit(caller, "service.lost_resource", "service", service.Id.ToString(), before: new { service.Active, resource = id }, after: new { Active = false });
                await Notify.Person(tx, service.ProviderAccountId, "service_lost_resource", new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["service"] = service.Name, ["resource"] = resource.Name, ["link"] = $"/desk/services/{service.Id}",
                }, uniqueKey: $"{service.Id}:{id}:{service.Revision}");
            }
            await tx.Audit(caller, "resource.share_ended", "resource", id.ToString(), before: new { provider }, after: new { services = stopped.Count });
            return default(Done);
        }, stop);
        return done.Refusal is { } refusal ? refusal : await EditResource.Read(database, caller, id, stop);
    }

    private const string Needing = ServiceRows.Select + """
         where s.provider_id = @provider and exists (select 1 from marketplace.service_resources n where n.service_id = s.id and n.resource_id = @id) order by s.id for update of s limit 200
        """;
}
