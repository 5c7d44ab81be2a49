using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Availability;

/// <summary>Removes an exception of the caller's: the date has the hours of its weekday again.</summary>
public static class RemoveException
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapDelete("/providers/me/exceptions/{id}", async (ExceptionId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp())
        .WithName(nameof(RemoveException)).RequiresSignIn().Produces(204);

    public static Task<Result<Done>> Run(Database database, Caller caller, ExceptionId id, CancellationToken stop) => database.InTransaction<Result<Done>>(async tx =>
    {
        if (await ProviderRows.OfCaller(tx, caller) is not { } provider) return MarketplaceRefusals.NotAProvider;
        if (await tx.ChangeNow("delete from marketplace.hour_exceptions where id = @id and provider_id = @provider", new { id, provider = provider.Id }) == 0) return MarketplaceRefusals.ExceptionNotFound;
        await tx.Audit(caller, "hours.exception_removed", "provider", provider.Id.ToString(), before: new { id });
        return default(Done);
    }, stop);
}
