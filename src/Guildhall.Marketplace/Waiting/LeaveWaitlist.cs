using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Waiting;

/// <summary>Waits no longer: the entry is gone.</summary>
public static class LeaveWaitlist
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapDelete("/waiting/{id}", async (WaitId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp())
        .WithName(nameof(LeaveWaitlist)).RequiresSignIn();

    public static Task<Result<Done>> Run(Database database, Caller caller, WaitId id, CancellationToken stop) => database.InTransaction<Result<Done>>(async tx =>
    {
        if (await tx.ChangeNow("delete from marketplace.waits where id = @id and customer_id = @AccountId", new { id, caller.AccountId }) == 0) return MarketplaceRefusals.WaitNotFound;
        await tx.Audit(caller, "waiting.left", "wait", id.ToString());
        return default(Done);
    }, stop);
}
