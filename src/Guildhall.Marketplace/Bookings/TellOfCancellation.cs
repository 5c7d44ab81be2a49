using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Identity.Accounts;
using Guildhall.Messaging;

namespace Guildhall.Marketplace.Bookings;

/// <summary>Tells customer and provider that a booking was cancelled, by whom, and what comes back.</summary>
internal sealed record TellOfCancellation(BookingId Booking) : IJob
{
    public static string Kind => "tell_of_cancellation";

    public static async Task Run(Transaction tx, TellOfCancellation job)
    {
        if (await BookingRows.Find(tx, job.Booking) is not { State: BookingState.Cancelled } booking) return;
        foreach (var person in new[] { booking.CustomerId, booking.ProviderAccountId })
        {
            await Notify.Person(tx, person, "booking_cancelled", new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["service"] = booking.ServiceName, ["when"] = Say.When(booking.StartsAt, (await Accounts.Summary(tx, person)).Zone),
                ["reason"] = Reason(booking), ["link"] = $"/bookings/{booking.Id}",
            }, uniqueKey: booking.Id.ToString());
        }
    }

    private static string Reason(Booking booking)
    {
        var who = booking.CancelledBy switch
        {
            CancelledBy.Customer => "The customer cancelled.",
            CancelledBy.Provider => "The provider cancelled.",
            CancelledBy.CustomerAbsent => "The customer did not come.",
            CancelledBy.ProviderAbsent => "The provider did not come.",
            _ => "",
        };
        var back = booking.Refunded.IsPositive ? $"{booking.Refunded} goes back to the customer." : "Nothing is refunded.";
        return string.Join(' ', new[] { who, booking.CancelReason, back }.Where(part => !string.IsNullOrEmpty(part)));
    }
}
