using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Bookings;

/// <summary>Every booking, for staff, newest first, 50 at a time.</summary>
public static class ListAllBookings
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/admin/bookings", async (Caller caller, Database database, CancellationToken stop, string? state = null, string? after = null) =>
            (await Run(database, caller, state, after, stop)).ToHttp())
        .WithName(nameof(ListAllBookings)).Requires(MarketplacePermissions.BookingView).Produces<BookingPage>();

    public static async Task<Result<BookingPage>> Run(Database database, Caller caller, string? state, string? after, CancellationToken stop)
    {
        if (!PageArgs.Read(state, after).Is(out var page, out var refusal)) return refusal;
        var rows = await database.List<Booking>(All, new { page.State, page.After, limit = BookingViews.PageSize + 1 }, stop);
        return await BookingViews.Page(database, caller, rows, stop);
    }

    private const string All = BookingRows.Select + """
         where (@State is null or b.state = @State) and (@After is null or b.id < @After) order by b.id desc limit @limit
        """;
}
