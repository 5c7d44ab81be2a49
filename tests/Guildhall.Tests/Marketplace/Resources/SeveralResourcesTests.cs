using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Availability;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Catalog;

namespace Guildhall.Tests.Marketplace.Resources;

[Covers("B-4", "marketplace-15")]
public sealed class SeveralResourcesTests(MarketplaceWorld world) : IClassFixture<MarketplaceWorld>
{
    [Fact]
    public async Task A_booking_takes_all_that_it_needs_or_nothing()
    {
        var (one, other) = (await world.Shop(), await world.Shop());
        var (van, room) = (await one.Adds("Van"), await other.Adds("Room"));
        await other.Shares(room, one);
        await one.Needs(van, room);
        await other.Needs(room);
        var start = world.InDays(3);
        var theirs = await other.Holds(MarketplaceWorld.Anybody(), start);

        var late = await one.TriesToHold(await world.Customer(), start.AddMinutes(30));
        var refused = (await world.Get<Alternatives>().Beside(late, world.Data(), one.Service, start.AddMinutes(30).ToString("O"))).Refusal!;
        refused.Code.ShouldBe("slot_unavailable");
        ((IReadOnlyList<ListSlots.Slot>)refused.Details!["alternatives"]!).ShouldAllBe(s => s.Start >= start.AddMinutes(75) || s.Start <= start.AddMinutes(-75));
        (await world.Database.Count("marketplace.bookings where service_id = $1", one.Service.Value)).ShouldBe(0);
        (await world.Database.Count("marketplace.claims where resource = $1", van.Value)).ShouldBe(0);
        (await world.Database.Count("money.orders where provider_id = $1", one.Provider.AccountId!.Value)).ShouldBe(0);

        var held = await one.Holds(await world.Customer(), start.AddMinutes(90));
        (await one.Claims(held.Id)).ShouldBe(3);
        (await other.TriesToHold(MarketplaceWorld.Anybody(), start.AddMinutes(90))).Refusal!.Code.ShouldBe("slot_unavailable"); // the room
        (await one.Sees(one.Provider, held.Id)).Resources.Order().ShouldBe(["Room", "Van"]);
        (await one.Sees(MarketplaceWorld.Staff, held.Id)).Resources.Count.ShouldBe(2);
        (await world.Overlaps()).ShouldBe(0);
        (await Should.ThrowAsync<Npgsql.PostgresException>(() => world.Database.Execute("""
            update marketplace.claims set during = (select during from marketplace.claims where booking_id = $1 limit 1) where booking_id = $2 and resource = $3
            """, held.Id.Value, theirs.Id.Value, room.Value))).ConstraintName.ShouldBe("claims_no_overlap");
    }

    [Fact]
    public async Task Slots_search_and_the_reason_why_a_time_is_not_free_know_of_them_and_ask_no_more_often()
    {
        var (one, other) = (await world.Shop(priceMinor: 77_001), await world.Shop());
        var room = await other.Adds("Room 7");
        await other.Shares(room, one);
        var plain = await Reads(() => Free(one));
        await one.Needs(room);
        await other.Needs(room);
        var holder = MarketplaceWorld.Anybody();
        var taken = await other.Holds(holder, world.InDays(3));
        var needing = await Reads(() => Free(one));
        needing.Count.ShouldBe(plain.Count);
        plain.Answer.ShouldContain(taken.StartsAt);
        needing.Answer.ShouldNotContain(s => s > taken.StartsAt.AddMinutes(-75) && s < taken.StartsAt.AddMinutes(75));
        needing.Answer.ShouldContain(taken.StartsAt.AddMinutes(90));

        var day = DateOnly.FromDateTime(world.InDays(3).UtcDateTime);
        for (var at = world.InDays(3, hour: 7); at < world.InDays(3, hour: 12); at = at.AddMinutes(30))
            (await Why(one.Provider, one, at)).IsFree.ShouldBe(needing.Answer.Contains(at), $"{at:O}");
        var reason = (await Why(one.Provider, one, taken.StartsAt)).Reasons.ShouldHaveSingleItem();
        (reason.Kind, reason.Says, reason.Booking).ShouldBe((SlotObstacle.Held, null, null)); // what a colleague sold is not shown
        reason.Resources.ShouldBe(["Room 7"]);
        (await Why(other.Provider, other, taken.StartsAt)).Reasons.ShouldHaveSingleItem().Booking.ShouldBe(taken.Id);
        (await Why(await world.Customer(), one, taken.StartsAt)).Reasons.ShouldHaveSingleItem().ShouldBe(new ExplainSlot.Reason(SlotObstacle.Taken));

        // Nothing but the taken time is left of the provider's hours: with the room gone the search finds nothing on that day.
        await world.Database.Execute("delete from marketplace.weekly_hours where provider_id = $1", one.Id.Value);
        await world.Database.Execute("insert into marketplace.hour_exceptions values (gen_random_uuid(), $1, $2, 720, 780, '')", one.Id.Value, day);
        (await Found(one)).ShouldBeNull(); // 12:00 to 13:00 in Kuwait is 9:00, when the room is taken
        (await other.Cancels(holder, taken.Id)).OrThrow();
        (await Found(one)).ShouldBe(taken.StartsAt);
    }

    [Fact]
    public async Task Moving_takes_all_along_and_cancelling_gives_all_back()
    {
        var (one, other) = (await world.Shop(), await world.Shop());
        var (van, room) = (await one.Adds("Van"), await one.Adds("Room"));
        foreach (var shared in new[] { van, room }) await one.Shares(shared, other);
        await one.Needs(van, room);
        await other.Needs(room);
        var customer = await world.Customer();
        var booked = await one.Books(customer, world.InDays(5));
        await other.Holds(MarketplaceWorld.Anybody(), world.InDays(6));

        (await one.Moves(customer, booked, world.InDays(6))).Refusal!.Code.ShouldBe("slot_unavailable"); // the room is taken then
        (await Times(booked)).ShouldBe([world.InDays(5), world.InDays(5), world.InDays(5)]);
        await one.Needs(); // sold with both, whatever is needed now
        var moved = (await one.Moves(customer, booked, world.InDays(7))).OrThrow();
        (await Times(booked)).ShouldBe([world.InDays(7), world.InDays(7), world.InDays(7)]);
        (await other.TriesToHold(MarketplaceWorld.Anybody(), world.InDays(7))).Refusal!.Code.ShouldBe("slot_unavailable");
        (await other.TriesToHold(MarketplaceWorld.Anybody(), world.InDays(5))).Granted.ShouldBeTrue();
        (await one.Cancels(customer, moved.Id)).OrThrow();
        (await one.Claims(booked.Id)).ShouldBe(0);
        (await other.TriesToHold(MarketplaceWorld.Anybody(), world.InDays(7))).Granted.ShouldBeTrue();
    }

    [Fact]
    public async Task Who_pays_late_gets_all_of_it_or_their_money_back()
    {
        var (one, other) = (await world.Shop(), await world.Shop());
        var room = await one.Adds("Room");
        await one.Shares(room, other);
        await one.Needs(room);
        await other.Needs(room);
        var customer = await world.Customer();
        var held = await one.Holds(customer, world.InDays(3));
        var payment = await one.StartsToPay(customer, held);
        await using (await Gate.Close(world.Database, "select 1 from money.orders where id = $1 for update", held.OrderId.Value)) // the sweeper waits
        {
            await world.Clock.Passes(11.Minutes());
            (await other.TriesToHold(MarketplaceWorld.Anybody(), world.InDays(3))).Granted.ShouldBeTrue(); // takes the room of the hold that ran out
            (await one.Claims(held.Id)).ShouldBe(1); // its own time is still written down
        }
        await one.Captured(payment, held.Price);
        (await one.Refunds(held.OrderId)).ShouldBe(held.Price.Minor);
        (await one.Claims(held.Id)).ShouldBe(0);

        var second = await one.Holds(customer, world.InDays(8));
        payment = await one.StartsToPay(customer, second);
        await world.Clock.Passes(11.Minutes());
        await world.EventuallyOr("The hold did not expire", async () => (await one.Sees(customer, second.Id)).State == BookingState.Expired);
        (await one.Claims(second.Id)).ShouldBe(0);
        await one.Captured(payment, second.Price);
        (await one.Sees(customer, second.Id)).State.ShouldBe(BookingState.Confirmed);
        (await one.Claims(second.Id)).ShouldBe(2);
        (await world.Overlaps()).ShouldBe(0);
    }

    [Fact]
    public async Task Two_who_need_the_same_things_in_opposite_order_wait_for_each_other_in_one_order()
    {
        var (a, b) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await using var first = await Gate.Close(world.Database, "select pg_advisory_xact_lock(hashtextextended($1, 0))", $"resource:{a:n}");
        await using var second = await Gate.Close(world.Database, "select pg_advisory_xact_lock(hashtextextended($1, 0))", $"resource:{b:n}");
        var runs = 0;
        Task Locks(int node, params Guid[] wanted) => Task.Run(() => world.Data(node).InTransaction(async tx =>
        {
            Interlocked.Increment(ref runs);
            await Claims.Lock(tx, wanted);
            await tx.Flush();
        }));
        var racers = new[] { Locks(0, a, b), Locks(1, b, a) };
        await Eventually.True(async () => await first.Waiting() + await second.Waiting() >= 2, "Both were expected at the gates.");
        await first.Open();
        await second.Open();
        await Task.WhenAll(racers);
        runs.ShouldBe(2); // a deadlock would have made one of them run again
    }

    [Fact]
    public async Task Two_holds_that_share_a_van_at_the_same_moment_and_one_gets_it()
    {
        var (one, other) = (await world.Shop(), await world.Shop());
        var (van, tools, room) = (await one.Adds("Van"), await one.Adds("Tools"), await other.Adds("Room"));
        await one.Shares(van, other);
        await one.Needs(van, tools);
        await other.Needs(room, van);
        await using var gate = await Gate.Close(world.Database, "select pg_advisory_xact_lock(hashtextextended($1, 0))", $"resource:{van.Value:n}");
        var racers = new[] { Task.Run(() => one.TriesToHold(MarketplaceWorld.Anybody(), world.InDays(4))), Task.Run(() => other.TriesToHold(MarketplaceWorld.Anybody(), world.InDays(4).AddMinutes(30), node: 1)) };
        await gate.OpenWhenWaiting(2);
        var results = await Task.WhenAll(racers);
        results.Count(r => r.Granted).ShouldBe(1);
        results.Single(r => !r.Granted).Refusal!.Code.ShouldBe("slot_unavailable");
        (await world.Database.Count("marketplace.claims where resource = any ($1)", new[] { van.Value, tools.Value, room.Value, one.Id.Value, other.Id.Value })).ShouldBe(3);
        (await world.Overlaps()).ShouldBe(0);
    }

    private async Task<IReadOnlyList<DateTimeOffset>> Free(Shop shop) =>
        [.. (await ListSlots.Run(world.Data(), shop.Service, $"{world.InDays(2):yyyy-MM-dd}", 4, "UTC", default)).OrThrow().Days.SelectMany(d => d.Slots).Select(s => s.Start)];

    private async Task<ExplainSlot.View> Why(Caller who, Shop shop, DateTimeOffset at) => (await ExplainSlot.Run(world.Data(1), who, shop.Service, at.ToString("O"), default)).OrThrow();

    private async Task<DateTimeOffset?> Found(Shop shop) => (await SearchServices.Run(world.Data(), new SearchServices.Query(Currency: "KWD", MinMinor: 77_001, MaxMinor: 77_001, Sort: "first_free"), default)).OrThrow()
        .Items.FirstOrDefault(i => i.Service.Id == shop.Service)?.FirstFree;

    private Task<IReadOnlyList<DateTimeOffset>> Times(BookingView booking) =>
        world.Data().List<DateTimeOffset>("select lower(during) from marketplace.claims where booking_id = @Id", new { booking.Id });

    private async Task<(int Count, IReadOnlyList<DateTimeOffset> Answer)> Reads(Func<Task<IReadOnlyList<DateTimeOffset>>> ask)
    {
        var count = new Counting();
        world.Data().Tap = count;
        try
        {
            var answer = await ask();
            return (count.Count, answer);
        }
        finally { world.Data().Tap = null; }
    }

    // Of this flow only: jobs run beside it.
    private sealed class Counting : DatabaseTap
    {
        private readonly AsyncLocal<bool> _mine = new() { Value = true };
        private int _count;

        public int Count => _count;

        public override ValueTask Before(string what)
        {
            if (_mine.Value) Interlocked.Increment(ref _count);
            return default;
        }
    }
}
