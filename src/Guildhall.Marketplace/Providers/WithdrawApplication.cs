using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Providers;

/// <summary>submitted → withdrawn, by the applicant.</summary>
public static class WithdrawApplication
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/provider-applications/{id}/actions/withdraw", async (ProviderApplicationId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp())
        .WithName(nameof(WithdrawApplication)).RequiresSignIn().ChecksSessionRow();

    public static async Task<Result<Done>> Run(Database database, Caller caller, ProviderApplicationId id, CancellationToken stop)
    {
        var refusal = await database.InTransaction<Refusal?>(async tx =>
        {
            var application = await Applications.Lock(tx, id);
            if (application is null || !caller.Is(application.Account)) return MarketplaceRefusals.ApplicationNotFound;
            if (application.State is not ApplicationState.Submitted) return MarketplaceRefusals.ApplicationDecided;
            await tx.ChangeOne("update marketplace.provider_applications set state = 'withdrawn', ended_at = @now where id = @id and state = 'submitted'", new { id, now = tx.Now });
            await tx.Audit(caller, "provider_application.withdrawn", "provider_application", id.ToString(), before: new { application.State }, after: new { state = ApplicationState.Withdrawn });
            return null;
        }, stop);
        return refusal is null ? new Done() : refusal;
    }
}
