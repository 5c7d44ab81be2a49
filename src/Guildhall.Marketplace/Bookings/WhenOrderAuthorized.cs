using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Messaging;
using Guildhall.Money.Orders;

namespace Guildhall.Marketplace.Bookings;

/// <summary>The money of a booking is held and not taken: its slot is kept as long as the money is, but not beyond its beginning. Taken, it confirms the
/// booking like any payment (<see cref="WhenOrderPaid"/>); let go, the slot is free again.</summary>
internal static class WhenOrderAuthorized
{
    private static readonly Caller Product = Caller.System("marketplace");

    public static async Task Run(Transaction tx, OrderAuthorized fact)
    {
        if (fact.Purpose is not HoldSlot.Purpose || await BookingRows.Lock(tx, new BookingId(fact.Subject)) is not { State: BookingState.Held } booking) return;
        var until = fact.Until < booking.StartsAt ? fact.Until : booking.StartsAt;
        await Claims.Lock(tx, booking.Claimed);
        if (until > booking.HoldUntil && !await KeepUntil(tx, booking, until)) return; // somebody else has the time: the sweeper ends the hold, and the money is let go
        await tx.Audit(Product, "booking.kept", "booking", booking.Id.ToString(), after: new { order = fact.Order, holdUntil = until });
        await Tell(tx, booking, "payment_held", until);
    }

    /// <summary>What was held was let go or ran out: who can still pay the order has until then, else the slot is free at once.</summary>
    public static async Task End(Transaction tx, OrderAuthorizationEnded fact)
    {
        if (fact.Purpose is not HoldSlot.Purpose || await BookingRows.Lock(tx, new BookingId(fact.Subject)) is not { State: BookingState.Held } booking) return;
        var order = (await Orders.Lock(tx, fact.Order))!; // held by who tells it
        var until = order.ExpiresAt > tx.Now ? order.ExpiresAt : tx.Now;
        await Claims.Lock(tx, booking.Claimed);
        await KeepUntil(tx, booking, until);
        await Tell(tx, booking, "payment_let_go", until);
    }

    // False when somebody else has the time already; then nothing was changed.
    private static async Task<bool> KeepUntil(Transaction tx, Booking booking, DateTimeOffset until)
    {
        if (!await Claims.KeepUntil(tx, booking, until)) return false;
        await tx.ChangeOne("update marketplace.bookings set hold_until = @until where id = @Id and state = 'held'", new { booking.Id, until });
        return true;
    }

    private static async Task Tell(Transaction tx, Booking booking, string template, DateTimeOffset until) =>
        await Notify.Person(tx, booking.CustomerId, template, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["service"] = booking.ServiceName, ["amount"] = booking.Price.ToString(), ["until"] = Say.When(until, (await Accounts.Summary(tx, booking.CustomerId)).Zone), ["link"] = $"/bookings/{booking.Id}",
        }, uniqueKey: $"{booking.Id}:{until.ToUnixTimeSeconds()}");
}
