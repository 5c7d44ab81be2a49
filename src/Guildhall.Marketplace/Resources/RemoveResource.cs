using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Resources;

/// <summary>Takes a resource away once no service needs it, the owner's or a colleague's. Bookings that were sold with it keep its time.</summary>
public static class RemoveResource
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapDelete("/providers/me/resources/{id}", async (ResourceId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp())
        .WithName(nameof(RemoveResource)).RequiresSignIn().ChecksSessionRow();

    public static Task<Result<Done>> Run(Database database, Caller caller, ResourceId id, CancellationToken stop) => database.InTransaction<Result<Done>>(async tx =>
    {
        if (await ProviderRows.OfCaller(tx, caller) is not { } provider) return MarketplaceRefusals.NotAProvider;
        if (await ResourceRows.Lock(tx, provider.Id, id) is not { } resource) return MarketplaceRefusals.ResourceNotFound;
        if (await tx.Get<long>("select count(*) from marketplace.service_resources where resource_id = @id", new { id }) is > 0 and var needed) return MarketplaceRefusals.ResourceNeeded.With(("services", needed));
        await tx.Change("delete from marketplace.resource_shares where resource_id = @id", new { id });
        await tx.ChangeOne("update marketplace.resources set removed_at = @now, revision = revision + 1 where id = @id and removed_at is null", new { id, now = tx.Now });
        await tx.Audit(caller, "resource.removed", "resource", id.ToString(), before: new { resource.Name });
        return default(Done);
    }, stop);
}
