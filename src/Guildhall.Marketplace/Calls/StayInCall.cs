using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Calls;

/// <summary>A sign of life of somebody in a call that was taken: the first one joins, every other renews; their browser sends one every five seconds to any node. Who was silent for fifteen
/// seconds had left at the sign before, and joins anew.</summary>
public static class StayInCall
{
    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/calls/{id}/actions/here", async (CallId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp())
            .WithName(nameof(StayInCall)).RequiresSignIn().Produces(204);
        api.MapPost("/calls/{id}/actions/leave", async (CallId id, Caller caller, Database database, CancellationToken stop) => (await Leave(database, caller, id, stop)).ToHttp())
            .WithName("LeaveCall").RequiresSignIn().Produces(204);
    }

    public static async Task<Result<Done>> Run(Database database, Caller caller, CallId id, CancellationToken stop)
    {
        if (await CallRows.Find(database, id, stop) is not { } seen || !seen.Has(caller)) return MarketplaceRefusals.CallNotFound;
        var me = caller.AccountId!.Value;
        return await database.InTransaction<Result<Done>>(async tx =>
        {
            if (await tx.ChangeNow(Renew, new { id, me, now = tx.Now, since = tx.Now - CallRoom.Silence }) == 1) return default(Done);
            await CallRoom.Enter(tx, seen.BookingId);
            var call = await tx.Get<CallView>(CallRows.Select + " where k.id = @id", new { id });
            if (call.State != CallState.Accepted) return MarketplaceRefusals.CallOver.With(("state", call.State));
            if ((await BookingRows.Find(tx, call.BookingId))!.State != BookingState.Confirmed) return MarketplaceRefusals.CallOver.With(("state", CallState.Ended));
            if (await CallRoom.Of(tx, id, me) is not null) return default(Done); // another window of theirs was faster
            await tx.ChangeOne(Join, new { presence = Guid.CreateVersion7(tx.Now), call.BookingId, id, me, now = tx.Now });
            await CallRoom.Note(tx, call, CallEventKind.Joined, me, tx.Now);
            return default(Done);
        }, stop);
    }

    /// <summary>The person closes the page; the call stays until the other leaves too, so that whoever comes back is in it again.</summary>
    public static async Task<Result<Done>> Leave(Database database, Caller caller, CallId id, CancellationToken stop)
    {
        if (await CallRows.Find(database, id, stop) is not { } seen || !seen.Has(caller)) return MarketplaceRefusals.CallNotFound;
        var me = caller.AccountId!.Value;
        return await database.InTransaction<Result<Done>>(async tx =>
        {
            await CallRoom.Enter(tx, seen.BookingId);
            if (await CallRoom.Of(tx, id, me) is not { } there) return default(Done);
            await tx.ChangeOne("update marketplace.call_presences set seen_at = greatest(seen_at, @now) where id = @Id and left_at is null", new { there.Id, now = tx.Now });
            await CallRoom.Leave(tx, seen, there with { SeenAt = tx.Now });
            return default(Done);
        }, stop);
    }

    // Time never runs backwards in a presence, whichever node writes.
    private const string Renew = """
        update marketplace.call_presences set seen_at = greatest(seen_at, @now) where call_id = @id and person_id = @me and left_at is null and seen_at > @since
        """;

    private const string Join = """
        insert into marketplace.call_presences (id, booking_id, call_id, person_id, joined_at, seen_at) values (@presence, @BookingId, @id, @me, @now, @now)
        """;
}
