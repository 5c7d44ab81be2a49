using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Availability;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Catalog;
using Guildhall.Marketplace.Visits.Travel;
using Guildhall.Marketplace.Visits.Weather;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Visits;

/// <summary>The technician's day: the paid visits of the caller as provider in their order, in the provider's zone.</summary>
public static class ReadVisitDay
{
    public sealed record View(DateOnly Date, string Zone, IReadOnlyList<Stop> Visits);

    /// <param name="Way">How long it takes from the visit before, with who says so; null for the first, and when one of the two addresses has no point.</param>
    /// <param name="Weather">What is expected there, or why nobody says.</param>
    public sealed record Stop(BookingView Booking, VisitView Visit, TravelTime? Way, VisitWeather Weather);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/providers/me/visits", async (Caller caller, Database database, TravelTimes travel, Forecasts forecasts, CancellationToken stop, string? date = null) => (await Run(database, travel, forecasts, caller, date, stop)).ToHttp())
        .WithName(nameof(ReadVisitDay)).RequiresSignIn().Produces<View>();

    /// <param name="date">Such as <c>2026-11-21</c>; today when null.</param>
    public static async Task<Result<View>> Run(Database database, TravelTimes travel, Forecasts forecasts, Caller caller, string? date, CancellationToken stop)
    {
        if (!(await ReadAgenda.OfDay(database, caller, date, stop)).Is(out var day, out var refusal)) return refusal;
        Booking[] visits = [.. day.Rows.Where(b => b.Kind == ServiceKind.Visit && b.State is BookingState.Confirmed or BookingState.Completed)];
        var (bookings, views) = (await BookingViews.Show(database, caller, visits, stop), await VisitViews.Show(database, caller, visits, stop));
        var weather = forecasts.Of(database, [.. visits.Zip(views, (booking, visit) => (visit.Point, booking.StartsAt, booking.EndsAt))], stop);
        var ways = await travel.Of(database, [.. views.Select((visit, at) => at == 0 ? null : Way(views[at - 1], visit))], stop);
        var skies = await weather;
        return new View(day.Date, day.Zone, [.. bookings.Select((booking, at) => new Stop(booking, views[at], ways[at], skies[at]))]);
    }

    private static (MapPlace From, MapPlace To)? Way(VisitView before, VisitView visit) => before.Point is { } from && visit.Point is { } to ? (from, to) : null;
}
