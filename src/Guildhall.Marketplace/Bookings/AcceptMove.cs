using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Bookings;

/// <summary>The customer agrees to the time that the provider moved the booking to: the terms of the sale hold again. Agreeing twice is agreeing once.</summary>
public static class AcceptMove
{
    public sealed record Body(int Revision);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/bookings/{id}/actions/accept-move", async (BookingId id, Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, body, stop)).ToHttp())
        .WithName(nameof(AcceptMove)).RequiresSignIn().Idempotent().Produces<BookingView>();

    public static async Task<Result<BookingView>> Run(Database database, Caller caller, BookingId id, Body body, CancellationToken stop)
    {
        var done = await database.InTransaction(tx => Accept(tx, caller, id, body.Revision), stop);
        if (done.Refusal == MarketplaceRefusals.BookingChanged) return MarketplaceRefusals.BookingChanged.With(("booking", (await ReadBooking.Run(database, caller, id, stop)).Value));
        return done.Refusal is { } refusal ? refusal : await ReadBooking.Run(database, caller, id, stop);
    }

    private static async Task<Result<Done>> Accept(Transaction tx, Caller caller, BookingId id, int revision)
    {
        if (await BookingRows.Lock(tx, id) is not { } booking || booking.RoleOf(caller) is not { } role || role is BookingRole.Staff) return MarketplaceRefusals.BookingNotFound;
        if (role != BookingRole.Customer) return MarketplaceRefusals.OnlyTheCustomer;
        if (booking.State != BookingState.Confirmed) return MarketplaceRefusals.BookingNotConfirmed.With(("state", booking.State));
        if (!booking.UnansweredMove) return default(Done);
        if (booking.Revision != revision) return MarketplaceRefusals.BookingChanged;
        await tx.ChangeOne("update marketplace.bookings set unanswered_move = false, revision = revision + 1 where id = @id and unanswered_move and revision = @revision", new { id, revision });
        await tx.ChangeOne(MarkAccepted, new { id, now = tx.Now });
        await tx.Audit(caller, "booking.move_accepted", "booking", id.ToString(), after: new { booking.StartsAt });
        await TellOfMove.Agreed(tx, booking);
        return default(Done);
    }

    private const string MarkAccepted = """
        update marketplace.booking_moves set accepted_at = @now
        where id = (select id from marketplace.booking_moves where booking_id = @id order by revision desc limit 1) and moved_by = 'provider' and accepted_at is null
        """;
}
