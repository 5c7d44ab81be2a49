using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Money.Orders;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Bookings;

/// <summary>The provider says yes to a request, and the customer's time to pay begins; or no, and the time is free again with nothing ever charged. The order's lock decides a race with the
/// deadline: whoever comes second finds it decided.</summary>
public static class DecideRequest
{
    private const int MaxReason = 500;

    /// <param name="Reason">For the customer, at most 500 characters. Nothing was paid, so contact details in it are hidden from them.</param>
    public sealed record Body(string? Reason = null);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/bookings/{id}/actions/approve", async (BookingId id, Caller caller, Database database, CancellationToken stop) => (await Approve(database, caller, id, stop)).ToHttp())
            .WithName("ApproveRequest").RequiresSignIn().Idempotent().Produces<BookingView>();
        api.MapPost("/bookings/{id}/actions/decline", async (BookingId id, Body body, Caller caller, Database database, CancellationToken stop) => (await Decline(database, caller, id, body, stop)).ToHttp())
            .WithName("DeclineRequest").RequiresSignIn().Idempotent().Produces<BookingView>();
    }

    public static async Task<Result<BookingView>> Approve(Database database, Caller caller, BookingId id, CancellationToken stop)
    {
        var done = await database.InTransaction<Result<Done>>(async tx =>
        {
            if (!(await Asked(tx, caller, id)).Is(out var booking, out var refusal)) return refusal;
            if (booking.Approval == Approval.Given) return default(Done); // said already
            await BookingRows.Lock(tx, id);
            await Claims.Lock(tx, booking.Claimed);
            var until = await RequestTimes.PayBy(tx, booking.StartsAt);
            if (!await Claims.KeepUntil(tx, booking, until)) return MarketplaceRefusals.RequestOver;
            await tx.ChangeOne(MarkGiven, new { id, until });
            await LetPayOrder.Run(tx, caller, booking.OrderId, until);
            await tx.Audit(caller, "booking.request_approved", "booking", id.ToString(), after: new { until });
            await RequestTimes.Answer(tx, booking, "booking_request_approved", until);
            return default(Done);
        }, stop);
        return done.Refusal is { } no ? no : await ReadBooking.Run(database, caller, id, stop);
    }

    public static async Task<Result<BookingView>> Decline(Database database, Caller caller, BookingId id, Body body, CancellationToken stop)
    {
        var reason = string.IsNullOrWhiteSpace(body.Reason) ? null : body.Reason.Trim();
        if (reason is { Length: > MaxReason } || reason?.Any(char.IsControl) == true) return MarketplaceRefusals.ReasonTooLong;
        var done = await database.InTransaction<Result<Done>>(async tx =>
        {
            if (!(await Asked(tx, caller, id)).Is(out var booking, out var refusal)) return await EndBooking.WasBy(tx, caller, id) ? default(Done) : refusal;
            if (booking.Approval == Approval.Given) return MarketplaceRefusals.RequestOver;
            var cancelled = await CancelOrder.Run(tx, caller, booking.OrderId, "The provider declined the request.");
            if (!cancelled.Granted) return cancelled.Refusal;
            await EndBooking.Cancel(tx, caller, (await BookingRows.Lock(tx, id))!, CancelledBy.Provider, reason);
            return default(Done);
        }, stop);
        return done.Refusal is { } no ? no : await ReadBooking.Run(database, caller, id, stop);
    }

    // With its order locked: every change of state holds that, so what is read after it is current.
    private static async Task<Result<Booking>> Asked(Transaction tx, Caller caller, BookingId id)
    {
        if (await BookingRows.Find(tx, id) is not { } seen || seen.RoleOf(caller) is not { } role || role is BookingRole.Staff) return MarketplaceRefusals.BookingNotFound;
        if (role != BookingRole.Provider) return MarketplaceRefusals.OnlyTheProvider;
        await Orders.Lock(tx, seen.OrderId);
        var booking = (await BookingRows.Find(tx, id))!;
        if (booking.Approval is null) return MarketplaceRefusals.NothingAsked;
        return booking.State == BookingState.Held && booking.HoldUntil > tx.Now ? booking : MarketplaceRefusals.RequestOver.With(("state", booking.State));
    }

    private const string MarkGiven = """
        update marketplace.bookings set approval = 'given', hold_until = @until, revision = revision + 1 where id = @id and state = 'held' and approval = 'asked'
        """;
}
