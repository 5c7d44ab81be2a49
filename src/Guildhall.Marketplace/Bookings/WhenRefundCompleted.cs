using Guildhall.Foundation.Data;
using Guildhall.Messaging;
using Guildhall.Money.Orders;

namespace Guildhall.Marketplace.Bookings;

/// <summary>The refund reached the customer, says the gateway.</summary>
internal static class WhenRefundCompleted
{
    public static async Task Run(Transaction tx, RefundCompleted fact)
    {
        if (fact.Purpose is not HoldSlot.Purpose || await BookingRows.Find(tx, new BookingId(fact.Subject)) is not { } booking) return;
        await Notify.Person(tx, fact.Customer, "refund_completed", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["service"] = booking.ServiceName, ["amount"] = fact.Amount.ToString(), ["link"] = $"/bookings/{booking.Id}",
        });
    }
}
