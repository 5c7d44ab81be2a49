using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Providers;

/// <summary>Where the caller starts from as provider: searches say how far that is, to 500 metres, and never where. Without a place there is no distance.</summary>
public static class SetPlace
{
    /// <param name="Latitude">Degrees; both or neither.</param>
    public sealed record Body(double? Latitude = null, double? Longitude = null);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/providers/me/place", async (Caller caller, Database database, CancellationToken stop) => (await Read(database, caller, stop)).ToHttp())
            .WithName("ReadPlace").RequiresSignIn().Produces<Body>();
        api.MapPut("/providers/me/place", async (Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, body, stop)).ToHttp())
            .WithName(nameof(SetPlace)).RequiresSignIn().ChecksSessionRow().Produces<Body>();
    }

    public static async Task<Result<Body>> Read(Database database, Caller caller, CancellationToken stop) =>
        await database.Find<Body>("select latitude, longitude from marketplace.providers where account_id = @account", new { account = caller.AccountId }, stop) is { } place
            ? place : MarketplaceRefusals.NotAProvider;

    public static Task<Result<Body>> Run(Database database, Caller caller, Body body, CancellationToken stop) => database.InTransaction<Result<Body>>(async tx =>
    {
        if (body.Latitude is null != body.Longitude is null || body.Latitude is not (null or (>= -90 and <= 90)) || body.Longitude is not (null or (>= -180 and <= 180))) return MarketplaceRefusals.PlaceInvalid;
        if (await ProviderRows.OfCaller(tx, caller) is not { } provider) return MarketplaceRefusals.NotAProvider;
        await tx.ChangeOne("update marketplace.providers set latitude = @Latitude, longitude = @Longitude where id = @Id", new { provider.Id, body.Latitude, body.Longitude });
        await tx.Audit(caller, "provider.place_set", "provider", provider.Id.ToString(), after: new { known = body.Latitude is not null });
        return body;
    }, stop);
}
