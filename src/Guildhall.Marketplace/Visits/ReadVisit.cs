using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Catalog;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Visits;

/// <summary>The visit of a booking with everything that happened on it. The customer finds the check-in code here.</summary>
public static class ReadVisit
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/bookings/{id}/visit", async (BookingId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp())
        .WithName(nameof(ReadVisit)).RequiresSignIn().Produces<VisitView>();

    public static async Task<Result<VisitView>> Run(Database database, Caller caller, BookingId id, CancellationToken stop)
    {
        if (await BookingRows.Find(database, id, stop) is not { } booking || booking.RoleOf(caller) is null) return MarketplaceRefusals.BookingNotFound;
        if (booking.Kind != ServiceKind.Visit) return MarketplaceRefusals.NotAVisit;
        return (await VisitViews.Show(database, caller, [booking], stop))[0] with { Events = await Events(database, id, stop) };
    }

    internal static Task<IReadOnlyList<VisitEvent>> Events(Database database, BookingId id, CancellationToken stop) => database.List<VisitEvent>(EventsSql, new { id }, stop);

    private const string EventsSql = "select kind, at, by_id, arrival_at from marketplace.visit_events where booking_id = @id order by id limit 100";
}
