using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Operations.SavedFilters;

/// <summary>saved → gone. One of somebody else is not there.</summary>
public static class ForgetFilter
{
    internal static void Map(IEndpointRouteBuilder filters) => filters
        .MapDelete("/{id}", async (SavedFilterId id, Caller caller, Database database, CancellationToken stop) => (await database.InTransaction(tx => Run(tx, caller, id), stop)).ToHttp())
        .WithName(nameof(ForgetFilter)).Requires(OperationsPermissions.DashboardView).Produces(204);

    public static async Task<Result<Done>> Run(Transaction tx, Caller caller, SavedFilterId id)
    {
        if (await tx.ChangeNow("delete from operations.saved_filters where id = @id and account_id = @owner", new { id, owner = caller.AccountId }) == 0) return OperationsRefusals.FilterNotFound;
        await tx.Audit(caller, "saved_filter.forgotten", "saved_filter", id.ToString());
        return new Done();
    }
}
