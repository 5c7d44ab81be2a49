using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Absences;
using Guildhall.Money.Orders;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Bookings;

/// <summary>What cancelling now would do; <see cref="CancelBooking"/> does exactly this or says that it has changed.</summary>
public static class ReadCancellation
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/bookings/{id}/cancellation", async (BookingId id, Caller caller, Database database, CancellationToken stop) =>
            (await Run(database, caller, id, stop)).ToHttp())
        .WithName(nameof(ReadCancellation)).RequiresSignIn().Produces<CancellationTerms>();

    public static Task<Result<CancellationTerms>> Run(Database database, Caller caller, BookingId id, CancellationToken stop) =>
        database.InTransaction<Result<CancellationTerms>>(async tx =>
        {
            if (await BookingRows.Find(tx, id) is not { } booking || booking.RoleOf(caller) is not { } role || role is BookingRole.Staff) return MarketplaceRefusals.BookingNotFound;
            if (booking.State is not (BookingState.Held or BookingState.Confirmed)) return MarketplaceRefusals.BookingNotCancellable.With(("state", booking.State));
            if (role == BookingRole.Customer && await AbsenceRows.IsOpen(tx, id)) return MarketplaceRefusals.AbsenceOpen;
            return await CancellationTerms.Of(tx, booking, (await Orders.Find(database, booking.OrderId, stop))!.Total, role, await BookingRows.StepOf(tx, booking));
        }, stop);
}
