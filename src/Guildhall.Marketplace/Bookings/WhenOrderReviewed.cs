using Guildhall.Foundation.Data;
using Guildhall.Messaging;
using Guildhall.Money.Risk;

namespace Guildhall.Marketplace.Bookings;

/// <summary>A person looks at the payment first, so the slot is held as long as the order can still be paid, but not beyond its beginning; the customer is told each step.</summary>
internal static class WhenOrderReviewed
{
    public static async Task Run(Transaction tx, OrderReviewed fact)
    {
        var id = new BookingId(fact.Subject);
        if (fact.Purpose is not HoldSlot.Purpose || await BookingRows.Lock(tx, id) is not { State: BookingState.Held } booking) return;
        var until = fact.PayUntil < booking.StartsAt ? fact.PayUntil : booking.StartsAt;
        if (fact.State != RiskReviewState.Rejected && until > booking.HoldUntil)
        {
            await Claims.Lock(tx, booking.Claimed);
            await tx.ChangeOne("update marketplace.bookings set hold_until = @until where id = @id and state = 'held'", new { id, until });
            await Claims.KeepUntil(tx, booking, until);
        }
        var template = fact.State switch
        {
            RiskReviewState.Waiting => "payment_in_review", RiskReviewState.Approved => "payment_review_approved", RiskReviewState.Rejected => "payment_review_rejected",
        };
        await Notify.Person(tx, fact.Customer, template, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["service"] = booking.ServiceName, ["reason"] = fact.Reason ?? "", ["link"] = $"/bookings/{booking.Id}",
        }, uniqueKey: $"{fact.Order}:{fact.State}");
    }
}
