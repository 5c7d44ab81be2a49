using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Absences;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Calls;
using Guildhall.Marketplace.Catalog;

namespace Guildhall.Tests.Marketplace.Calls;

[Covers("B-7", "B-5", "marketplace-24")]
public sealed class CallMinutesTests(MarketplaceWorld world) : IClassFixture<MarketplaceWorld>
{
    private const long Second = 1_000_000;

    [Theory]
    [InlineData(0, 0), InlineData(1, 1), InlineData(60 * Second, 1), InlineData((60 * Second) + 1, 2), InlineData(179 * Second, 3), InlineData(180 * Second, 3)]
    public void A_minute_that_was_begun_counts(long together, long minutes) => CallMinutes.Begun(together).ShouldBe(minutes);

    [Theory]
    [InlineData(15_000, 500, 1, 10, 14_500)]
    [InlineData(15_000, 500, 30, 10, 0)]
    [InlineData(15_000, 500, 31, 10, 0)]
    [InlineData(15_000, 500, long.MaxValue / 1000, 10, 0)]
    [InlineData(15_015, 77, 3, 10, 14_790)] // rounded up: nobody pays more than their minutes
    [InlineData(90, 3, 1, 50, 50)] // but never everything
    public void What_was_not_used_goes_back_and_never_more_than_was_held_is_kept(long left, long minute, long begun, long step, long back) =>
        CallMinutes.Unused(new Amount(left, Currency.Of("KWD")), minute, begun, step).Minor.ShouldBe(back);

    [Fact]
    public async Task A_call_settles_to_the_time_both_were_there_and_the_rest_goes_back()
    {
        var (shop, customer, booking, call) = await InACall();
        (await Stays(customer, call)).Granted.ShouldBeTrue();
        await world.Clock.Passes(TimeSpan.FromSeconds(9)); // alone: nothing of it counts
        await Stays(customer, call);
        await Stays(shop.Provider, call, node: 1);
        for (var n = 0; n < 8; n++)
        {
            await world.Clock.Passes(TimeSpan.FromSeconds(8));
            await Stays(customer, call, node: n % 2);
            await Stays(shop.Provider, call);
        }
        (await shop.Cancels(customer, booking.Id)).Refusal.ShouldBe(MarketplaceRefusals.MinutesUsed);
        (await shop.Completes(shop.Provider, booking.Id)).Refusal.ShouldBe(MarketplaceRefusals.CallRunning);
        (await HangUpCall.Run(world.Data(1), customer, call, default)).OrThrow().State.ShouldBe(CallState.Ended);
        (await shop.Sees(customer, booking.Id)).State.ShouldBe(BookingState.Confirmed); // they may call again
        await world.Clock.Passes(TimeSpan.FromSeconds(121));
        await world.EventuallyOr("It was to be settled", async () => (await shop.Sees(customer, booking.Id)).State == BookingState.Completed);
        await world.JobsAreDone(); // the booking hears of its refund a moment later
        (await shop.Sees(customer, booking.Id)).Refund.Minor.ShouldBe(15_000 - (2 * 500)); // a minute and some seconds
        (await shop.Refunds(booking.OrderId), await shop.Owes("escrow", booking.OrderId), await shop.Owes("provider_available", booking.OrderId)).ShouldBe((14_000, 0, 850));
        (await world.Database.Count("foundation.audit where action = 'booking.minutes_settled' and subject_id = $1", booking.Id.ToString())).ShouldBe(1);
    }

    [Fact]
    public async Task However_long_they_were_there_no_more_is_kept_than_was_held()
    {
        var (shop, customer, booking, call) = await InACall();
        await Were(booking, call, customer, 0, 7200);
        await Were(booking, call, shop.Provider, -300, 7300);
        await Ended(call);
        (await shop.Completes(shop.Provider, booking.Id)).OrThrow().Refund.Minor.ShouldBe(0);
        (await shop.Refunds(booking.OrderId), await shop.Owes("provider_available", booking.OrderId)).ShouldBe((0, 15_000 * 85 / 100));
    }

    [Fact]
    public async Task A_call_that_begins_while_it_is_completed_is_either_waited_for_or_refused()
    {
        var (shop, customer, booking, call) = await InACall();
        await Were(booking, call, customer, 0, 100);
        await Were(booking, call, shop.Provider, 0, 100);
        await Ended(call);
        await using var gate = await Gate.Close(world.Database, "select 1 from marketplace.call_rooms where booking_id = $1 for update", booking.Id.Value);
        var completing = shop.Completes(shop.Provider, booking.Id);
        var ringing = RingCall.Run(world.Data(1), world.Get<RateLimits>(1), customer, booking.Id, default);
        await gate.OpenWhenWaiting(2);
        var (completed, rang) = (await completing, await ringing);
        (completed.Refusal?.Code, rang.Refusal?.Code).ShouldBeOneOf((null, "booking_not_confirmed"), ("call_running", null));
    }

    [Fact]
    public async Task Only_where_both_were_there_counts_over_all_calls_and_two_windows_of_one_side_count_once()
    {
        var (shop, customer, booking, call) = await InACall();
        await Were(booking, call, customer, 0, 100);
        await Were(booking, call, customer, 50, 200);
        await Were(booking, call, customer, 400, 500);
        await Were(booking, call, shop.Provider, 90, 150); // 60 seconds
        await Were(booking, call, shop.Provider, 300, 421); // 21 seconds
        (await ReadCalls.Run(world.Data(), customer, booking.Id, default)).OrThrow().SecondsTogether.ShouldBe(81);
        await Ended(call);
        (await shop.Completes(shop.Provider, booking.Id)).OrThrow().Refund.Minor.ShouldBe(14_000);
    }

    [Fact]
    public async Task Where_nobody_met_nothing_is_earned_and_the_rules_for_no_shows_decide()
    {
        var (shop, customer, booking, call) = await InACall();
        await Stays(shop.Provider, call);
        await HangUpCall.Run(world.Data(), shop.Provider, call, default);
        (await shop.Completes(shop.Provider, booking.Id)).Refusal.ShouldBe(MarketplaceRefusals.MinutesNone);
        await world.Clock.Passes(TimeSpan.FromSeconds(150));
        await world.JobsAreDone();
        ((await shop.Sees(customer, booking.Id)).State, await shop.Refunds(booking.OrderId)).ShouldBe((BookingState.Confirmed, 0));
        (await shop.Cancels(shop.Provider, booking.Id)).OrThrow().Refund.Minor.ShouldBe(15_000);
    }

    [Fact]
    public async Task Settled_from_both_nodes_and_by_itself_at_once_it_is_settled_once()
    {
        var (shop, customer, booking, call) = await InACall();
        await Were(booking, call, customer, 0, 125);
        await Were(booking, call, shop.Provider, 0, 125);
        await Ended(call);
        await using var gate = await Gate.Close(world.Database, "select 1 from money.orders where id = $1 for update", booking.OrderId.Value);
        var all = new[] { 0, 1 }.Select(node => Task.Run(() => shop.Completes(shop.Provider, booking.Id, node))).ToList();
        var job = Task.Run(() => world.Data(1).InTransaction(async tx => { await SettleMinutes.Run(tx, new SettleMinutes(booking.Id)); return true; }));
        await gate.OpenWhenWaiting(3);
        await Task.WhenAll([.. all, job]);
        (await shop.Refunds(booking.OrderId), await world.Database.Count("money.refunds where order_id = $1", booking.OrderId.Value)).ShouldBe((13_500, 1));
        (await shop.Owes("provider_available", booking.OrderId)).ShouldBe(1_275);
    }

    [Fact]
    public async Task Who_met_before_the_beginning_keeps_the_time_that_was_sold()
    {
        var (shop, customer, booking, call) = await InACall(early: TimeSpan.FromMinutes(9));
        await Stays(customer, call);
        await Stays(shop.Provider, call);
        await world.Clock.Passes(TimeSpan.FromSeconds(10));
        await Stays(shop.Provider, call);
        await HangUpCall.Run(world.Data(), customer, call, default);
        await world.Clock.Passes(TimeSpan.FromSeconds(130));
        await world.JobsAreDone();
        ((await shop.Sees(customer, booking.Id)).State, await shop.Refunds(booking.OrderId)).ShouldBe((BookingState.Confirmed, 0));
        await world.Clock.Passes(TimeSpan.FromMinutes(10));
        await world.EventuallyOr("It was to be settled", async () => (await shop.Sees(customer, booking.Id)).State == BookingState.Completed);
        (await shop.Refunds(booking.OrderId)).ShouldBe(14_500);
    }

    [Fact]
    public async Task A_report_that_is_taken_back_leaves_no_minutes_unsettled()
    {
        var (shop, customer, booking, call) = await InACall();
        await Stays(customer, call);
        await Stays(shop.Provider, call);
        await world.Clock.Passes(TimeSpan.FromSeconds(10));
        await Stays(shop.Provider, call);
        await HangUpCall.Run(world.Data(), customer, call, default);
        await world.Clock.Passes(TimeSpan.FromSeconds(100));
        await world.Database.Execute("""
            insert into marketplace.absences (id, booking_id, state, reported_by, reported_at, answer_until) values (gen_random_uuid(), $1, 'reported', 'customer', $2, $2 + interval '1 day')
            """, booking.Id.Value, world.Clock.Now);
        await world.Clock.Passes(TimeSpan.FromSeconds(30));
        await world.JobsAreDone();
        (await shop.Sees(customer, booking.Id)).State.ShouldBe(BookingState.Confirmed);
        (await AnswerAbsence.Withdraw(world.Data(), customer, booking.Id, default)).OrThrow();
        await world.Clock.Passes(TimeSpan.FromHours(7));
        await world.EventuallyOr("It was to be settled", async () => (await shop.Sees(customer, booking.Id)).State == BookingState.Completed);
    }

    [Theory]
    [InlineData(CallState.Missed), InlineData(CallState.Declined), InlineData(CallState.Cancelled)]
    public async Task Who_rings_once_more_and_reaches_nobody_leaves_no_minutes_unsettled(CallState end)
    {
        var (shop, customer, booking, call) = await InACall();
        await Stays(customer, call);
        await Stays(shop.Provider, call);
        await world.Clock.Passes(TimeSpan.FromSeconds(10));
        await Stays(shop.Provider, call);
        await HangUpCall.Run(world.Data(), customer, call, default);
        await world.Clock.Passes(TimeSpan.FromSeconds(100));
        var again = (await RingCall.Run(world.Data(), world.Get<RateLimits>(), customer, booking.Id, default)).OrThrow();
        await world.Clock.Passes(TimeSpan.FromSeconds(21)); // two minutes after the first call, while it rings
        await world.JobsAreDone();
        (await shop.Sees(customer, booking.Id)).State.ShouldBe(BookingState.Confirmed);
        if (end == CallState.Declined) (await AnswerCall.Run(world.Data(1), shop.Provider, again.Id, accept: false, default)).OrThrow().State.ShouldBe(end);
        if (end == CallState.Cancelled) (await HangUpCall.Run(world.Data(), customer, again.Id, default)).OrThrow().State.ShouldBe(end);
        await world.Clock.Passes(TimeSpan.FromSeconds(60)); // a miss is noted by then
        await world.EventuallyOr("The ringing was to end", async () => (await ReadCalls.Run(world.Data(), customer, booking.Id, default)).OrThrow().Live is null);
        await world.Clock.Passes(TimeSpan.FromSeconds(125));
        await world.EventuallyOr("It was to be settled", async () => (await shop.Sees(customer, booking.Id)).State == BookingState.Completed);
        (await shop.Refunds(booking.OrderId)).ShouldBe(14_500);
    }

    [Fact]
    public async Task A_service_by_the_minute_costs_all_its_minutes_first_and_is_a_consultation()
    {
        var shop = await world.Shop();
        var body = new EditService.Body("By the minute", "Advice.", ServiceKind.Consultation, 30, 0, new Amount(500, Currency.Of("KWD")), PerMinute: true);
        var item = (await EditService.Add(world.Data(), shop.Provider, body, default)).OrThrow();
        (item.Service.Price.Minor, item.Service.MinutePrice!.Value.Minor).ShouldBe((15_000, 500));
        var wrong = (await EditService.Add(world.Data(), shop.Provider, body with { Kind = ServiceKind.Visit }, default)).Refusal!;
        ((IReadOnlyDictionary<string, string>)wrong.Details!["fields"]!).Keys.ShouldBe(["perMinute"]);
        var plain = (await EditService.Change(world.Data(), shop.Provider, item.Service.Id, body with { PerMinute = false, Revision = item.Revision }, default)).OrThrow();
        (plain.Service.Price.Minor, plain.Service.MinutePrice).ShouldBe((500, null));
    }

    private async Task<(Shop, Caller, BookingView, CallId)> InACall(TimeSpan early = default)
    {
        var (shop, customer) = (await world.Shop(minutes: 30, priceMinor: 15_000), await world.Customer());
        await world.Database.Execute("update marketplace.services set minute_minor = 500 where id = $1", shop.Service.Value);
        // Paid at the gateway: what it does not know it does not refund.
        var held = await shop.Holds(customer, world.InDays(3));
        var payment = await shop.StartsToPay(customer, held);
        await world.Gateway.Pays(await world.Database.Value<string>("select gateway_ref from money.payments where id = $1", payment.Value), "success");
        var booking = await Eventually.Get(() => shop.Sees(customer, held.Id), b => b.State == BookingState.Confirmed, "It was to be confirmed");
        (booking.Price.Minor, booking.MinutePrice!.Value.Minor).ShouldBe((15_000, 500));
        await world.Clock.Passes(booking.StartsAt.AddSeconds(1) - early - world.Clock.Now);
        var call = (await RingCall.Run(world.Data(), world.Get<RateLimits>(), customer, booking.Id, default)).OrThrow();
        (await AnswerCall.Run(world.Data(1), shop.Provider, call.Id, accept: true, default)).Granted.ShouldBeTrue();
        return (shop, customer, booking, call.Id);
    }

    private Task<Result<Done>> Stays(Caller who, CallId call, int node = 0) => StayInCall.Run(world.Data(node), who, call, default);

    // Where the clock need not be moved beat by beat.
    private Task Were(BookingView booking, CallId call, Caller who, int from, int until) => world.Database.Execute("""
        insert into marketplace.call_presences (id, booking_id, call_id, person_id, joined_at, seen_at, left_at) 
        values (gen_random_uuid(), $1, $2, $3, $4 + $5 * interval '1 second', $4 + $6 * interval '1 second', $4 + $6 * interval '1 second')
        """, booking.Id.Value, call.Value, who.AccountId!.Value, booking.StartsAt, from, until);

    private Task Ended(CallId call) => world.Database.Execute("update marketplace.calls set state = 'ended', ended_at = answered_at where id = $1", call.Value);
}
