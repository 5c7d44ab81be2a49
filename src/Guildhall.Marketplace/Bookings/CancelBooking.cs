using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Money.Escrow;
using Guildhall.Money.Orders;
using Guildhall.Money.Refunds;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Bookings;

/// <summary>held or confirmed → cancelled, by customer or provider. An unpaid hold is released; of a paid booking goes back what
/// <see cref="CancellationTerms"/> says, and what is kept is released to the provider. The order's lock decides races with payment and completion.</summary>
public static class CancelBooking
{
    private const int MaxReason = 500;

    /// <param name="SeenRefundMinor">The refund that was shown, in minor units: when given, anything else is refused with the present terms.</param>
    public sealed record Body(string? Reason = null, long? SeenRefundMinor = null);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/bookings/{id}/actions/cancel", async (BookingId id, Body body, Caller caller, Database database, CancellationToken stop) =>
            (await Run(database, caller, id, body, stop)).ToHttp())
        .WithName(nameof(CancelBooking)).RequiresSignIn().Idempotent().Produces<BookingView>();

    public static async Task<Result<BookingView>> Run(Database database, Caller caller, BookingId id, Body body, CancellationToken stop)
    {
        var reason = string.IsNullOrWhiteSpace(body.Reason) ? null : body.Reason.Trim();
        if (reason is { Length: > MaxReason } || reason?.Any(char.IsControl) == true) return MarketplaceRefusals.ReasonTooLong;
        var done = await database.InTransaction(tx => Cancel(tx, caller, id, reason, body.SeenRefundMinor), stop);
        return done.Refusal is { } refusal ? refusal : await ReadBooking.Run(database, caller, id, stop);
    }

    private static async Task<Result<Done>> Cancel(Transaction tx, Caller caller, BookingId id, string? reason, long? seenRefundMinor)
    {
        if (await BookingRows.Find(tx, id) is not { } seen || seen.RoleOf(caller) is not { } role || role is BookingRole.Staff) return MarketplaceRefusals.BookingNotFound;
        var order = (await Orders.Lock(tx, seen.OrderId))!;
        var booking = (await BookingRows.Find(tx, id))!; // every change of state holds the order: this one is current
        if (booking.State is not (BookingState.Held or BookingState.Confirmed)) return MarketplaceRefusals.BookingNotCancellable.With(("state", booking.State));

        var terms = await CancellationTerms.Of(tx, booking, order.Total, role, await RefundStep.Of(tx, booking.OrderId));
        if (seenRefundMinor is { } shown && shown != terms.Refund.Minor) return MarketplaceRefusals.CancellationTermsChanged.With(("terms", terms));
        var by = role == BookingRole.Provider ? CancelledBy.Provider : CancelledBy.Customer;
        return booking.State == BookingState.Held
            ? await Release(tx, caller, booking, by, reason)
            : await GiveBack(tx, caller, booking, terms, by, reason);
    }

    private static async Task<Result<Done>> Release(Transaction tx, Caller caller, Booking booking, CancelledBy by, string? reason)
    {
        var cancelled = await CancelOrder.Run(tx, caller, booking.OrderId, "The hold was released.");
        if (!cancelled.Granted) return cancelled.Refusal;
        await EndBooking.Cancel(tx, caller, (await BookingRows.Lock(tx, booking.Id))!, by, reason);
        return default(Done);
    }

    private static async Task<Result<Done>> GiveBack(Transaction tx, Caller caller, Booking booking, CancellationTerms terms, CancelledBy by, string? reason)
    {
        if (terms.Refund.IsPositive)
        {
            var refund = await RequestRefund.Run(tx, caller, booking.OrderId, terms.Kept.IsZero ? null : terms.Refund, reason ?? "booking_cancelled");
            if (!refund.Granted) return refund.Refusal;
        }
        // A full refund has ended the booking already, by the fact.
        var locked = (await BookingRows.Lock(tx, booking.Id))!;
        if (locked.State == BookingState.Cancelled) await EndBooking.Attribute(tx, caller, booking.Id, by, reason);
        else await EndBooking.Cancel(tx, caller, locked, by, reason);
        if (terms.Kept.IsPositive)
        {
            var released = await ReleaseEscrow.Run(tx, caller, booking.OrderId); // locks the provider's balance: last
            if (!released.Granted) return released.Refusal;
        }
        return default(Done);
    }
}
