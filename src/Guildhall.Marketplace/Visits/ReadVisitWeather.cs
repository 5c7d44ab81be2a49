using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Catalog;
using Guildhall.Marketplace.Visits.Weather;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Visits;

/// <summary>The weather that is expected at a visit, for whoever sees its address; or why nobody says.</summary>
public static class ReadVisitWeather
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/bookings/{id}/visit/weather", async (BookingId id, Caller caller, Database database, Forecasts forecasts, CancellationToken stop) => (await Run(database, forecasts, caller, id, stop)).ToHttp())
        .WithName(nameof(ReadVisitWeather)).RequiresSignIn().Produces<VisitWeather>();

    public static async Task<Result<VisitWeather>> Run(Database database, Forecasts forecasts, Caller caller, BookingId id, CancellationToken stop)
    {
        if (await BookingRows.Find(database, id, stop) is not { } booking || booking.RoleOf(caller) is null) return MarketplaceRefusals.BookingNotFound;
        if (booking.Kind != ServiceKind.Visit) return MarketplaceRefusals.NotAVisit;
        if (booking.State is not (BookingState.Held or BookingState.Confirmed)) return VisitWeather.OutOfRange;
        var visit = (await VisitViews.Show(database, caller, [booking], stop))[0];
        return (await forecasts.Of(database, [(visit.Point, booking.StartsAt, booking.EndsAt)], stop))[0];
    }
}
