using Guildhall.Marketplace.Bookings;

namespace Guildhall.Tests.Marketplace.Bookings;

[Covers("B-4", "M-8", "marketplace-9")]
public sealed class LatePaymentTests(MarketplaceWorld world) : IClassFixture<MarketplaceWorld>
{
    [Fact]
    public async Task A_late_payment_still_gets_the_slot_when_nobody_took_it()
    {
        var shop = await world.Shop();
        var customer = await world.Customer();
        var held = await shop.Holds(customer, world.InDays(3));
        var payment = await shop.StartsToPay(customer, held);
        await world.Clock.Passes(11.Minutes());
        await world.EventuallyOr("The hold did not expire", async () => (await shop.Sees(customer, held.Id)).State == BookingState.Expired);
        (await shop.Claims(held.Id)).ShouldBe(0);

        await shop.Captured(payment, held.Price);

        var booking = await shop.Sees(customer, held.Id);
        booking.State.ShouldBe(BookingState.Confirmed);
        booking.ChatId.ShouldNotBeNull();
        (await shop.Claims(held.Id)).ShouldBe(1);
        (await shop.Refunds(held.OrderId)).ShouldBe(0);
    }

    [Fact]
    public async Task A_late_payment_comes_back_when_the_slot_is_somebody_elses()
    {
        var shop = await world.Shop();
        var customer = await world.Customer();
        var start = world.InDays(3);
        var late = await shop.Holds(customer, start);
        var payment = await shop.StartsToPay(customer, late);
        await world.Clock.Passes(11.Minutes());
        var other = await shop.Holds(await world.Customer(), start);

        await shop.Captured(payment, late.Price);
        await shop.Captured(payment, late.Price);

        (await shop.Sees(customer, late.Id)).State.ShouldBe(BookingState.Expired);
        (await shop.Refunds(late.OrderId)).ShouldBe(late.Price.Minor);
        (await world.Database.Value<string>("select reason from money.refunds where order_id = $1", late.OrderId.Value)).ShouldBe("slot_gone");
        (await shop.Owes("escrow", late.OrderId)).ShouldBe(0);
        (await shop.Claims(other.Id)).ShouldBe(1);
        (await world.Database.Count("marketplace.chats where booking_id = $1", late.Id.Value)).ShouldBe(0);
        (await world.Database.Count("messaging.notices where person_id = $1 and template = 'refund_slot_gone'", customer.AccountId!.Value)).ShouldBe(1);
    }

    [Fact, Covers("marketplace-1")]
    public async Task A_late_payment_and_a_new_customer_at_the_same_moment_never_share_a_slot()
    {
        for (var round = 0; round < 4; round++)
        {
            var shop = await world.Shop();
            var (customer, start) = (await world.Customer(), world.InDays(3));
            var late = await shop.Holds(customer, start);
            var payment = await shop.StartsToPay(customer, late);
            await world.Clock.Passes(11.Minutes());
            await using var gate = await Gate.Close(world.Database, "select pg_advisory_xact_lock(hashtextextended($1, 0))", $"resource:{shop.Id.Value:n}");
            var settling = Task.Run(() => shop.Captured(payment, late.Price, node: round % 2));
            var holding = Task.Run(() => shop.TriesToHold(MarketplaceWorld.Anybody(), start, node: 1 - (round % 2)));
            await gate.OpenWhenWaiting(2);
            await settling;
            var taken = (await holding).Granted;

            (await shop.Sees(customer, late.Id)).State.ShouldBe(taken ? BookingState.Expired : BookingState.Confirmed);
            (await shop.Refunds(late.OrderId)).ShouldBe(taken ? late.Price.Minor : 0);
        }
        (await world.Overlaps()).ShouldBe(0);
    }

    [Fact, Covers("marketplace-19")]
    public async Task Cancel_and_payment_at_the_same_moment_end_cancelled_and_refunded_once()
    {
        for (var round = 0; round < 4; round++)
        {
            var shop = await world.Shop();
            var customer = await world.Customer();
            var held = await shop.Holds(customer, world.InDays(3));
            var payment = await shop.StartsToPay(customer, held);
            await using var gate = await Gate.Close(world.Database, "select 1 from money.orders where id = $1 for update", held.OrderId.Value);
            var settling = Task.Run(() => shop.Captured(payment, held.Price, node: round % 2));
            var cancelling = Task.Run(() => shop.Cancels(customer, held.Id, node: 1 - (round % 2)));
            await gate.OpenWhenWaiting(2);
            await settling;
            (await cancelling).Granted.ShouldBeTrue();

            (await shop.Sees(customer, held.Id)).State.ShouldBe(BookingState.Cancelled);
            (await shop.Refunds(held.OrderId)).ShouldBe(held.Price.Minor);
            (await world.Database.Count("money.refunds where order_id = $1", held.OrderId.Value)).ShouldBe(1);
            (await shop.Owes("escrow", held.OrderId)).ShouldBe(0);
            (await shop.Claims(held.Id)).ShouldBe(0);
        }
    }

    [Fact]
    public async Task A_hold_that_nobody_pays_expires_and_its_order_is_cancelled()
    {
        var shop = await world.Shop();
        var customer = await world.Customer();
        var held = await shop.Holds(customer, world.InDays(3));
        await world.Clock.Passes(11.Minutes());
        await world.EventuallyOr("The hold did not expire", async () => (await shop.Sees(customer, held.Id)).State == BookingState.Expired);
        (await world.Database.Value<string>("select state from money.orders where id = $1", held.OrderId.Value)).ShouldBe("cancelled");
        (await shop.TriesToHold(MarketplaceWorld.Anybody(), world.InDays(3))).Granted.ShouldBeTrue();
    }
}
