using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Availability;
using Guildhall.Marketplace.Catalog;
using Guildhall.Marketplace.Packages;
using Guildhall.Marketplace.Providers;
using Guildhall.Marketplace.Reminders;
using Guildhall.Marketplace.Visits.Travel;
using Guildhall.Marketplace.Waiting;
using Guildhall.Money.Orders;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using NodaTime;

namespace Guildhall.Marketplace.Bookings;

/// <summary>A paid booking gets another time, by customer or provider: price, order and chat are the same. The claim moves in one step, so the old time is owned until
/// the new one is won. Who asks says which revision they saw; the order's lock decides a race, and the later one is told the new state.</summary>
public static class MoveBooking
{
    private const int MaxReason = 500;

    /// <param name="Revision">The booking's revision as it was shown.</param>
    /// <param name="Start">An instant such as <c>2026-11-21T15:30:00Z</c>; without an offset a wall time of the provider's zone.</param>
    public sealed record Body(int Revision, string Start, string? Reason = null);

    private sealed record Wish(BookingRole Side, int Revision, Instant Start, string? Reason);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/bookings/{id}/actions/move", async (BookingId id, Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, body, stop)).ToHttp())
        .WithName(nameof(MoveBooking)).RequiresSignIn().Idempotent().Produces<BookingView>();

    public static async Task<Result<BookingView>> Run(Database database, Caller caller, BookingId id, Body body, CancellationToken stop)
    {
        if (await BookingRows.Find(database, id, stop) is not { } seen || seen.RoleOf(caller) is not { } role || role is BookingRole.Staff) return MarketplaceRefusals.BookingNotFound;
        var reason = string.IsNullOrWhiteSpace(body.Reason) ? null : body.Reason.Trim();
        if (reason is { Length: > MaxReason } || reason?.Any(char.IsControl) == true) return MarketplaceRefusals.ReasonTooLong;
        if (await Sold(database, seen, stop) is not { } service) return MarketplaceRefusals.ServiceNotFound;
        if (!Zones.ParseStart(body.Start, Zones.Get(service.ProviderZone)).Is(out var start, out var refusal)) return refusal;

        var moved = await database.InTransaction(tx => Move(tx, caller, seen, service, new Wish(role, body.Revision, start, reason)), stop);
        var now = await ReadBooking.Run(database, caller, id, stop);
        return moved.Refusal switch
        {
            null => now,
            var no when no == MarketplaceRefusals.BookingChanged => no.With(("booking", now.Value)),
            var no when no == MarketplaceRefusals.SlotUnavailable || no == MarketplaceRefusals.SlotNotOffered || no == MarketplaceRefusals.VisitTooFar
                => no.With(("alternatives", await ListSlots.Alternatives(database, service, start, id, stop))),
            var no => no,
        };
    }

    /// <summary>The service as it was sold: its length, its buffer and what it needs are the booking's, its hours and zone those of today.</summary>
    internal static async Task<Service?> Sold(Database database, Booking booking, CancellationToken stop) => await ReadService.Find(database, booking.ServiceId, stop) is { } service
        ? service with { Minutes = (int)((booking.EndsAt - booking.StartsAt).Ticks / TimeSpan.TicksPerMinute), BufferMinutes = (int)((booking.BusyUntil - booking.EndsAt).Ticks / TimeSpan.TicksPerMinute), Resources = booking.Resources }
        : null;

    private static async Task<Result<Done>> Move(Transaction tx, Caller caller, Booking seen, Service service, Wish wish)
    {
        await Orders.Lock(tx, seen.OrderId);
        var booking = (await BookingRows.Lock(tx, seen.Id))!;
        var move = caller.OperationId is { } operation ? new MoveId(operation) : tx.NewId<MoveId>();
        if (await tx.Get<bool>("select exists (select 1 from marketplace.booking_moves where id = @move)", new { move })) return default(Done); // done before a crash
        if (booking.Revision != wish.Revision) return MarketplaceRefusals.BookingChanged;
        var terms = await MoveTerms.Of(tx, booking, wish.Side);
        if (terms.Objection is { } objection) return objection;
        var startsAt = wish.Start.ToDateTimeOffset();
        if (startsAt == booking.StartsAt) return MarketplaceRefusals.SameTime;
        // The provider may move it beyond, since the customer is asked; the customer may not make a package longer.
        if (wish.Side == BookingRole.Customer && booking.PackageSaleId is { } package && await PackageSales.ValidUntil(tx, package) is var until && startsAt > until) return MarketplaceRefusals.PackageTooShort.With(("validUntil", until));

        await Claims.Lock(tx, booking.Claimed);
        if (service.ProviderState != ProviderState.Active || !await FreeSlots.Offers(tx, service, wish.Start)) return MarketplaceRefusals.SlotNotOffered;
        if (await TravelGaps.PlaceOf(tx, booking) is { } place && !await TravelGaps.Fit(tx, booking, startsAt, place)) return MarketplaceRefusals.VisitTooFar;
        var (endsAt, busyUntil) = (startsAt + (booking.EndsAt - booking.StartsAt), startsAt + (booking.BusyUntil - booking.StartsAt));
        await Claims.ReleaseExpired(tx, booking.Claimed, startsAt, busyUntil);
        if (!await Claims.Move(tx, booking, startsAt, busyUntil)) return MarketplaceRefusals.SlotUnavailable;
        await Write(tx, caller, booking, move, service.ProviderZone, terms, wish);
        return default(Done);
    }

    private static async Task Write(Transaction tx, Caller caller, Booking booking, MoveId move, string zone, MoveTerms terms, Wish wish)
    {
        var (startsAt, by) = (wish.Start.ToDateTimeOffset(), wish.Side == BookingRole.Provider ? MovedBy.Provider : MovedBy.Customer);
        var (endsAt, busyUntil) = (startsAt + (booking.EndsAt - booking.StartsAt), startsAt + (booking.BusyUntil - booking.StartsAt));
        await tx.ChangeOne(MarkMoved, new
        {
            booking.Id, booking.Revision, startsAt, endsAt, busyUntil, zone, wallTime = Zones.WallText(startsAt, zone), unanswered = by == MovedBy.Provider,
            cap = terms.KeepsCapPercent == Policies.CancellationPolicy.Everything ? (int?)null : terms.KeepsCapPercent,
        });
        await tx.ChangeOne(Insert, new { move, booking.Id, revision = booking.Revision + 1, by, from = booking.StartsAt, to = startsAt, wish.Reason, now = tx.Now });
        await tx.Audit(caller, "booking.moved", "booking", booking.Id.ToString(), before: new { booking.StartsAt, booking.Zone }, after: new { startsAt, zone, by }, why: wish.Reason);
        await WaitRows.Freed(tx, booking);
        await ReminderRows.TakeBack(tx, booking.Id);
        await PlanReminders.Queue(tx, booking.Id, booking.Revision + 1);
        await TellOfMove.Both(tx, booking, by, startsAt, wish.Reason);
        await tx.Publish(new BookingMoved(booking.Id, booking.CustomerId, booking.ProviderAccountId, by, booking.StartsAt, startsAt, endsAt, zone));
    }

    private const string MarkMoved = """
        update marketplace.bookings set starts_at = @startsAt, ends_at = @endsAt, busy_until = @busyUntil, zone = @zone, wall_time = @wallTime::timestamp, unanswered_move = @unanswered,
            refund_cap_percent = @cap, revision = revision + 1
        where id = @Id and state = 'confirmed' and started_at is null and revision = @Revision
        """;

    private const string Insert = """
        insert into marketplace.booking_moves (id, booking_id, revision, moved_by, from_at, to_at, reason, moved_at) values (@move, @Id, @revision, @by, @from, @to, @Reason, @now)
        """;
}
