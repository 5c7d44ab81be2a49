using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Availability;
using Guildhall.Marketplace.Packages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Bookings;

/// <summary>The times that a booking can move to: those free for its length, its own time not counted as taken. The customer of a session of a package chooses among the times until its end.</summary>
public static class ListMoveSlots
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/bookings/{id}/slots", async (BookingId id, Caller caller, Database database, CancellationToken stop, string? from = null, int days = 7, string? zone = null) =>
            (await Run(database, caller, id, from, days, zone, stop)).ToHttp())
        .WithName(nameof(ListMoveSlots)).RequiresSignIn().Produces<ListSlots.View>();

    /// <inheritdoc cref="ListSlots.Run"/>
    public static async Task<Result<ListSlots.View>> Run(Database database, Caller caller, BookingId id, string? from, int days, string? zone, CancellationToken stop)
    {
        if (await BookingRows.Find(database, id, stop) is not { } booking || booking.RoleOf(caller) is not { } role || role is BookingRole.Staff) return MarketplaceRefusals.BookingNotFound;
        if (booking.State != BookingState.Confirmed) return MarketplaceRefusals.BookingNotMovable.With(("state", booking.State));
        if (await MoveBooking.Sold(database, booking, stop) is not { } service) return MarketplaceRefusals.ServiceNotFound;
        if (!(await ListSlots.Of(database, service, from, days, zone, id, stop)).Is(out var view, out var refusal)) return refusal;
        var until = role is BookingRole.Customer && booking.PackageSaleId is { } package ? await database.InTransaction(tx => PackageSales.ValidUntil(tx, package), stop) : DateTimeOffset.MaxValue;
        return view with { Days = [.. view.Days.Select(day => day with { Slots = [.. day.Slots.Where(slot => slot.Start != booking.StartsAt && slot.Start <= until)] })] };
    }
}
