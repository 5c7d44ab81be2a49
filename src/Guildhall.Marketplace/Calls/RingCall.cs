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

/// <summary>One side of a paid booking calls the other around its time. Where both ring at once there is one call: the second gets the first's. It rings for 45 seconds.</summary>
public static class RingCall
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/bookings/{id}/calls", async (BookingId id, Caller caller, Database database, RateLimits limits, CancellationToken stop) => (await Run(database, limits, caller, id, stop)).ToHttp(success: 201))
        .WithName(nameof(RingCall)).RequiresSignIn().Produces<CallView>(201);

    public static async Task<Result<CallView>> Run(Database database, RateLimits limits, Caller caller, BookingId id, CancellationToken stop)
    {
        if (await limits.Hit($"ring:{caller.AccountId:n}", 10 * limits.Factor, 60, stop) is { } wait) return FoundationRefusals.RateLimited with { RetryAfterSeconds = wait };
        return await database.InTransaction(tx => Ring(tx, caller, id), stop);
    }

    private static async Task<Result<CallView>> Ring(Transaction tx, Caller caller, BookingId id)
    {
        if (await BookingRows.Find(tx, id) is not { } seen || seen.RoleOf(caller) is not (BookingRole.Customer or BookingRole.Provider)) return MarketplaceRefusals.BookingNotFound;
        if (seen.ConfirmedAt is null) return MarketplaceRefusals.BookingNotConfirmed.With(("state", seen.State));
        await CallRoom.Enter(tx, id);
        var booking = (await BookingRows.Find(tx, id))!;
        if (booking.State != BookingState.Confirmed) return MarketplaceRefusals.BookingNotConfirmed.With(("state", booking.State));
        var (from, until) = CallRoom.Window(booking);
        if (tx.Now < from || tx.Now >= until) return MarketplaceRefusals.CallNotNow.With(("from", from), ("until", until));
        if (await CallRows.Live(tx, id) is { } live) return live;

        var (me, them) = booking.RoleOf(caller) == BookingRole.Customer ? (booking.CustomerId, booking.ProviderAccountId) : (booking.ProviderAccountId, booking.CustomerId);
        var call = new CallView(tx.NewId<CallId>(), id, me, them, CallState.Ringing, tx.Now, null, null);
        await tx.ChangeOne(Insert, new { call.Id, call.BookingId, me, them, now = tx.Now });
        await CallRoom.Note(tx, call, CallEventKind.Rang, me, tx.Now);
        await tx.Audit(caller, "call.rang", "booking", id.ToString(), after: new { call = call.Id });
        return call;
    }

    private const string Insert = """
        insert into marketplace.calls (id, booking_id, caller_id, callee_id, state, rung_at) values (@Id, @BookingId, @me, @them, 'ringing', @now)
        """;
}
