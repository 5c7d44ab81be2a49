using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Catalog;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using NodaTime;

namespace Guildhall.Marketplace.Availability;

/// <summary>What keeps a time from being offered. <c>Taken</c> and <c>OutsideHours</c> are all that a customer is told of what stands in the provider's own calendar.</summary>
public enum SlotObstacle { NotOnSale, Past, Notice, Horizon, Closed, OutsideHours, TooLong, OffGrid, Taken, Booked, Held, Buffer, Calendar, CalendarUnknown, Travel }

/// <summary>Why is this time not free? Every reason there is, by the rules that <see cref="FreeSlots"/> goes by. Provider and staff see which rule, exception, booking
/// or calendar it is; a customer only what the list of slots tells as well.</summary>
public static class ExplainSlot
{
    /// <param name="From">From when the reason holds: of a booking, a buffer, a busy time; the earliest time by the notice.</param>
    /// <param name="Until">Until when; of the horizon: its end; of a hold: when it runs out.</param>
    /// <param name="Says">The hours of that date, the note of the exception, the service that is booked, the calendar's name.</param>
    /// <param name="Booking">Null when it is a colleague's, who has taken something that both of you use.</param>
    /// <param name="Resources">What the service needs besides its provider and does not have then, by name; null when it is the provider alone.</param>
    public sealed record Reason(SlotObstacle Kind, DateTimeOffset? From = null, DateTimeOffset? Until = null, string? Says = null, BookingId? Booking = null, IReadOnlyList<string>? Resources = null);

    /// <param name="Local">The start on the provider's wall clock, with its offset.</param>
    /// <param name="Next">The next time that is free, within 28 days.</param>
    public sealed record View(ServiceId Service, DateTimeOffset Start, string Local, bool IsFree, IReadOnlyList<Reason> Reasons, DateTimeOffset? Next);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/services/{id}/slots/why", async (ServiceId id, string? at, Caller caller, Database database, CancellationToken stop, BookingId? booking = null) => (await Run(database, caller, id, at, stop, booking)).ToHttp())
        .WithName(nameof(ExplainSlot)).RequiresSignIn().Produces<View>();

    /// <param name="at">An instant such as <c>2026-11-21T15:30:00Z</c>; without an offset a wall time of the provider's zone.</param>
    /// <param name="booking">A booking of the service that would move there: what it takes now is free to it, and the way to and from its address counts.</param>
    public static async Task<Result<View>> Run(Database database, Caller caller, ServiceId id, string? at, CancellationToken stop, BookingId? booking = null)
    {
        if (await ReadService.Find(database, id, stop) is not { } service) return MarketplaceRefusals.ServiceNotFound;
        var knows = caller.Is(service.ProviderAccountId) || caller.May(MarketplacePermissions.BookingView);
        if (!service.IsOffered && !knows) return MarketplaceRefusals.ServiceNotFound;
        var zone = Zones.Get(service.ProviderZone);
        if (!Zones.ParseStart(at, zone).Is(out var start, out var refusal)) return refusal;

        if (booking is { } moving)
        {
            if (await BookingRows.Find(database, moving, stop) is not { } seen || seen.RoleOf(caller) is null || seen.ServiceId != id) return MarketplaceRefusals.BookingNotFound;
            if (await MoveBooking.Sold(database, seen, stop) is { } sold) service = sold;
        }
        var reasons = await SlotObstacles.Of(database, service, start, stop, booking);
        var next = service.IsOffered ? await FreeSlots.Find(database, service, start + Duration.FromTicks(1), start + Duration.FromDays(28), booking, stop) : [];
        return new View(id, start.ToDateTimeOffset(), Zones.Text(start.InZone(zone)), reasons.Count == 0, knows ? reasons : ForCustomer(reasons),
            next.Count == 0 ? null : next[0].ToDateTimeOffset());
    }

    internal static List<Reason> ForCustomer(IReadOnlyList<Reason> reasons) => [.. reasons.Select(reason => reason.Kind switch
    {
        SlotObstacle.Past or SlotObstacle.Notice or SlotObstacle.Horizon => reason,
        SlotObstacle.NotOnSale or SlotObstacle.Closed or SlotObstacle.OutsideHours or SlotObstacle.TooLong or SlotObstacle.OffGrid => new Reason(SlotObstacle.OutsideHours),
        _ => new Reason(SlotObstacle.Taken),
    }).Distinct()];
}
