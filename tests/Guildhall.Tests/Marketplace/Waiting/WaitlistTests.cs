using Guildhall.Foundation.Security;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Waiting;

namespace Guildhall.Tests.Marketplace.Waiting;

[Covers("B-4")]
public sealed class WaitlistTests(MarketplaceWorld world) : IClassFixture<MarketplaceWorld>
{
    [Fact]
    public async Task Who_waits_is_told_of_what_was_given_up_and_the_first_to_hold_it_has_it()
    {
        var shop = await world.Shop();
        var (seller, one, other) = (await world.Customer(), await world.Customer(), await world.Customer());
        var booked = await shop.Books(seller, world.InDays(5));
        foreach (var person in new[] { one, other }) await Waits(shop, person, 5, 6);
        await Waits(shop, await world.Customer(), 8, 9); // other days
        (await shop.Cancels(seller, booked.Id)).OrThrow();
        await world.JobsAreDone();
        foreach (var person in new[] { one, other }) (await Told(person)).ShouldBe(1);
        (await world.Database.Count("messaging.notices where template = 'waiting_time_free' and facts->>'link' like $1", $"/services/{shop.Service}?slot=%")).ShouldBe(2);

        await using (var gate = await Gate.Close(world.Database, "select pg_advisory_xact_lock(hashtextextended($1, 0))", $"resource:{shop.Id.Value:n}"))
        {
            var takers = new[] { Task.Run(() => shop.TriesToHold(one, world.InDays(5))), Task.Run(() => shop.TriesToHold(other, world.InDays(5), node: 1)) };
            await gate.OpenWhenWaiting(2);
            var results = await Task.WhenAll(takers);
            results.Count(r => r.Granted).ShouldBe(1);
            results.Single(r => !r.Granted).Refusal!.Code.ShouldBe("slot_unavailable");
            var (winner, loser) = results[0].Granted ? (one, other) : (other, one);
            var held = results.Single(r => r.Granted).Value!;
            (await Waiting(loser)).ShouldHaveSingleItem().Told.ShouldBe(1);

            // Not paid in time: it is free again, and both are told again. Who has paid waits no longer.
            await world.Clock.Passes(11.Minutes());
            await world.EventuallyOr("The hold did not expire", async () => (await shop.Sees(winner, held.Id)).State == BookingState.Expired);
            await world.JobsAreDone();
            (await Told(loser)).ShouldBe(2);
            await shop.Books(loser, world.InDays(5));
            (await Waiting(loser)).ShouldBeEmpty();
            (await Waiting(winner)).ShouldHaveSingleItem();
        }
        (await world.Overlaps()).ShouldBe(0);
    }

    [Fact]
    public async Task Nobody_is_told_of_a_time_that_is_not_free_when_it_is_said()
    {
        var shop = await world.Shop();
        var (seller, waiter) = (await world.Customer(), await world.Customer());
        await Waits(shop, waiter, 5, 6);
        var (booked, another) = (await shop.Books(seller, world.InDays(5)), await shop.Books(await world.Customer(), world.InDays(12)));
        await using (await Gate.Close(world.Database, "lock table marketplace.hour_exceptions in access exclusive mode")) // whoever looks for free times waits
        {
            (await shop.Cancels(seller, booked.Id)).OrThrow();
            await Claims(another, world.InDays(5)); // somebody else has the time already
        }
        await world.JobsAreDone();
        (await Told(waiter)).ShouldBe(0);

        await Claims(another, another.StartsAt);
        var again = await shop.Books(seller, world.InDays(5));
        var moved = (await shop.Moves(seller, again, world.InDays(9))).OrThrow();
        await world.JobsAreDone();
        (await Told(waiter)).ShouldBe(1); // the time that a move gave up
        await world.Database.Execute("delete from marketplace.weekly_hours where provider_id = $1", shop.Id.Value);
        await Waits(shop, waiter, 8, 10);
        (await shop.Cancels(seller, moved.Id)).OrThrow();
        await world.JobsAreDone();
        (await Told(waiter)).ShouldBe(1); // free, but the provider does not work then any more
    }

    [Fact]
    public async Task One_entry_a_person_service_and_span_which_ends_by_itself_and_by_one_press()
    {
        var shop = await world.Shop();
        var customer = await world.Customer();
        var first = await Waits(shop, customer, 5, 6);
        (await Waits(shop, customer, 5, 6)).Id.ShouldBe(first.Id);
        var tomorrow = await Waits(shop, customer, 1, 1);
        (await LeaveWaitlist.Run(world.Data(), MarketplaceWorld.Anybody(), first.Id, default)).Refusal.ShouldBe(MarketplaceRefusals.WaitNotFound);
        (await Waiting(customer)).Count.ShouldBe(2);
        (await LeaveWaitlist.Run(world.Data(), customer, first.Id, default)).Granted.ShouldBeTrue();
        (await Waiting(customer)).ShouldHaveSingleItem().Id.ShouldBe(tomorrow.Id);
        (await ListWaits.Run(world.Data(), shop.Provider, default)).OfMine.ShouldHaveSingleItem().People.ShouldBe(1);
        await world.Clock.Passes(2.Days());
        (await Waiting(customer)).ShouldBeEmpty();
        await world.EventuallyOr("It was not forgotten", async () => await world.Database.Count("marketplace.waits where id = $1", tomorrow.Id.Value) == 0);

        var today = DateOnly.FromDateTime(world.Clock.Now.UtcDateTime);
        foreach (var (from, until) in new[] { (5, 4), (-9, -5), (0, 31), (360, 370) })
            (await JoinWaitlist.Run(world.Data(), customer, shop.Service, new JoinWaitlist.Body(today.AddDays(from), today.AddDays(until)), default)).Refusal.ShouldBe(MarketplaceRefusals.WaitDaysInvalid);
        for (var n = 0; n < 10; n++) await Waits(shop, customer, 1, 1 + n);
        (await JoinWaitlist.Run(world.Data(), customer, shop.Service, new JoinWaitlist.Body(today.AddDays(2), today.AddDays(3)), default)).Refusal!.Code.ShouldBe("too_many_waits");
        (await JoinWaitlist.Run(world.Data(), shop.Provider, shop.Service, new JoinWaitlist.Body(today, today), default)).Refusal.ShouldBe(MarketplaceRefusals.OwnService);
    }

    [Fact]
    public async Task Over_http_everybody_sees_their_own()
    {
        var shop = await world.Shop();
        var (customer, stranger) = (await world.Person(), await world.Person());
        var day = DateOnly.FromDateTime(world.InDays(4).UtcDateTime);
        (await world.Visitor().Post($"services/{shop.Service}/waiting", new { from = day, until = day })).Status.ShouldBe(401);
        var wait = (await customer.Post($"services/{shop.Service}/waiting", new { from = day, until = day })).Must();
        (await stranger.Get("waiting")).Must().At("items").GetArrayLength().ShouldBe(0);
        (await stranger.Delete($"waiting/{wait.Word("id")}")).MustRefuse(MarketplaceRefusals.WaitNotFound);
        (await customer.Get("waiting")).Must().At("items").GetArrayLength().ShouldBe(1);
        (await customer.Delete($"waiting/{wait.Word("id")}")).Must(204);
        (await customer.Get("waiting")).Must().At("items").GetArrayLength().ShouldBe(0);
    }

    private Task Claims(BookingView booking, DateTimeOffset from) =>
        world.Database.Execute("update marketplace.claims set during = tstzrange($2, $3, '[)') where booking_id = $1", booking.Id.Value, from, from.AddMinutes(75));

    private async Task<WaitView> Waits(Shop shop, Caller customer, int from, int until)
    {
        var today = DateOnly.FromDateTime(world.InDays(0).UtcDateTime); // from 21:00 on it is the day before in Kuwait: nothing here begins today
        return (await JoinWaitlist.Run(world.Data(), customer, shop.Service, new JoinWaitlist.Body(today.AddDays(from), today.AddDays(until)), default)).OrThrow();
    }

    private async Task<IReadOnlyList<WaitView>> Waiting(Caller customer) => (await ListWaits.Run(world.Data(), customer, default)).Items;

    private Task<long> Told(Caller customer) => world.Database.Count("messaging.notices where person_id = $1 and template = 'waiting_time_free'", customer.AccountId!.Value);
}
