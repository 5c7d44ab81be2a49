using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Bookings;

/// <summary>The caller's bookings as customer and as provider, newest first, 50 at a time.</summary>
public static class ListBookings
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/bookings", async (Caller caller, Database database, CancellationToken stop, string? role = null, string? state = null, string? after = null) =>
            (await Run(database, caller, role, state, after, stop)).ToHttp())
        .WithName(nameof(ListBookings)).RequiresSignIn().Produces<BookingPage>();

    /// <param name="role"><c>customer</c>, <c>provider</c> or null for both.</param>
    /// <param name="state">One state, or null for all.</param>
    /// <param name="after">The <c>next</c> of the page before.</param>
    public static async Task<Result<BookingPage>> Run(Database database, Caller caller, string? role, string? state, string? after, CancellationToken stop)
    {
        if (role is not (null or "" or "customer" or "provider")) return FoundationRefusals.InvalidInput.With(("field", "role"));
        if (!PageArgs.Read(state, after).Is(out var page, out var refusal)) return refusal;
        var rows = await database.List<Booking>(Mine, new
        {
            me = caller.AccountId, asCustomer = role is not "provider", asProvider = role is not "customer", page.State, page.After, limit = BookingViews.PageSize + 1,
        }, stop);
        return await BookingViews.Page(database, caller, rows, stop);
    }

    private const string Mine = BookingRows.Select + """
         where ((@asCustomer and b.customer_id = @me) or (@asProvider and b.provider_account_id = @me))
            and (@State is null or b.state = @State) and (@After is null or b.id < @After)
        order by b.id desc limit @limit
        """;
}
