using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Absences;
using Guildhall.Marketplace.Calls;
using Guildhall.Money.Orders;
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
        var order = await BookingRows.LockOrders(tx, seen);
        var booking = (await BookingRows.Find(tx, id))!; // every change of state holds the order: this one is current
        if (booking.State is not (BookingState.Held or BookingState.Confirmed))
            return await EndBooking.WasBy(tx, caller, id) ? default(Done) : MarketplaceRefusals.BookingNotCancellable.With(("state", booking.State));
        if (role == BookingRole.Customer && await AbsenceRows.IsOpen(tx, id)) return MarketplaceRefusals.AbsenceOpen;

        if (role == BookingRole.Customer && booking.MinuteMinor is not null && await CallMinutes.Together(tx, booking) > 0) return MarketplaceRefusals.MinutesUsed;

        var terms = await CancellationTerms.Of(tx, booking, order.Total, role, await BookingRows.StepOf(tx, booking));
        if (seenRefundMinor is { } shown && shown != terms.Refund.Minor) return MarketplaceRefusals.CancellationTermsChanged.With(("terms", terms));
        var by = role == BookingRole.Provider ? CancelledBy.Provider : CancelledBy.Customer;
        return booking.State == BookingState.Held
            ? await Release(tx, caller, booking, by, reason)
            : await EndBooking.WithMoney(tx, caller, booking, terms.Refund, terms.Kept, by, reason, "booking_cancelled");
    }

    private static async Task<Result<Done>> Release(Transaction tx, Caller caller, Booking booking, CancelledBy by, string? reason)
    {
        var cancelled = await CancelOrder.Run(tx, caller, booking.OrderId, "The hold was released.");
        if (!cancelled.Granted) return cancelled.Refusal;
        await EndBooking.Cancel(tx, caller, (await BookingRows.Lock(tx, booking.Id))!, by, reason);
        return default(Done);
    }
}
