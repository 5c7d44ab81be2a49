using Guildhall.Marketplace;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Catalog;
using Guildhall.Money;
using Guildhall.Money.Gateways;
using Guildhall.Money.Payments;

namespace Guildhall.Tests.Marketplace.Bookings;

[Covers("B-4")]
public sealed class DecideRequestTests(MarketplaceWorld world) : IClassFixture<MarketplaceWorld>
{
    [Fact]
    public async Task Nothing_is_paid_before_the_yes_and_the_time_to_pay_begins_with_it()
    {
        var (shop, customer) = (await AsksFirst(), await world.Customer());
        var asked = await shop.Holds(customer, world.InDays(5));
        (asked.State, asked.Approval, asked.HoldUntil).ShouldBe((BookingState.Held, Approval.Asked, asked.CreatedAt.AddHours(24)));
        (await Told(shop.Provider.AccountId!.Value, "booking_requested", asked)).ShouldBe(1);
        (await TriesToPay(customer, asked)).Refusal.ShouldBe(MoneyRefusals.OrderAwaitsApproval);
        (await shop.TriesToHold(MarketplaceWorld.Anybody(), world.InDays(5))).Refusal!.Code.ShouldBe("slot_unavailable");
        (await DecideRequest.Approve(world.Data(), customer, asked.Id, default)).Refusal.ShouldBe(MarketplaceRefusals.OnlyTheProvider);
        (await DecideRequest.Approve(world.Data(), MarketplaceWorld.Anybody(), asked.Id, default)).Refusal.ShouldBe(MarketplaceRefusals.BookingNotFound);

        await world.Clock.Passes(20.Hours());
        var approved = (await DecideRequest.Approve(world.Data(), shop.Provider, asked.Id, default)).OrThrow();
        (approved.State, approved.Approval).ShouldBe((BookingState.Held, Approval.Given));
        (approved.HoldUntil - world.Clock.Now).ShouldBeInRange(11.Hours(), 12.Hours());
        (await DecideRequest.Approve(world.Data(), shop.Provider, asked.Id, default)).OrThrow().HoldUntil.ShouldBe(approved.HoldUntil); // once more changes nothing
        (await DecideRequest.Decline(world.Data(), shop.Provider, asked.Id, new DecideRequest.Body(), default)).Refusal.ShouldBe(MarketplaceRefusals.RequestOver);
        (await Told(customer.AccountId!.Value, "booking_request_approved", asked)).ShouldBe(1);
        await world.Clock.Passes(8.Hours()); // the first deadline is over, the time to pay is not
        await world.JobsAreDone();
        await shop.Captured((await TriesToPay(customer, asked)).OrThrow().Id, asked.Price);
        (await shop.Sees(customer, asked.Id)).State.ShouldBe(BookingState.Confirmed);
    }

    [Fact, Covers("marketplace-4")]
    public async Task A_no_whose_answer_was_lost_is_said_again_and_found_done()
    {
        var (shop, customer) = (await AsksFirst(), await world.Customer());
        var asked = await shop.Holds(customer, world.InDays(5));
        var asks = shop.Provider with { OperationId = Guid.CreateVersion7() };
        for (var time = 0; time < 2; time++) (await DecideRequest.Decline(world.Data(time), asks, asked.Id, new DecideRequest.Body("Away."), default)).OrThrow().State.ShouldBe(BookingState.Cancelled);
        (await DecideRequest.Decline(world.Data(), shop.Provider with { OperationId = Guid.CreateVersion7() }, asked.Id, new DecideRequest.Body("Away."), default)).Refusal!.Code.ShouldBe("request_over");
        (await Told(customer.AccountId!.Value, "booking_request_declined", asked)).ShouldBe(1);
    }

    [Fact]
    public async Task A_no_and_silence_give_the_time_back_and_nothing_is_ever_charged()
    {
        var (shop, customer) = (await AsksFirst(), await world.Customer());
        var asked = await shop.Holds(customer, world.InDays(5));
        var declined = (await DecideRequest.Decline(world.Data(), shop.Provider, asked.Id, new DecideRequest.Body("Call me on +965 5512 3456."), default)).OrThrow();
        (declined.State, declined.CancelledBy).ShouldBe((BookingState.Cancelled, CancelledBy.Provider));
        (await shop.Sees(customer, asked.Id)).CancelReason!.ShouldNotContain("5512");
        (await Told(customer.AccountId!.Value, "booking_request_declined", asked)).ShouldBe(1);
        (await shop.Claims(asked.Id)).ShouldBe(0);
        (await TriesToPay(customer, asked)).Refusal.ShouldBe(MoneyRefusals.OrderNotOpen);
        (await DecideRequest.Approve(world.Data(), shop.Provider, asked.Id, default)).Refusal!.Code.ShouldBe("request_over");

        var silent = await shop.Holds(customer, world.InDays(6));
        await world.Clock.Passes(25.Hours());
        await world.EventuallyOr("The request did not expire", async () => (await shop.Sees(customer, silent.Id)).State == BookingState.Expired);
        (await Told(customer.AccountId!.Value, "booking_request_expired", silent)).ShouldBe(1);
        (await shop.Claims(silent.Id)).ShouldBe(0);
        (await world.Database.Count("money.payments where order_id = any ($1)", new[] { asked.OrderId.Value, silent.OrderId.Value })).ShouldBe(0);
        (await DecideRequest.Approve(world.Data(), shop.Provider, silent.Id, default)).Refusal!.Code.ShouldBe("request_over");

        // Not the customer's fault: neither counts against their next hold. The deadline is never after the beginning.
        await world.Database.Execute("update marketplace.services set asks_approval = false where id = $1", shop.Service.Value);
        (await shop.Holds(customer, world.InDays(7))).HoldUntil.ShouldBeInRange(world.Clock.Now.AddMinutes(9), world.Clock.Now.AddMinutes(11));
        await world.Database.Execute("update marketplace.services set asks_approval = true where id = $1", shop.Service.Value);
        var soon = world.Clock.Now.UtcDateTime.Date.AddHours(world.Clock.Now.Hour + 3);
        (await shop.Holds(await world.Customer(), new DateTimeOffset(soon, TimeSpan.Zero))).HoldUntil.ShouldBe(new DateTimeOffset(soon, TimeSpan.Zero));
        var plain = await world.Shop();
        var held = await plain.Holds(customer, world.InDays(8));
        (await DecideRequest.Approve(world.Data(), plain.Provider, held.Id, default)).Refusal.ShouldBe(MarketplaceRefusals.NothingAsked);
    }

    [Fact]
    public async Task A_yes_that_was_first_is_not_undone_by_the_deadline_that_waited_for_it()
    {
        var (shop, customer) = (await AsksFirst(), await world.Customer());
        var asked = await shop.Holds(customer, world.InDays(5));
        foreach (var of in new[] { "bookings set hold_until = $2 where id = $1", "claims set hold_until = $2 where booking_id = $1" }) // half an hour to answer
            await world.Database.Execute("update marketplace." + of, asked.Id.Value, world.Clock.Now.AddMinutes(30));
        Task<Result<BookingView>> yes;
        await using (var gate = await Gate.Close(world.Database, "select 1 from money.orders where id = $1 for update", asked.OrderId.Value))
        {
            yes = Task.Run(() => DecideRequest.Approve(world.Data(), shop.Provider, asked.Id, default));
            await Eventually.True(async () => await gate.Waiting() >= 1, "The yes was expected at the gate.");
            await world.Clock.Passes(31.Minutes());
            await gate.OpenWhenWaiting(2); // the sweeper is behind it
        }
        (await yes).OrThrow().Approval.ShouldBe(Approval.Given);
        await world.JobsAreDone();
        (await world.Database.Value<string>("select state from money.orders where id = $1", asked.OrderId.Value)).ShouldBe("open");
    }

    [Fact]
    public async Task A_yes_after_the_deadline_finds_it_over()
    {
        var (shop, customer) = (await AsksFirst(), await world.Customer());
        var asked = await shop.Holds(customer, world.InDays(5));
        await using var gate = await Gate.Close(world.Database, "select 1 from money.orders where id = $1 for update", asked.OrderId.Value);
        await world.Clock.Passes(24.Hours() + 1.Minutes());
        await Eventually.True(async () => await gate.Waiting() >= 1, "The sweeper was expected at the gate.");
        var yes = Task.Run(() => DecideRequest.Approve(world.Data(), shop.Provider, asked.Id, default));
        await gate.OpenWhenWaiting(2);
        (await yes).Refusal!.Code.ShouldBe("request_over");
        await world.EventuallyOr("The request did not expire", async () => (await shop.Sees(customer, asked.Id)).State == BookingState.Expired);
    }

    [Fact]
    public async Task Over_http_a_stranger_sees_none_of_it()
    {
        var shop = await AsksFirst();
        var (customer, stranger) = (await world.Person(), await world.Person());
        (await world.Visitor().Get($"services/{shop.Service}")).Must().At("asksApproval").GetBoolean().ShouldBeTrue();
        var asked = (await customer.Post("bookings", new { serviceId = shop.Service.ToString(), start = world.InDays(5) })).Must(201);
        asked.Word("approval").ShouldBe("asked");
        foreach (var act in new[] { "approve", "decline" }) (await stranger.Post($"bookings/{asked.Word("id")}/actions/{act}", new { })).MustRefuse(MarketplaceRefusals.BookingNotFound);
        (await customer.Post($"orders/{asked.Word("orderId")}/payments")).MustRefuse(MoneyRefusals.OrderAwaitsApproval);
        (await customer.Post($"bookings/{asked.Word("id")}/actions/cancel", new { })).Must().Word("state").ShouldBe("cancelled");
    }

    private async Task<Shop> AsksFirst()
    {
        var shop = await world.Shop();
        var seen = (await SetSaleRules.Read(world.Data(), shop.Provider, shop.Service, default)).OrThrow();
        (await SetSaleRules.Run(world.Data(), shop.Provider, shop.Service, new SetSaleRules.Body([], seen.Revision, AsksApproval: true), default)).OrThrow().AsksApproval.ShouldBeTrue();
        return shop;
    }

    private Task<Result<PaymentView>> TriesToPay(Guildhall.Foundation.Security.Caller customer, BookingView booking) =>
        StartPayment.Run(world.Data(), world.Get<GatewayBook>(), customer, booking.OrderId, default);

    private Task<long> Told(Guid person, string template, BookingView booking) =>
        world.Database.Count("messaging.notices where person_id = $1 and template = $2 and unique_key = $3", person, template, booking.Id.ToString());
}
