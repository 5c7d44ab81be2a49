using Guildhall.Marketplace;
using Guildhall.Marketplace.Bookings;

namespace Guildhall.Tests.Marketplace.Bookings;

[Covers("B-4")]
public sealed class HoldSlotTests(MarketplaceWorld world) : IClassFixture<MarketplaceWorld>
{
    [Fact, Covers("marketplace-1")]
    public async Task Sixty_four_customers_want_one_slot_and_one_gets_it()
    {
        var shop = await world.Shop();
        var start = world.InDays(3);
        await using var gate = await Gate.Close(world.Database, "select pg_advisory_xact_lock(hashtextextended($1, 0))", $"resource:{shop.Id.Value:n}");
        var racers = Enumerable.Range(0, 64).Select(n => Task.Run(() => shop.TriesToHold(MarketplaceWorld.Anybody(), start, node: n % 2))).ToArray();
        await gate.OpenWhenWaiting(2); // one of each node; the others wait for them there
        var results = await Task.WhenAll(racers);

        results.Count(r => r.Granted).ShouldBe(1);
        results.Where(r => !r.Granted).ShouldAllBe(r => r.Refusal == MarketplaceRefusals.SlotUnavailable);
        (await world.Database.Count("marketplace.bookings where service_id = $1", shop.Service.Value)).ShouldBe(1);
        (await world.Database.Count("money.orders where provider_id = $1", shop.Provider.AccountId!.Value)).ShouldBe(1);
        (await world.Overlaps()).ShouldBe(0);
    }

    [Fact, Covers("marketplace-1")]
    public async Task Who_comes_too_late_is_told_of_three_other_times_that_are_two_seconds_old_at_most()
    {
        var shop = await world.Shop();
        var start = world.InDays(3);
        await shop.Holds(MarketplaceWorld.Anybody(), start);
        var late = await world.Person();
        var first = await Others();
        first.Count.ShouldBe(3);
        first.ShouldNotContain(start);
        await shop.Holds(MarketplaceWorld.Anybody(), first[0]);
        await world.Clock.Passes(TimeSpan.FromSeconds(3));
        (await Others()).ShouldNotContain(first[0]);

        async Task<List<DateTimeOffset>> Others()
        {
            var refused = (await late.Post("bookings", new { serviceId = shop.Service.ToString(), start })).MustRefuse(MarketplaceRefusals.SlotUnavailable);
            return [.. refused.At("alternatives").EnumerateArray().Select(s => s.GetProperty("start").GetDateTimeOffset())];
        }
    }

    [Fact, Covers("marketplace-1")]
    public async Task Who_waited_for_one_that_was_refused_gets_the_time()
    {
        var shop = await world.Shop();
        var start = world.InDays(3);
        var squatter = MarketplaceWorld.Anybody();
        for (var n = 0; n < 3; n++) await (await world.Shop()).Holds(squatter, start);
        await using var gate = await Gate.Close(world.Database, "select pg_advisory_xact_lock(hashtextextended($1, 0))", $"resource:{shop.Id.Value:n}");
        var refused = Task.Run(() => shop.TriesToHold(squatter, start));
        await Eventually.True(async () => await gate.Waiting() == 1, "The first was expected at the gate.");
        var others = Enumerable.Range(0, 5).Select(_ => Task.Run(() => shop.TriesToHold(MarketplaceWorld.Anybody(), start))).ToArray();
        var elsewhere = Task.Run(() => shop.TriesToHold(MarketplaceWorld.Anybody(), start.AddHours(3)));
        await Eventually.True(async () => await gate.Waiting() >= 2, "The one for another time was expected at the gate.");
        (await gate.Waiting()).ShouldBe(2); // who wants the first one's time waits for it in the node
        await gate.Open();
        (await elsewhere).Granted.ShouldBeTrue();
        (await refused).Refusal!.Code.ShouldBe("too_many_holds");
        (await Task.WhenAll(others)).Count(r => r.Granted).ShouldBe(1);
    }

    [Fact, Covers("marketplace-1")]
    public async Task The_database_itself_refuses_an_overlap()
    {
        var shop = await world.Shop();
        var held = await shop.Holds(MarketplaceWorld.Anybody(), world.InDays(3));
        var other = await shop.Holds(MarketplaceWorld.Anybody(), world.InDays(3, hour: 12));
        var problem = await Should.ThrowAsync<Npgsql.PostgresException>(() => world.Database.Execute(
            "update marketplace.claims set during = (select during from marketplace.claims where booking_id = $1) where booking_id = $2", held.Id.Value, other.Id.Value));
        problem.ConstraintName.ShouldBe("claims_no_overlap");
    }

    [Theory, Covers("marketplace-3")]
    [InlineData("'empty'")]
    [InlineData("'[2027-01-01,2037-01-01)'")]
    [InlineData("'[2027-01-01,)'")]
    [InlineData("'[2027-01-01,infinity)'")]
    [InlineData("'[2027-01-01 10:00,2027-01-01 11:00]'")]
    public async Task The_database_itself_refuses_a_claim_without_measure(string range)
    {
        var shop = await world.Shop();
        var held = await shop.Holds(MarketplaceWorld.Anybody(), world.InDays(3));
        (await Should.ThrowAsync<Npgsql.PostgresException>(() => world.Database.Execute($"update marketplace.claims set during = {range} where booking_id = $1", held.Id.Value)))
            .SqlState.ShouldBe("23514");
    }

    [Fact, Covers("marketplace-4")]
    public async Task The_same_request_again_is_the_same_booking()
    {
        var shop = await world.Shop();
        var (customer, operation) = (MarketplaceWorld.Anybody(), Guid.CreateVersion7());
        var first = (await shop.TriesToHold(customer, world.InDays(4), node: 0, operation)).OrThrow();
        var again = (await shop.TriesToHold(customer, world.InDays(4), node: 1, operation)).OrThrow();
        again.Id.ShouldBe(first.Id);
        (await world.Database.Count("money.orders where provider_id = $1", shop.Provider.AccountId!.Value)).ShouldBe(1);
    }

    [Fact, Covers("marketplace-3")]
    public async Task What_is_not_offered_is_refused()
    {
        var shop = await world.Shop(noticeMinutes: 120);
        var customer = MarketplaceWorld.Anybody();
        foreach (var start in new[] { world.InDays(3).AddMinutes(7), world.InDays(-1), world.InDays(200), world.Clock.Now.AddMinutes(60), DateTimeOffset.UnixEpoch.AddYears(40) })
            (await shop.TriesToHold(customer, start)).Refusal!.Code.ShouldBe("slot_not_offered");
        (await HoldSlot.Run(world.Data(), customer, new HoldSlot.Body(shop.Service, "-infinity"), default)).Refusal.ShouldBe(MarketplaceRefusals.StartInvalid);
        (await HoldSlot.Run(world.Data(), shop.Provider, new HoldSlot.Body(shop.Service, world.InDays(3).ToString("O")), default)).Refusal.ShouldBe(MarketplaceRefusals.OwnService);
    }

    [Fact]
    public async Task The_buffer_after_a_session_is_nobodys()
    {
        var shop = await world.Shop(minutes: 60, bufferMinutes: 15);
        await shop.Holds(MarketplaceWorld.Anybody(), world.InDays(3));
        (await shop.TriesToHold(MarketplaceWorld.Anybody(), world.InDays(3).AddMinutes(60))).Refusal!.Code.ShouldBe("slot_unavailable");
        (await shop.TriesToHold(MarketplaceWorld.Anybody(), world.InDays(3).AddMinutes(-60))).Refusal!.Code.ShouldBe("slot_unavailable");
        (await shop.TriesToHold(MarketplaceWorld.Anybody(), world.InDays(3).AddMinutes(90))).Granted.ShouldBeTrue();
        (await shop.TriesToHold(MarketplaceWorld.Anybody(), world.InDays(3).AddMinutes(-90))).Granted.ShouldBeTrue();
    }

    [Fact, Covers("marketplace-11")]
    public async Task Nobody_holds_more_than_three_slots_at_once_even_in_a_race()
    {
        var shops = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => world.Shop()));
        var customer = MarketplaceWorld.Anybody();
        await using var gate = await Gate.Close(world.Database, "select pg_advisory_xact_lock(hashtextextended($1, 0))", $"holder:{customer.AccountId!.Value:n}");
        var racers = shops.Select((shop, n) => Task.Run(() => shop.TriesToHold(customer, world.InDays(5), node: n % 2))).ToArray();
        await gate.OpenWhenWaiting(6);
        var results = await Task.WhenAll(racers);
        results.Count(r => r.Granted).ShouldBe(3);
        results.Where(r => !r.Granted).ShouldAllBe(r => r.Refusal!.Code == "too_many_holds");
    }

    [Fact, Covers("marketplace-8")]
    public async Task A_suspended_provider_takes_no_new_holds_and_an_open_one_can_still_be_paid()
    {
        var shop = await world.Shop();
        var customer = await world.Customer();
        var held = await shop.Holds(customer, world.InDays(6));
        await world.Database.Execute("update marketplace.providers set state = 'suspended' where id = $1", shop.Id.Value);
        await world.Database.Execute("delete from marketplace.weekly_hours where provider_id = $1", shop.Id.Value);

        (await shop.TriesToHold(MarketplaceWorld.Anybody(), world.InDays(7))).Refusal.ShouldBe(MarketplaceRefusals.ServiceNotFound);
        await shop.Captured(await shop.StartsToPay(customer, held), held.Price);
        (await shop.Sees(customer, held.Id)).State.ShouldBe(BookingState.Confirmed);
    }

    [Fact, Covers("marketplace-23", "marketplace-55")]
    public async Task Over_http_a_price_is_refused_and_a_stranger_sees_nothing()
    {
        var shop = await world.Shop();
        var (customer, stranger) = (await world.Person(), await world.Person());
        (await world.Visitor().Post("bookings", new { serviceId = shop.Service.ToString(), start = world.InDays(3) })).Status.ShouldBe(401);
        (await customer.Post("bookings", new { serviceId = shop.Service.ToString(), start = world.InDays(3), price = 1 })).MustRefuse(FoundationRefusals.ServerDecides);

        var key = Guid.NewGuid().ToString();
        var body = new { serviceId = shop.Service.ToString(), start = world.InDays(3) };
        var booking = (await customer.Post("bookings", body, key)).Must(201);
        (await customer.Post("bookings", body, key)).Must(201).Word("id").ShouldBe(booking.Word("id"));
        booking.At("price.minor").GetInt64().ShouldBe(25_000);

        var path = $"bookings/{booking.Word("id")}";
        (await stranger.Get(path)).MustRefuse(MarketplaceRefusals.BookingNotFound);
        (await stranger.Get(path + "/cancellation")).MustRefuse(MarketplaceRefusals.BookingNotFound);
        (await stranger.Post(path + "/actions/cancel", new { })).MustRefuse(MarketplaceRefusals.BookingNotFound);
        (await stranger.Post(path + "/actions/complete")).MustRefuse(MarketplaceRefusals.BookingNotFound);
        (await stranger.Get("bookings")).Must().At("items").GetArrayLength().ShouldBe(0);
        (await stranger.Get("admin/bookings")).Status.ShouldBe(403);
    }
}
