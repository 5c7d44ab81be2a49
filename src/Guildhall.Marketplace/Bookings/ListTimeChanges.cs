using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Bookings;

/// <summary>For staff: bookings to which a change of a time zone's rules did something, newest first, at most 200. Those left where they are need somebody to decide.</summary>
public static class ListTimeChanges
{
    /// <param name="WallTime">What the clock of <paramref name="Zone"/> was promised to show.</param>
    /// <param name="DueAt">When it shows that by the rules of today, or when the clocks go on where they skip it.</param>
    public sealed record Item(BookingId Booking, string ServiceName, string Zone, string WallTime, DateTimeOffset WasAt, DateTimeOffset DueAt, TimeChangeOutcome Outcome, DateTimeOffset FoundAt);

    public sealed record View(IReadOnlyList<Item> Items);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/admin/time-changes", async (Database database, CancellationToken stop) => Results.Ok(await Run(database, stop)))
        .WithName(nameof(ListTimeChanges)).Requires(MarketplacePermissions.BookingView).Produces<View>();

    public static async Task<View> Run(Database database, CancellationToken stop) => new(await database.List<Item>(Newest, stop: stop));

    private const string Newest = """
        select t.booking_id as booking, b.service_name, b.zone, to_char(b.wall_time, 'YYYY-MM-DD"T"HH24:MI:SS') as wall_time, t.was_at, t.due_at, t.outcome, t.found_at
        from marketplace.time_changes t join marketplace.bookings b on b.id = t.booking_id order by t.found_at desc, t.booking_id limit 200
        """;
}
