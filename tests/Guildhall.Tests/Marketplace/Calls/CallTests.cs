using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Calls;
using Guildhall.Marketplace.Moderation;
using Guildhall.Money.Refunds;

namespace Guildhall.Tests.Marketplace.Calls;

[Covers("B-7")]
public sealed class CallTests(TalkWorld world) : IClassFixture<TalkWorld>
{
    [Fact]
    public async Task One_side_rings_the_other_takes_it_signals_go_over_both_nodes_in_order_and_are_forgotten_at_the_end()
    {
        var (shop, customer, booking) = await AtItsTime();
        await using var mine = await world.Follows(customer, $"call:{booking.Id}", node: 0);
        await using var theirs = await world.Follows(shop.Provider, $"call:{booking.Id}", node: 1);
        var call = (await Rings(customer, booking.Id)).OrThrow();
        (await Kind(theirs)).ShouldBe("rang");
        (await Rings(shop.Provider, booking.Id, node: 1)).OrThrow().Id.ShouldBe(call.Id); // one call, whoever was faster
        (await Signals(customer, call.Id, SignalKind.Offer, "too early")).Refusal!.Code.ShouldBe("call_over");
        (await Answers(customer, call.Id, accept: true)).Refusal.ShouldBe(MarketplaceRefusals.CallNotYours);
        (await Answers(shop.Provider, call.Id, accept: true, node: 1)).OrThrow().State.ShouldBe(CallState.Accepted);
        (await Answers(shop.Provider, call.Id, accept: true)).Granted.ShouldBeTrue();

        (await Signals(customer, call.Id, SignalKind.Offer, "offer ٣")).Granted.ShouldBeTrue();
        for (var n = 0; n < 10; n++) (await Signals(n % 2 == 0 ? customer : shop.Provider, call.Id, SignalKind.Candidate, $"c{n}", node: n % 2)).Granted.ShouldBeTrue();
        (await Kind(theirs)).ShouldBe("accepted");
        var told = new List<string>();
        for (var n = 0; n < 11; n++) told.Add((await theirs.Next()).Data.GetProperty("data").GetProperty("body").GetString()!);
        told.ShouldBe(["offer ٣", .. Enumerable.Range(0, 10).Select(n => $"c{n}")]);
        await using (var again = await world.Follows(shop.Provider, $"call:{booking.Id}", node: 0, lastEventId: $"call:{booking.Id}=11"))
        {
            (await again.Next()).Data.GetProperty("seq").GetInt64().ShouldBe(12);
            (await again.Next()).Data.GetProperty("seq").GetInt64().ShouldBe(13);
        }

        (await HangUpCall.Run(world.Data(1), shop.Provider, call.Id, default)).OrThrow().State.ShouldBe(CallState.Ended);
        (await HangUpCall.Run(world.Data(), customer, call.Id, default)).OrThrow().State.ShouldBe(CallState.Ended);
        (await Kind(theirs)).ShouldBe("ended");
        (await world.Database.Count("marketplace.call_signals where booking_id = $1", booking.Id.Value)).ShouldBe(0);
        (await Signals(customer, call.Id, SignalKind.Offer, "late")).Refusal!.Code.ShouldBe("call_over");
        (await Rings(shop.Provider, booking.Id)).OrThrow().Id.ShouldNotBe(call.Id);
    }

    [Fact]
    public async Task Both_ring_at_the_same_moment_and_there_is_one_call()
    {
        var (shop, customer, booking) = await AtItsTime();
        var first = (await Rings(customer, booking.Id)).OrThrow();
        (await HangUpCall.Run(world.Data(), customer, first.Id, default)).OrThrow().State.ShouldBe(CallState.Cancelled);
        await using var gate = await Gate.Close(world.Database, "select 1 from marketplace.call_rooms where booking_id = $1 for update", booking.Id.Value);
        var both = new[] { Task.Run(() => Rings(customer, booking.Id)), Task.Run(() => Rings(shop.Provider, booking.Id, node: 1)) };
        await gate.OpenWhenWaiting(2);
        (await Task.WhenAll(both)).Select(r => r.OrThrow().Id).Distinct().Count().ShouldBe(1);
        (await world.Database.Count("marketplace.calls where booking_id = $1 and state = 'ringing'", booking.Id.Value)).ShouldBe(1);
    }

    [Fact]
    public async Task Nobody_calls_but_the_two_sides_of_a_paid_booking_around_its_time()
    {
        var (shop, customer) = (await world.Shop(), await world.Customer());
        var held = await shop.Holds(customer, world.InDays(3));
        (await Rings(customer, held.Id)).Refusal!.Code.ShouldBe("booking_not_confirmed");
        await shop.Captured(await shop.StartsToPay(customer, held), held.Price);
        (await Rings(customer, held.Id)).Refusal!.Code.ShouldBe("call_not_now");
        foreach (var stranger in new[] { MarketplaceWorld.Anybody(), MarketplaceWorld.Staff })
        {
            (await Rings(stranger, held.Id)).Refusal.ShouldBe(MarketplaceRefusals.BookingNotFound);
            (await ReadCalls.Run(world.Data(), stranger, held.Id, default)).Refusal.ShouldBe(MarketplaceRefusals.BookingNotFound);
            (await ReadCallServers.Run(world.Data(), TurnOptions.None, stranger, held.Id, default)).Refusal.ShouldBe(MarketplaceRefusals.BookingNotFound);
        }
        await world.Clock.Passes(held.StartsAt.AddMinutes(-9) - world.Clock.Now);
        await BlockPerson.Run(world.Data(), shop.Provider, (await shop.Sees(customer, held.Id)).ChatId!.Value, default);
        var call = (await Rings(customer, held.Id)).OrThrow(); // what is paid goes on
        foreach (var stranger in new[] { MarketplaceWorld.Anybody(), MarketplaceWorld.Staff })
        {
            (await HangUpCall.Run(world.Data(), stranger, call.Id, default)).Refusal.ShouldBe(MarketplaceRefusals.CallNotFound);
            (await StayInCall.Run(world.Data(), stranger, call.Id, default)).Refusal.ShouldBe(MarketplaceRefusals.CallNotFound);
            (await Answers(stranger, call.Id, accept: true)).Refusal.ShouldBe(MarketplaceRefusals.CallNotFound);
            (await Signals(stranger, call.Id, SignalKind.Offer, "x")).Refusal.ShouldBe(MarketplaceRefusals.CallNotFound);
            await using var refused = await world.Follows(stranger, $"call:{held.Id}");
            ((int)refused.Status).ShouldBe(404);
        }
        (await Answers(shop.Provider, call.Id, accept: false)).OrThrow().State.ShouldBe(CallState.Declined);
        (await StayInCall.Run(world.Data(), customer, call.Id, default)).Refusal!.Code.ShouldBe("call_over");
        await world.Clock.Passes(held.EndsAt.AddMinutes(31) - world.Clock.Now);
        (await Rings(customer, held.Id)).Refusal!.Code.ShouldBe("call_not_now");
    }

    [Fact]
    public async Task What_is_too_long_or_too_much_is_not_passed_on()
    {
        var (shop, customer, booking) = await AtItsTime();
        var call = (await Rings(customer, booking.Id)).OrThrow();
        await Answers(shop.Provider, call.Id, accept: true);
        foreach (var text in new[] { "", new string('x', 16_001), "nul\0" }) (await Signals(customer, call.Id, SignalKind.Candidate, text)).Refusal.ShouldBe(MarketplaceRefusals.SignalInvalid);
        (await Signals(customer, call.Id, SignalKind.Candidate, new string('x', 16_000))).Granted.ShouldBeTrue();
        var tight = new RateLimits(world.Data());
        var answers = new List<Result<Done>>();
        for (var n = 0; n < 300 && answers.TrueForAll(a => a.Granted); n++) answers.Add(await SignalCall.Run(world.Data(), tight, shop.Provider, call.Id, new SignalCall.Body(SignalKind.Candidate, "c"), default));
        answers[^1].Refusal!.Code.ShouldBe(FoundationRefusals.RateLimited.Code);
        await world.Database.Execute("insert into marketplace.call_signals select $1, 1000 + n, $2, $3, 'candidate', 'c', now() from generate_series(1, 500) n", booking.Id.Value, call.Id.Value, customer.AccountId!.Value);
        (await Signals(customer, call.Id, SignalKind.Candidate, "one more")).Refusal.ShouldBe(MarketplaceRefusals.SignalsSpent);
    }

    [Fact]
    public async Task Who_is_no_longer_heard_of_left_at_their_last_sign_of_life_and_an_empty_call_ends_there()
    {
        var (shop, customer, booking) = await AtItsTime();
        var call = (await Rings(customer, booking.Id)).OrThrow();
        await Answers(shop.Provider, call.Id, accept: true);
        foreach (var side in new[] { customer, shop.Provider }) (await StayInCall.Run(world.Data(), side, call.Id, default)).Granted.ShouldBeTrue();
        await world.Clock.Passes(TimeSpan.FromSeconds(10));
        (await StayInCall.Run(world.Data(1), customer, call.Id, default)).Granted.ShouldBeTrue();
        await world.Clock.Passes(TimeSpan.FromSeconds(6));
        (await StayInCall.Run(world.Data(), customer, call.Id, default)).Granted.ShouldBeTrue();
        await world.Data().InTransaction(tx => TidyCalls.Run(tx, new TidyCalls(booking.Id)));
        var gone = (await Left(shop.Provider))!.Value;
        (gone - (await Joined(shop.Provider))!.Value).ShouldBeLessThan(TimeSpan.FromSeconds(5)); // at the first and only sign, not when it was found out
        (await Left(customer)).ShouldBeNull();
        (await StayInCall.Run(world.Data(1), shop.Provider, call.Id, default)).Granted.ShouldBeTrue(); // back, anew
        (await world.Database.Count("marketplace.call_events where booking_id = $1 and kind = 'joined'", booking.Id.Value)).ShouldBe(3);

        await world.Clock.Passes(TimeSpan.FromSeconds(90));
        await world.EventuallyOr("The call was to end", async () => (await ReadCalls.Run(world.Data(), customer, booking.Id, default)).OrThrow().Live is null);
        var over = (await ReadCalls.Run(world.Data(), customer, booking.Id, default)).OrThrow().Calls[0];
        (world.Clock.Now - over.EndedAt!.Value).ShouldBeGreaterThan(TimeSpan.FromSeconds(85));
        (await world.Database.Count("marketplace.call_presences where booking_id = $1 and left_at > seen_at", booking.Id.Value)).ShouldBe(0);

        Task<DateTime?> Left(Caller who) => First(who, "left");
        Task<DateTime?> Joined(Caller who) => First(who, "joined");
        async Task<DateTime?> First(Caller who, string kind) => await world.Database.Column<DateTime>(
            "select at from marketplace.call_events where booking_id = $1 and kind = $2 and person_id = $3 order by seq limit 1", booking.Id.Value, kind, who.AccountId!.Value) is [var at, ..] ? at : null;
    }

    [Theory, Covers("marketplace-25")]
    [InlineData(false), InlineData(true)]
    public async Task A_call_ends_with_its_booking_and_is_refused_at_once_on_every_node(bool refunded)
    {
        var (shop, customer, booking) = await AtItsTime();
        await using var stream = await world.Follows(customer, $"call:{booking.Id}", node: 1);
        var call = (await Rings(customer, booking.Id)).OrThrow();
        await Answers(shop.Provider, call.Id, accept: true);
        foreach (var side in new[] { customer, shop.Provider }) (await StayInCall.Run(world.Data(), side, call.Id, default)).Granted.ShouldBeTrue();
        (await Signals(customer, call.Id, SignalKind.Offer, "offer")).Granted.ShouldBeTrue();

        if (refunded) (await world.Data().InTransaction(tx => RequestRefund.Run(tx, Caller.System("test"), booking.OrderId, amount: null, "Asked for."))).OrThrow();
        else (await shop.Cancels(shop.Provider, booking.Id)).Granted.ShouldBeTrue();
        foreach (var node in new[] { 0, 1 })
            foreach (var side in new[] { customer, shop.Provider })
            {
                (await StayInCall.Run(world.Data(node), side, call.Id, default)).Refusal!.Code.ShouldBe("call_over");
                (await Signals(side, call.Id, SignalKind.Candidate, "after", node)).Refusal!.Code.ShouldBe("call_over");
            }
        (await ReadCalls.Run(world.Data(1), customer, booking.Id, default)).OrThrow().Calls.Single().State.ShouldBe(CallState.Ended);
        (await world.Database.Count("marketplace.call_presences where booking_id = $1 and left_at is null", booking.Id.Value)).ShouldBe(0);
        (await world.Database.Count("marketplace.call_signals where booking_id = $1", booking.Id.Value)).ShouldBe(0);
        var told = new List<string>();
        while (told.LastOrDefault() != "ended") told.Add(await Kind(stream));
    }

    [Fact, Covers("marketplace-25")]
    public async Task A_call_that_rings_while_its_booking_is_cancelled_is_not_taken()
    {
        var (shop, customer, booking) = await AtItsTime();
        var call = (await Rings(customer, booking.Id)).OrThrow();
        // As a ring leaves it that the cancellation did not see.
        await world.Database.Execute("update marketplace.calls set state = 'cancelled', ended_at = rung_at where id = $1", call.Id.Value);
        (await shop.Cancels(shop.Provider, booking.Id)).Granted.ShouldBeTrue();
        await world.Database.Execute("update marketplace.calls set state = 'ringing', ended_at = null where id = $1", call.Id.Value);
        (await Answers(shop.Provider, call.Id, accept: true, node: 1)).Refusal!.Code.ShouldBe("call_over");
        (await Signals(customer, call.Id, SignalKind.Offer, "offer")).Refusal!.Code.ShouldBe("call_over");
    }

    [Fact]
    public async Task A_call_that_nobody_takes_is_missed_and_told_once()
    {
        var (shop, customer, booking) = await AtItsTime();
        var call = (await Rings(customer, booking.Id)).OrThrow();
        await world.Clock.Passes(TimeSpan.FromSeconds(46));
        await world.EventuallyOr("The provider was to be told", async () => await world.Database.Count("messaging.notices where person_id = $1 and template = 'call_missed'", shop.Provider.AccountId!.Value) == 1);
        (await Answers(shop.Provider, call.Id, accept: true)).Refusal!.Code.ShouldBe("call_over");
        (await ReadCalls.Run(world.Data(), customer, booking.Id, default)).OrThrow().Calls.Single().State.ShouldBe(CallState.Missed);
        (await world.Database.Value<string>("select string_agg(kind, ' ' order by seq) from marketplace.call_events where booking_id = $1", booking.Id.Value)).ShouldBe("rang missed");
    }

    [Fact]
    public async Task The_credential_of_a_server_is_the_one_coturn_works_out_and_ends_with_the_booking()
    {
        ReadCallServers.Credential("a-secret-of-sixteen", DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), "bkg_1").ShouldBe(("1700000000:bkg_1", "uRyU9kSYlZUC7Kk04F+xUHIjPKU="));
        var (_, customer, booking) = await AtItsTime();
        var view = (await ReadCallServers.Run(world.Data(), new TurnOptions(["turn:turn.example.test:3478"], "a-secret-of-sixteen"), customer, booking.Id, default)).OrThrow();
        (view.DirectOnly, view.ExpiresAt).ShouldBe((false, booking.EndsAt.AddHours(1)));
        view.Servers.Single().Username.ShouldBe($"{booking.EndsAt.AddHours(1).ToUnixTimeSeconds()}:{booking.Id}");
        (await ReadCallServers.Run(world.Data(), TurnOptions.None, customer, booking.Id, default)).OrThrow().DirectOnly.ShouldBeTrue();
    }

    private static async Task<string> Kind(EventReader stream) => (await stream.Next(TimeSpan.FromSeconds(3))).Data.GetProperty("data").GetProperty("kind").GetString()!;

    private Task<Result<CallView>> Rings(Caller who, BookingId booking, int node = 0) => RingCall.Run(world.Data(node), world.Get<RateLimits>(node), who, booking, default);

    private Task<Result<CallView>> Answers(Caller who, CallId call, bool accept, int node = 0) => AnswerCall.Run(world.Data(node), who, call, accept, default);

    private Task<Result<Done>> Signals(Caller who, CallId call, SignalKind kind, string text, int node = 0) =>
        SignalCall.Run(world.Data(node), world.Get<RateLimits>(node), who, call, new SignalCall.Body(kind, text), default);

    private async Task<(Shop, Caller, BookingView)> AtItsTime()
    {
        var (shop, customer) = (await world.Shop(), await world.Customer());
        var booking = await shop.Books(customer, world.InDays(3));
        await world.Clock.Passes(booking.StartsAt.AddSeconds(1) - world.Clock.Now);
        return (shop, customer, booking);
    }
}
