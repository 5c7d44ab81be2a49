using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Marketplace.Chat;
using Guildhall.Marketplace.Reminders;
using Guildhall.Messaging;
using Guildhall.Money.Orders;
using Guildhall.Money.Refunds;

namespace Guildhall.Marketplace.Bookings;

/// <summary>Money has been captured for a booking. In time, or late with the slot still free: held or expired → confirmed, and the chat opens.
/// Otherwise the money goes back by itself. All of it in the settling transaction, with order and guard locked by it.</summary>
internal static class WhenOrderPaid
{
    private static readonly Caller Product = Caller.System("marketplace");

    public static async Task Run(Transaction tx, OrderPaid fact)
    {
        if (fact.Purpose is not HoldSlot.Purpose) return;
        var booking = await BookingRows.Lock(tx, new BookingId(fact.Subject)) ?? throw new InvalidOperationException($"Order {fact.Order} pays for a booking that is not there.");

        if (booking.State is BookingState.Held or BookingState.Expired && await GetsSlot(tx, booking)) await Confirm(tx, booking);
        else if (booking.State is BookingState.Held or BookingState.Expired) await GiveBack(tx, booking, fact);
        else if (booking.State is BookingState.Cancelled) await Refund(tx, fact, "booking_cancelled");
        else throw new InvalidOperationException($"Booking {booking.Id} is {booking.State} and was paid again.");
    }

    private static async Task<bool> GetsSlot(Transaction tx, Booking booking)
    {
        var late = booking.HoldUntil <= tx.Now;
        await Claims.Lock(tx, booking.Claimed);
        if (late && booking.StartsAt <= tx.Now) return false;
        if (await Claims.Keep(tx, booking)) return true;
        await Claims.Release(tx, booking.Id); // what is left of it
        await Claims.ReleaseExpired(tx, booking.Claimed, booking.StartsAt, booking.BusyUntil);
        return await Claims.AreFree(tx, booking.Claimed, booking.StartsAt, booking.BusyUntil)
            && await Claims.Take(tx, booking.Id, booking.Claimed, booking.StartsAt, booking.BusyUntil, holdUntil: null);
    }

    private static async Task Confirm(Transaction tx, Booking booking)
    {
        await tx.ChangeOne(MarkConfirmed, new { booking.Id, booking.State, now = tx.Now });
        await ChatRows.Open(tx, booking);
        await PlanReminders.Queue(tx, booking.Id, booking.Revision + 1);
        await tx.Audit(Product, "booking.confirmed", "booking", booking.Id.ToString(), before: new { booking.State }, after: new { order = booking.OrderId });
        var (customer, provider) = await Accounts.Summaries(tx, booking.CustomerId, booking.ProviderAccountId);
        await Tell(tx, booking, customer, booking.PackageSaleId is null ? "booking_confirmed_customer" : "booking_confirmed_package");
        await Tell(tx, booking, provider, "booking_confirmed_provider");
        await tx.Publish(new BookingConfirmed(booking.Id, booking.CustomerId, booking.ProviderAccountId, booking.ServiceName, booking.StartsAt, booking.EndsAt, booking.Zone));
    }

    private static async Task GiveBack(Transaction tx, Booking booking, OrderPaid fact)
    {
        if (booking.State == BookingState.Held)
        {
            await Claims.Release(tx, booking.Id);
            await tx.ChangeOne(ExpireHold.Expire, new { booking.Id });
        }
        await tx.Audit(Product, "booking.slot_gone", "booking", booking.Id.ToString(), before: new { booking.State }, after: new { order = fact.Order, refund = fact.Amount });
        await Refund(tx, fact, "slot_gone");
        await Tell(tx, booking, await Accounts.Summary(tx, booking.CustomerId), "refund_slot_gone");
    }

    private static async Task Refund(Transaction tx, OrderPaid fact, string reason)
    {
        if (fact.Amount.IsPositive) (await RequestRefund.Run(tx, Product, fact.Order, null, reason)).OrThrow();
    }

    private static Task Tell(Transaction tx, Booking booking, AccountSummary person, string template) =>
        Notify.Person(tx, person.Id, template, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["service"] = booking.ServiceName, ["when"] = Say.When(booking.StartsAt, person.Zone), ["amount"] = booking.Price.ToString(), ["link"] = $"/bookings/{booking.Id}",
        }, uniqueKey: booking.Id.ToString());

    private const string MarkConfirmed = """
        update marketplace.bookings set state = 'confirmed', confirmed_at = @now, revision = revision + 1 where id = @Id and state = @State
        """;
}
