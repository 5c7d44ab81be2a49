using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Series;

/// <summary>A series with all of its bookings, for its customer, its provider and staff; a stranger is told that there is none.</summary>
public static class ReadSeries
{
    /// <param name="Bookings">In order. Those that are held are paid by their <c>HoldUntil</c>.</param>
    public sealed record View(SeriesId Id, int EveryWeeks, string Zone, IReadOnlyList<BookingView> Bookings);

    private sealed record Row(int EveryWeeks, string Zone);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/series/{id}", async (SeriesId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp())
        .WithName(nameof(ReadSeries)).RequiresSignIn().Produces<View>();

    public static async Task<Result<View>> Run(Database database, Caller caller, SeriesId id, CancellationToken stop)
    {
        var rows = await database.List<Booking>(BookingRows.Select + " where b.series_id = @id order by b.series_no limit 30", new { id }, stop);
        if (rows.Count == 0 || rows[0].RoleOf(caller) is null) return MarketplaceRefusals.SeriesNotFound;
        var series = (await database.Find<Row>("select every_weeks, zone from marketplace.series where id = @id", new { id }, stop))!;
        return new View(id, series.EveryWeeks, series.Zone, await BookingViews.Show(database, caller, rows, stop));
    }
}
