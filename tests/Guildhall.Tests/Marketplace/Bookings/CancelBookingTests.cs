using Guildhall.Foundation.Security;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Chat;
using Guildhall.Money.Refunds;

namespace Guildhall.Tests.Marketplace.Bookings;

[Covers("B-4", "M-11")]
public sealed class CancelBookingTests(MarketplaceWorld world) : IClassFixture<MarketplaceWorld>
{
    [Theory]
    [InlineData(72, false, 25_000, CancellationRule.Free)]
    [InlineData(20, false, 12_500, CancellationRule.Late)]
    [InlineData(20, true, 25_000, CancellationRule.ByProvider)]
    public async Task The_preview_is_what_happens(int hoursAhead, bool byProvider, long refund, CancellationRule rule)
    {
        var shop = await world.Shop();
        var customer = await world.Customer();
        var start = world.InDays(0, world.Clock.Now.Hour).AddHours(hoursAhead);
        var booking = await shop.Books(customer, start);
        var who = byProvider ? shop.Provider : customer;

        var terms = (await shop.Terms(who, booking.Id)).OrThrow();
        terms.Rule.ShouldBe(rule);
        terms.Refund.Minor.ShouldBe(refund);
        terms.Kept.Minor.ShouldBe(25_000 - refund);
        var cancelled = (await shop.Cancels(who, booking.Id, new CancelBooking.Body("Something came up.", terms.Refund.Minor))).OrThrow();

        cancelled.State.ShouldBe(BookingState.Cancelled);
        cancelled.CancelledBy.ShouldBe(byProvider ? CancelledBy.Provider : CancelledBy.Customer);
        cancelled.CancelReason.ShouldBe("Something came up.");
        (await shop.Refunds(booking.OrderId)).ShouldBe(refund);
        (await shop.Owes("escrow", booking.OrderId)).ShouldBe(0);
        (await shop.Owes("provider_available", booking.OrderId)).ShouldBe((25_000 - refund) * 85 / 100);
        (await shop.Claims(booking.Id)).ShouldBe(0);
        (await shop.TriesToHold(MarketplaceWorld.Anybody(), start)).Granted.ShouldBeTrue();
        await world.EventuallyOr("Both were to be told", async () => await world.Database.Count("messaging.notices where template = 'booking_cancelled' and unique_key = $1", booking.Id.ToString()) == 2);
    }

    [Fact]
    public async Task Terms_that_changed_since_they_were_shown_are_refused_and_nothing_happens()
    {
        var shop = await world.Shop();
        var customer = await world.Customer();
        var booking = await shop.Books(customer, world.InDays(0, world.Clock.Now.Hour).AddHours(25));
        var shown = (await shop.Terms(customer, booking.Id)).OrThrow();
        await world.Clock.Passes(2.Hours());

        var refusal = (await shop.Cancels(customer, booking.Id, new CancelBooking.Body(SeenRefundMinor: shown.Refund.Minor))).Refusal!;
        refusal.Code.ShouldBe("cancellation_terms_changed");
        ((CancellationTerms)refusal.Details!["terms"]!).Refund.Minor.ShouldBe(12_500);
        (await shop.Sees(customer, booking.Id)).State.ShouldBe(BookingState.Confirmed);
    }

    [Fact]
    public async Task Half_of_an_odd_price_is_rounded_up_to_what_the_gateway_can_move()
    {
        var shop = await world.Shop(priceMinor: 12_350);
        var customer = await world.Customer();
        var booking = await shop.Books(customer, world.InDays(0, world.Clock.Now.Hour).AddHours(5));
        (await shop.Terms(customer, booking.Id)).OrThrow().Refund.Minor.ShouldBe(6_180);
        (await shop.Cancels(customer, booking.Id)).OrThrow().State.ShouldBe(BookingState.Cancelled);
        (await shop.Refunds(booking.OrderId)).ShouldBe(6_180);
    }

    [Fact, Covers("marketplace-20")]
    public async Task Cancelling_eight_times_at_once_refunds_once()
    {
        var shop = await world.Shop();
        var customer = await world.Customer();
        var booking = await shop.Books(customer, world.InDays(5));
        await using var gate = await Gate.Close(world.Database, "select 1 from money.orders where id = $1 for update", booking.OrderId.Value);
        var racers = Enumerable.Range(0, 8).Select(n => Task.Run(() => shop.Cancels(n % 2 == 0 ? customer : shop.Provider, booking.Id, node: n % 2))).ToArray();
        await gate.OpenWhenWaiting(8);
        var results = await Task.WhenAll(racers);
        results.Count(r => r.Granted).ShouldBe(1);
        results.Where(r => !r.Granted).ShouldAllBe(r => r.Refusal!.Code == "booking_not_cancellable");
        (await world.Database.Count("money.refunds where order_id = $1", booking.OrderId.Value)).ShouldBe(1);
    }

    [Fact, Covers("marketplace-4")]
    public async Task Who_asks_again_with_the_key_of_a_lost_answer_is_told_what_was_done_and_another_key_is_refused()
    {
        var (shop, customer, key) = (await world.Shop(), await world.Person(), Guid.NewGuid().ToString());
        var held = (await customer.Post("bookings", new { serviceId = shop.Service.ToString(), start = world.InDays(5) })).Must(201).Word("id");
        (await customer.Post($"bookings/{held}/actions/cancel", new { }, key)).Must(200);
        // As a node leaves it that dies between the commit and the answer.
        await world.Database.Execute("update foundation.idempotency set state = 'started', status = null, response = null, lease_until = '2020-01-01' where key = $1", key);
        (await customer.Post($"bookings/{held}/actions/cancel", new { }, key)).Must(200).Word("state").ShouldBe("cancelled");
        (await customer.Post($"bookings/{held}/actions/cancel", new { })).MustRefuse(MarketplaceRefusals.BookingNotCancellable);
    }

    [Theory, Covers("marketplace-4")]
    [InlineData(72), InlineData(20)]
    public async Task Of_a_paid_booking_too_the_same_operation_cancels_once_and_finds_it_done(int hoursAhead)
    {
        var (shop, customer) = (await world.Shop(), await world.Customer());
        var booking = await shop.Books(customer, world.InDays(0, world.Clock.Now.Hour).AddHours(hoursAhead));
        var (asks, body) = (customer with { OperationId = Guid.CreateVersion7() }, new CancelBooking.Body(SeenRefundMinor: (await shop.Terms(customer, booking.Id)).OrThrow().Refund.Minor));
        var done = (await shop.Cancels(asks, booking.Id, body)).OrThrow();
        (await shop.Cancels(asks, booking.Id, body, node: 1)).OrThrow().CancelledAt.ShouldBe(done.CancelledAt);
        (await shop.Cancels(customer with { OperationId = Guid.CreateVersion7() }, booking.Id, body)).Refusal!.Code.ShouldBe("booking_not_cancellable");
        (await shop.Refunds(booking.OrderId)).ShouldBe(body.SeenRefundMinor!.Value);
    }

    [Fact]
    public async Task A_refund_that_failed_is_none_and_the_money_can_go_back_again()
    {
        var shop = await world.Shop();
        var customer = await world.Customer();
        var booking = await shop.Books(customer, world.InDays(5));
        for (var failed = 1; failed <= 2; failed++)
        {
            (await world.Data().InTransaction(tx => RequestRefund.Run(tx, Caller.System("test"), booking.OrderId, amount: null, "Asked for."))).OrThrow();
            await world.EventuallyOr("The gateway was to refuse it", async () => await world.Database.Count("money.refunds where order_id = $1 and state = 'failed'", booking.OrderId.Value) == failed);
            var seen = await shop.Sees(customer, booking.Id);
            (seen.State, seen.Refund.Minor).ShouldBe((BookingState.Cancelled, 0));
        }
    }

    [Fact]
    public async Task An_unpaid_hold_is_released_and_its_order_cancelled()
    {
        var shop = await world.Shop();
        var customer = await world.Customer();
        var held = await shop.Holds(customer, world.InDays(5));
        (await shop.Terms(customer, held.Id)).OrThrow().Rule.ShouldBe(CancellationRule.Unpaid);
        (await shop.Cancels(customer, held.Id)).OrThrow().State.ShouldBe(BookingState.Cancelled);
        (await world.Database.Value<string>("select state from money.orders where id = $1", held.OrderId.Value)).ShouldBe("cancelled");
        (await shop.TriesToHold(MarketplaceWorld.Anybody(), world.InDays(5))).Granted.ShouldBeTrue();
    }

    [Fact, Covers("M-12")]
    public async Task Completing_releases_the_escrow_once_and_only_the_provider_may_after_the_start()
    {
        var shop = await world.Shop();
        var customer = await world.Customer();
        var booking = await shop.Books(customer, world.InDays(0, world.Clock.Now.Hour).AddHours(2));
        (await shop.Completes(shop.Provider, booking.Id)).Refusal!.Code.ShouldBe("booking_not_started");
        (await shop.Completes(customer, booking.Id)).Refusal.ShouldBe(MarketplaceRefusals.OnlyTheProvider);
        (await shop.Completes(MarketplaceWorld.Staff, booking.Id)).Refusal.ShouldBe(MarketplaceRefusals.BookingNotFound);
        await world.Clock.Passes(3.Hours());

        await using var gate = await Gate.Close(world.Database, "select 1 from money.orders where id = $1 for update", booking.OrderId.Value);
        var racers = Enumerable.Range(0, 4).Select(n => Task.Run(() => shop.Completes(shop.Provider, booking.Id, node: n % 2))).ToArray();
        await gate.OpenWhenWaiting(4);
        foreach (var result in await Task.WhenAll(racers)) result.OrThrow().State.ShouldBe(BookingState.Completed);

        (await shop.Owes("escrow", booking.OrderId)).ShouldBe(0);
        (await shop.Owes("provider_available", booking.OrderId)).ShouldBe(21_250);
        (await shop.Owes("platform_fee", booking.OrderId)).ShouldBe(3_750);
        (await shop.Cancels(customer, booking.Id)).Refusal!.Code.ShouldBe("booking_not_cancellable");
        (await shop.Writes(customer, booking.ChatId!.Value, "Thank you")).Refusal!.Code.ShouldBe("chat_closed");
        (await ReadChat.Run(world.Data(), customer, booking.ChatId.Value, default)).OrThrow().CloseReason.ShouldBe(ChatCloseReason.Completed);
    }
}
