using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Availability;
using Guildhall.Marketplace.Catalog;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Bookings;

/// <summary>The same service once more: what it costs today and the next free times, with the first on the weekday and at the hour of the booking that is over. One of them is held by <see cref="HoldSlot"/>.</summary>
public static class BookAgain
{
    private const int Days = 28, Next = 3;

    /// <param name="Service">As it is sold today; price and terms of the booking that is over bind nobody.</param>
    /// <param name="AsBefore">The first free time on the same weekday at the same hour of the provider's clock; null when there is none in four weeks.</param>
    /// <param name="Times">The next free ones, without it.</param>
    public sealed record View(ServiceView Service, ListSlots.Slot? AsBefore, IReadOnlyList<ListSlots.Slot> Times);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/bookings/{id}/again", async (BookingId id, Caller caller, Database database, CancellationToken stop, string? zone = null) => (await Run(database, caller, id, zone, stop)).ToHttp())
        .WithName(nameof(BookAgain)).RequiresSignIn().Produces<View>();

    /// <param name="zone">The reader's; the provider's when null.</param>
    public static async Task<Result<View>> Run(Database database, Caller caller, BookingId id, string? zone, CancellationToken stop)
    {
        if (await BookingRows.Find(database, id, stop) is not { } booking || booking.RoleOf(caller) is not { } role || role is BookingRole.Staff) return MarketplaceRefusals.BookingNotFound;
        if (role != BookingRole.Customer) return MarketplaceRefusals.OnlyTheCustomer;
        if (booking.State is BookingState.Held or BookingState.Confirmed) return MarketplaceRefusals.BookingNotOver.With(("state", booking.State));
        if (await ReadService.Find(database, booking.ServiceId, stop) is not { IsOffered: true } service) return MarketplaceRefusals.ServiceNotFound;
        if (!(await ListSlots.Of(database, service, from: null, Days, zone, except: null, stop)).Is(out var free, out var refusal)) return refusal;
        var slots = free.Days.SelectMany(day => day.Slots).ToArray();
        var same = slots.FirstOrDefault(slot => HourOfWeek(slot.ProviderLocal) == HourOfWeek(booking.WallTime));
        return new View(service.ToView(), same, [.. slots.Where(slot => slot != same).Take(Next)]);
    }

    // Both texts begin like 2026-11-21T18:30.
    private static (DayOfWeek, string) HourOfWeek(string wall) => (DateOnly.ParseExact(wall.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture).DayOfWeek, wall.Substring(11, 5));
}
