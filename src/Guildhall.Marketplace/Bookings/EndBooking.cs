using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Chat;

namespace Guildhall.Marketplace.Bookings;

/// <summary>held or confirmed → cancelled: slot free, chat closed, both told by a job that reads how it ended.</summary>
internal static class EndBooking
{
    /// <summary>The booking was locked by the caller and is held or confirmed.</summary>
    public static async Task Cancel(Transaction tx, Caller caller, Booking booking, CancelledBy by, string? reason)
    {
        await Claims.Lock(tx, Claims.Resource(booking.ProviderId));
        await Claims.Release(tx, booking.Id);
        await tx.ChangeOne(MarkCancelled, new { booking.Id, booking.State, by, reason, now = tx.Now });
        await tx.Audit(caller, "booking.cancelled", "booking", booking.Id.ToString(), before: new { booking.State }, after: new { by }, why: reason);
        if (booking.State == BookingState.Held) return;
        await ChatRows.Close(tx, booking.Id, ChatCloseReason.Cancelled);
        await tx.Publish(new BookingCancelled(booking.Id, booking.CustomerId, booking.ProviderAccountId, by));
        await tx.Enqueue(new TellOfCancellation(booking.Id), uniqueKey: booking.Id.ToString());
    }

    /// <summary>Names the party whose cancellation the full refund, and so the end of the booking, was.</summary>
    public static async Task Attribute(Transaction tx, Caller caller, BookingId id, CancelledBy by, string? reason)
    {
        await tx.ChangeOne("update marketplace.bookings set cancelled_by = @by, cancel_reason = @reason where id = @id and state = 'cancelled'", new { id, by, reason });
        await tx.Audit(caller, "booking.cancel_asked", "booking", id.ToString(), after: new { by }, why: reason);
    }

    private const string MarkCancelled = """
        update marketplace.bookings set state = 'cancelled', cancelled_at = @now, cancelled_by = @by, cancel_reason = @reason, revision = revision + 1
        where id = @Id and state = @State
        """;
}
