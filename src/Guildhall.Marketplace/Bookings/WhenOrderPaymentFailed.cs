using Guildhall.Foundation.Data;
using Guildhall.Messaging;
using Guildhall.Money.Orders;

namespace Guildhall.Marketplace.Bookings;

/// <summary>The card was refused; the slot is still held, so the customer is told where to try again.</summary>
internal static class WhenOrderPaymentFailed
{
    public static async Task Run(Transaction tx, OrderPaymentFailed fact)
    {
        if (fact.Purpose is not HoldSlot.Purpose || await BookingRows.Find(tx, new BookingId(fact.Subject)) is not { State: BookingState.Held } booking) return;
        await Notify.Person(tx, fact.Customer, "payment_failed", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["service"] = booking.ServiceName, ["reason"] = fact.Reason, ["link"] = $"/bookings/{booking.Id}",
        });
    }
}
