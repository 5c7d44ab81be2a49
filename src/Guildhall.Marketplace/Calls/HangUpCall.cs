using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Calls;

/// <summary>Either side ends the call. Before it was taken, that is giving up by whoever called and declining by whoever was called. Of a call that is over nothing changes.</summary>
public static class HangUpCall
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/calls/{id}/actions/hang-up", async (CallId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp())
        .WithName(nameof(HangUpCall)).RequiresSignIn().Produces<CallView>();

    public static async Task<Result<CallView>> Run(Database database, Caller caller, CallId id, CancellationToken stop)
    {
        if (await CallRows.Find(database, id, stop) is not { } seen || !seen.Has(caller)) return MarketplaceRefusals.CallNotFound;
        await database.InTransaction<Result<Done>>(async tx =>
        {
            await CallRoom.Enter(tx, seen.BookingId);
            var call = await tx.Get<CallView>(CallRows.Select + " where k.id = @id", new { id });
            if (!call.IsLive()) return default(Done);
            var state = call.State == CallState.Accepted ? CallState.Ended : caller.Is(call.CalleeId) ? CallState.Declined : CallState.Cancelled;
            await CallRoom.End(tx, call, state, caller.AccountId, tx.Now);
            await tx.Audit(caller, "call.ended", "booking", call.BookingId.ToString(), after: new { call = id, state });
            return default(Done);
        }, stop);
        return (await CallRows.Find(database, id, stop))!;
    }
}
