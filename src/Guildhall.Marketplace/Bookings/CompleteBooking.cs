using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Marketplace.Absences;
using Guildhall.Marketplace.Calls;
using Guildhall.Marketplace.Chat;
using Guildhall.Marketplace.Packages;
using Guildhall.Messaging;
using Guildhall.Money.Escrow;
using Guildhall.Money.Orders;
using Guildhall.Money.Refunds;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Bookings;

/// <summary>confirmed → completed, by the provider, not before the start: the escrow is released and the chat closes, in one transaction. One that is sold by the minute completes itself as well, see
/// <see cref="SettleMinutes"/>.</summary>
public static class CompleteBooking
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/bookings/{id}/actions/complete", async (BookingId id, Caller caller, Database database, CancellationToken stop) =>
            (await Run(database, caller, id, stop)).ToHttp())
        .WithName(nameof(CompleteBooking)).RequiresSignIn().Idempotent().Produces<BookingView>();

    public static async Task<Result<BookingView>> Run(Database database, Caller caller, BookingId id, CancellationToken stop)
    {
        var done = await database.InTransaction(tx => Complete(tx, caller, id), stop);
        return done.Refusal is { } refusal ? refusal : await ReadBooking.Run(database, caller, id, stop);
    }

    private static async Task<Result<Done>> Complete(Transaction tx, Caller caller, BookingId id)
    {
        if (await BookingRows.Find(tx, id) is not { } seen || seen.RoleOf(caller) is not { } role || role is BookingRole.Staff) return MarketplaceRefusals.BookingNotFound;
        if (role != BookingRole.Provider) return MarketplaceRefusals.OnlyTheProvider;
        await BookingRows.LockOrders(tx, seen);
        var booking = (await BookingRows.Find(tx, id))!;
        if (booking.State == BookingState.Completed) return default(Done);
        if (booking.State != BookingState.Confirmed) return MarketplaceRefusals.BookingNotConfirmed.With(("state", booking.State));
        if (tx.Now < booking.StartsAt) return MarketplaceRefusals.BookingNotStarted.With(("startsAt", booking.StartsAt));

        await BookingRows.Lock(tx, id);
        if (await AbsenceRows.IsOpen(tx, id)) return MarketplaceRefusals.AbsenceOpen;
        if (booking.MinuteMinor is not null)
        {
            await CallRoom.Enter(tx, id); // no call begins between this look and the end
            if (await CallRows.Live(tx, id) is not null) return MarketplaceRefusals.CallRunning;
            if (await CallMinutes.Together(tx, booking) == 0) return MarketplaceRefusals.MinutesNone;
        }
        return await Finish(tx, caller, booking);
    }

    /// <summary>Of a booking by the minute what was not used goes back first. Order and booking are locked; it is confirmed, and both were there.</summary>
    internal static async Task<Result<Done>> Finish(Transaction tx, Caller caller, Booking booking)
    {
        var id = booking.Id;
        if (booking.MinuteMinor is { } minute)
        {
            var (left, begun) = ((await Orders.Lock(tx, booking.OrderId))!.Total - booking.Refunded, CallMinutes.Begun(await CallMinutes.Together(tx, booking)));
            var unused = CallMinutes.Unused(left, minute, begun, await RefundStep.Of(tx, booking.OrderId));
            if (unused.IsPositive && (await RequestRefund.Run(tx, caller, booking.OrderId, unused, "minutes_not_used")).Refusal is { } refused) return refused;
            await tx.Audit(caller, "booking.minutes_settled", "booking", id.ToString(), after: new { begun, unused });
        }
        await tx.ChangeOne(MarkCompleted, new { id, now = tx.Now });
        await ChatRows.Close(tx, id, ChatCloseReason.Completed);
        var released = booking.PackageSaleId is null ? await ReleaseEscrow.Run(tx, caller, booking.OrderId) : await PackageCredits.Spend(tx, caller, booking); // locks the provider's balance: last
        if (!released.Is(out var earned, out var refusal)) return refusal;
        await tx.Audit(caller, "booking.completed", "booking", id.ToString(), before: new { booking.State }, after: new { earned });
        await Notify.Person(tx, booking.CustomerId, "session_completed", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["service"] = booking.ServiceName, ["when"] = Say.When(booking.StartsAt, (await Accounts.Summary(tx, booking.CustomerId)).Zone), ["link"] = $"/bookings/{id}",
        }, uniqueKey: id.ToString());
        await tx.Publish(new BookingCompleted(id, booking.CustomerId, booking.ProviderAccountId));
        return default(Done);
    }

    private const string MarkCompleted = """
        update marketplace.bookings set state = 'completed', completed_at = @now, started_at = coalesce(started_at, starts_at), revision = revision + 1
        where id = @id and state = 'confirmed'
        """;
}
