using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Calls;

/// <summary>Whoever is called takes the call or declines it; doing the same twice is doing it once.</summary>
public static class AnswerCall
{
    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/calls/{id}/actions/accept", async (CallId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, accept: true, stop)).ToHttp())
            .WithName("AcceptCall").RequiresSignIn().Produces<CallView>();
        api.MapPost("/calls/{id}/actions/decline", async (CallId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, accept: false, stop)).ToHttp())
            .WithName("DeclineCall").RequiresSignIn().Produces<CallView>();
    }

    public static async Task<Result<CallView>> Run(Database database, Caller caller, CallId id, bool accept, CancellationToken stop)
    {
        if (await CallRows.Find(database, id, stop) is not { } seen || !seen.Has(caller)) return MarketplaceRefusals.CallNotFound;
        if (!caller.Is(seen.CalleeId)) return MarketplaceRefusals.CallNotYours;
        var done = await database.InTransaction(tx => Answer(tx, caller, seen, accept), stop);
        return done.Refusal is { } refusal ? refusal : (await CallRows.Find(database, id, stop))!;
    }

    private static async Task<Result<Done>> Answer(Transaction tx, Caller caller, CallView seen, bool accept)
    {
        await CallRoom.Enter(tx, seen.BookingId);
        var call = await tx.Get<CallView>(CallRows.Select + " where k.id = @Id", new { seen.Id });
        if (call.State == (accept ? CallState.Accepted : CallState.Declined)) return default(Done);
        if (call.State != CallState.Ringing) return MarketplaceRefusals.CallOver.With(("state", call.State));
        // One that was rung while its booking was being cancelled rings to its end.
        if (accept && (await BookingRows.Find(tx, call.BookingId))!.State != BookingState.Confirmed) return MarketplaceRefusals.CallOver.With(("state", CallState.Cancelled));
        if (accept)
        {
            await tx.ChangeOne("update marketplace.calls set state = 'accepted', answered_at = @now where id = @Id and state = 'ringing'", new { call.Id, now = tx.Now });
            await CallRoom.Note(tx, call, CallEventKind.Accepted, call.CalleeId, tx.Now);
        }
        else await CallRoom.End(tx, call, CallState.Declined, call.CalleeId, tx.Now);
        await tx.Audit(caller, accept ? "call.accepted" : "call.declined", "booking", call.BookingId.ToString(), after: new { call = call.Id });
        return default(Done);
    }
}
