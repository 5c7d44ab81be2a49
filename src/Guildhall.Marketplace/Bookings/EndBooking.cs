using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Absences;
using Guildhall.Marketplace.Calls;
using Guildhall.Marketplace.Chat;
using Guildhall.Marketplace.Packages;
using Guildhall.Marketplace.Reminders;
using Guildhall.Marketplace.Series;
using Guildhall.Marketplace.Waiting;
using Guildhall.Money.Escrow;
using Guildhall.Money.Refunds;

namespace Guildhall.Marketplace.Bookings;

/// <summary>held or confirmed → cancelled: slot free, call ended, chat closed, both told by a job that reads how it ended.</summary>
internal static class EndBooking
{
    /// <summary>The booking was locked by the caller and is held or confirmed.</summary>
    public static async Task Cancel(Transaction tx, Caller caller, Booking booking, CancelledBy by, string? reason)
    {
        await Claims.Lock(tx, booking.Claimed);
        await Claims.Release(tx, booking.Id);
        await WaitRows.Freed(tx, booking);
        await AbsenceRows.Drop(tx, booking.Id);
        await tx.ChangeOne(MarkCancelled, new { booking.Id, booking.State, by, reason, operation = caller.OperationId, now = tx.Now });
        await tx.Audit(caller, "booking.cancelled", "booking", booking.Id.ToString(), before: new { booking.State }, after: new { by }, why: reason);
        if (booking.SeriesId is { } series) await tx.EnqueueNow(new KeepSeries(series, null), uniqueKey: series.ToString()); // a look that is under way may have seen this one as paid
        if (booking.AwaitsApproval && by == CancelledBy.Provider) await RequestTimes.Answer(tx, booking, "booking_request_declined", tx.Now);
        if (booking.State == BookingState.Held) return;
        await ReminderRows.TakeBack(tx, booking.Id);
        await CallRoom.Close(tx, booking.Id);
        await ChatRows.Close(tx, booking.Id, ChatCloseReason.Cancelled);
        await tx.Publish(new BookingCancelled(booking.Id, booking.CustomerId, booking.ProviderAccountId, by));
        await tx.Enqueue(new TellOfCancellation(booking.Id), uniqueKey: booking.Id.ToString());
    }

    /// <summary>Ends a paid booking: so much goes back to the customer, the rest is released to the provider. Order and booking are locked by the caller.</summary>
    public static async Task<Result<Done>> WithMoney(Transaction tx, Caller caller, Booking booking, Amount refund, Amount kept, CancelledBy by, string? reason, string refundReason)
    {
        if (booking.PackageSaleId is not null) return await PackageCredits.End(tx, caller, booking, refund, kept, by, reason, refundReason);
        if (refund.IsPositive)
        {
            var asked = await RequestRefund.Run(tx, caller, booking.OrderId, kept.IsZero ? null : refund, reason ?? refundReason);
            if (!asked.Granted) return asked.Refusal;
        }
        // A full refund has ended the booking already, by the fact.
        var locked = (await BookingRows.Lock(tx, booking.Id))!;
        if (locked.State == BookingState.Cancelled) await Attribute(tx, caller, booking.Id, by, reason);
        else await Cancel(tx, caller, locked, by, reason);
        if (kept.IsPositive)
        {
            var released = await ReleaseEscrow.Run(tx, caller, booking.OrderId); // locks the provider's balance: last
            if (!released.Granted) return released.Refusal;
        }
        return default(Done);
    }

    /// <summary>Names the party whose cancellation the full refund, and so the end of the booking, was.</summary>
    public static async Task Attribute(Transaction tx, Caller caller, BookingId id, CancelledBy by, string? reason)
    {
        await tx.ChangeOne("update marketplace.bookings set cancelled_by = @by, cancel_reason = @reason, cancel_operation = @operation where id = @id and state = 'cancelled'",
            new { id, by, reason, operation = caller.OperationId });
        await tx.Audit(caller, "booking.cancel_asked", "booking", id.ToString(), after: new { by }, why: reason);
    }

    /// <summary>Whether this very request has ended the booking already, and its answer was lost.</summary>
    public static async Task<bool> WasBy(Transaction tx, Caller caller, BookingId id) => caller.OperationId is { } operation
        && await tx.Get<bool>("select exists (select 1 from marketplace.bookings where id = @id and cancel_operation = @operation)", new { id, operation });

    private const string MarkCancelled = """
        update marketplace.bookings set state = 'cancelled', cancelled_at = @now, cancelled_by = @by, cancel_reason = @reason, cancel_operation = @operation,
            revision = revision + 1
        where id = @Id and state = @State
        """;
}
