using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Bookings;

/// <summary>One booking, for its customer, its provider and staff; a stranger is told that there is none.</summary>
public static class ReadBooking
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/bookings/{id}", async (BookingId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp())
        .WithName(nameof(ReadBooking)).RequiresSignIn().Produces<BookingView>();

    public static async Task<Result<BookingView>> Run(Database database, Caller caller, BookingId id, CancellationToken stop)
    {
        if (await BookingRows.Find(database, id, stop) is not { } booking || booking.RoleOf(caller) is null) return MarketplaceRefusals.BookingNotFound;
        return (await BookingViews.Show(database, caller, [booking], stop))[0];
    }
}
