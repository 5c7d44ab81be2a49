using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Reminders;

/// <summary>The reminders of a booking, for staff: what was sent, and what was not and why.</summary>
public static class ListReminders
{
    public sealed record Page(IReadOnlyList<ReminderView> Items);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/admin/bookings/{id}/reminders", async (BookingId id, Database database, CancellationToken stop) => (await Run(database, id, stop)).ToHttp())
        .WithName(nameof(ListReminders)).Requires(MarketplacePermissions.BookingView).Produces<Page>();

    // Four of each time that the booking had.
    public static async Task<Result<Page>> Run(Database database, BookingId id, CancellationToken stop) =>
        new Page(await database.List<ReminderView>(ReminderRows.Select + " where r.booking_id = @id order by r.due_at, r.revision, r.person_id limit 200", new { id }, stop));
}
