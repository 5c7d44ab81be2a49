using Guildhall.Marketplace;
using Guildhall.Marketplace.Availability;
using Guildhall.Marketplace.Bookings;

namespace Guildhall.Tests.Marketplace.Bookings;

[Covers("B-4")]
public sealed class MoveBookingTests(MarketplaceWorld world) : IClassFixture<MarketplaceWorld>
{
    [Fact]
    public async Task A_move_takes_the_new_time_frees_the_old_one_and_leaves_price_chat_and_money_as_they_are()
    {
        var shop = await world.Shop();
        var customer = await world.Customer();
        var booked = await shop.Books(customer, world.InDays(5));
        await world.Database.Execute("update marketplace.services set price_minor = 99000, minutes = 30, buffer_minutes = 0 where id = $1", shop.Service.Value);

        var moved = (await shop.Moves(customer, booked, world.InDays(7), "A train strike.")).OrThrow();
        (moved.State, moved.Revision, moved.StartsAt, moved.EndsAt).ShouldBe((BookingState.Confirmed, booked.Revision + 1, world.InDays(7), world.InDays(7).AddHours(1)));
        (moved.Price, moved.OrderId, moved.ChatId, moved.WallTime).ShouldBe((booked.Price, booked.OrderId, booked.ChatId, world.InDays(7).UtcDateTime.AddHours(3).ToString("yyyy-MM-ddTHH:mm:ss")));
        (await Claimed(moved)).ShouldBe($"{world.InDays(7).UtcDateTime:yyyy-MM-dd HH:mm}-{world.InDays(7).UtcDateTime.AddMinutes(75):HH:mm}"); // sold with an hour and its buffer
        (await shop.TriesToHold(MarketplaceWorld.Anybody(), world.InDays(5))).Granted.ShouldBeTrue();
        (await shop.Writes(shop.Provider, booked.ChatId!.Value, "See you then")).Granted.ShouldBeTrue();
        (await shop.Owes("escrow", booked.OrderId)).ShouldBe(25_000);
        foreach (var (who, template) in new[] { (customer, "booking_moved_confirmed"), (shop.Provider, "booking_moved_by_customer") })
            (await world.Database.Count("messaging.notices where person_id = $1 and template = $2 and unique_key = $3", who.AccountId!.Value, template, $"{booked.Id}:{moved.Revision}")).ShouldBe(1);
        (await world.Database.Count("operations.webhook_events where type = 'booking.moved' and object_id = $1", booked.Id.ToString())).ShouldBe(1);
        var line = (await ListMoves.Run(world.Data(), shop.Provider, booked.Id, default)).OrThrow().Items.ShouldHaveSingleItem();
        (line.MovedBy, line.FromAt, line.ToAt, line.Reason).ShouldBe((MovedBy.Customer, world.InDays(5), world.InDays(7), "A train strike."));

        var nextTo = (await shop.Moves(customer, moved, world.InDays(7).AddMinutes(30))).OrThrow(); // its own time is not in its way
        (await shop.Moves(customer, nextTo, nextTo.StartsAt)).Refusal.ShouldBe(MarketplaceRefusals.SameTime);
        var free = (await ListMoveSlots.Run(world.Data(), customer, booked.Id, world.InDays(7).ToString("yyyy-MM-dd"), 1, "UTC", default)).OrThrow().Days[0].Slots;
        free.ShouldContain(s => s.Start == nextTo.StartsAt.AddMinutes(30));
        free.ShouldNotContain(s => s.Start == nextTo.StartsAt);

        await world.Clock.Passes(world.InDays(6) - world.Clock.Now);
        (await shop.Completes(shop.Provider, booked.Id)).Refusal!.Code.ShouldBe("booking_not_started");
        await world.Clock.Passes(nextTo.StartsAt - world.Clock.Now + 1.Minutes());
        (await shop.Moves(shop.Provider, nextTo, world.InDays(9))).Refusal!.Code.ShouldBe("booking_not_movable");
        (await shop.Completes(shop.Provider, booked.Id)).OrThrow().State.ShouldBe(BookingState.Completed);
    }

    [Fact, Covers("marketplace-12")]
    public async Task Customer_and_provider_move_it_at_once_and_the_later_one_is_told_the_new_state()
    {
        var shop = await world.Shop();
        var customer = await world.Customer();
        var booked = await shop.Books(customer, world.InDays(5));
        await using var gate = await Gate.Close(world.Database, "select 1 from money.orders where id = $1 for update", booked.OrderId.Value);
        var racers = new[] { Task.Run(() => shop.Moves(customer, booked, world.InDays(8))), Task.Run(() => shop.Moves(shop.Provider, booked, world.InDays(9), node: 1)) };
        await gate.OpenWhenWaiting(2);
        var results = await Task.WhenAll(racers);

        var won = results.Single(r => r.Granted).Value!;
        var lost = results.Single(r => !r.Granted).Refusal!;
        lost.Code.ShouldBe("booking_changed");
        var told = (BookingView)lost.Details!["booking"]!;
        (told.Revision, told.StartsAt).ShouldBe((won.Revision, won.StartsAt));
        (await Claimed(won)).ShouldStartWith($"{won.StartsAt.UtcDateTime:yyyy-MM-dd HH:mm}");
        (await world.Overlaps()).ShouldBe(0);
        (await world.Database.Count("marketplace.booking_moves where booking_id = $1", booked.Id.Value)).ShouldBe(1);
    }

    [Fact, Covers("marketplace-13")]
    public async Task A_time_that_is_taken_leaves_both_bookings_where_they_were_also_when_each_wants_the_others()
    {
        var shop = await world.Shop();
        var (one, other) = (await world.Customer(), await world.Customer());
        var (first, second) = (await shop.Books(one, world.InDays(5)), await shop.Books(other, world.InDays(6)));
        await using (var gate = await Gate.Close(world.Database, "select pg_advisory_xact_lock(hashtextextended($1, 0))", $"resource:{shop.Id.Value:n}"))
        {
            var racers = new[] { Task.Run(() => shop.Moves(one, first, second.StartsAt)), Task.Run(() => shop.Moves(other, second, first.StartsAt, node: 1)) };
            await gate.OpenWhenWaiting(2);
            foreach (var result in await Task.WhenAll(racers))
            {
                result.Refusal!.Code.ShouldBe("slot_unavailable");
                ((IReadOnlyList<ListSlots.Slot>)result.Refusal.Details!["alternatives"]!).Count.ShouldBeGreaterThan(0);
            }
        }
        foreach (var (who, booking) in new[] { (one, first), (other, second) })
        {
            (await shop.Sees(who, booking.Id)).ShouldBeEquivalentTo(booking);
            (await Claimed(booking)).ShouldStartWith($"{booking.StartsAt.UtcDateTime:yyyy-MM-dd HH:mm}");
        }

        // Who holds a time and does not pay loses it to whoever moves there once the hold has run out.
        await shop.Holds(MarketplaceWorld.Anybody(), world.InDays(7));
        (await shop.Moves(one, first, world.InDays(7))).Refusal!.Code.ShouldBe("slot_unavailable");
        await world.Clock.Passes(11.Minutes());
        (await shop.Moves(one, first, world.InDays(7))).Granted.ShouldBeTrue();
        await world.Database.Execute("delete from marketplace.weekly_hours where provider_id = $1", shop.Id.Value);
        (await shop.Moves(other, second, world.InDays(8))).Refusal!.Code.ShouldBe("slot_not_offered");
    }

    [Fact]
    public async Task A_customer_whom_the_provider_moved_gets_everything_back_until_they_agree()
    {
        var shop = await world.Shop();
        var customer = await world.Customer();
        var soon = world.InDays(0, world.Clock.Now.Hour).AddHours(20);
        var booked = await shop.Books(customer, soon);
        var late = (await shop.Moves(customer, booked, world.InDays(4))).Refusal!;
        (late.Code, late.Details!["until"]).ShouldBe(("move_too_late", soon.AddHours(-24)));

        var moved = (await shop.Moves(shop.Provider, booked, soon.AddHours(2), "Ill.")).OrThrow();
        moved.AwaitsAnswer.ShouldBeTrue();
        (await shop.Terms(customer, booked.Id)).OrThrow().ShouldBe(new CancellationTerms(CancellationRule.ProviderMoved, booked.Price, booked.Price - booked.Price, moved.StartsAt, 100, 1));
        (await shop.Agrees(shop.Provider, moved)).Refusal.ShouldBe(MarketplaceRefusals.OnlyTheCustomer);
        (await shop.Agrees(customer, booked)).Refusal!.Code.ShouldBe("booking_changed");
        var again = (await shop.Moves(customer, moved, soon.AddHours(1))).OrThrow(); // a counter-proposal, although late
        again.AwaitsAnswer.ShouldBeFalse();

        moved = (await shop.Moves(shop.Provider, again, soon.AddHours(2))).OrThrow();
        var agreed = (await shop.Agrees(customer, moved)).OrThrow();
        (await shop.Agrees(customer, moved)).OrThrow().Revision.ShouldBe(agreed.Revision);
        (await shop.Terms(customer, booked.Id)).OrThrow().Refund.Minor.ShouldBe(12_500);
        (await ListMoves.Run(world.Data(), customer, booked.Id, default)).OrThrow().Items[^1].AcceptedAt.ShouldNotBeNull();
        (await world.Database.Count("messaging.notices where template = 'booking_move_agreed' and person_id = $1", shop.Provider.AccountId!.Value)).ShouldBe(1);

        moved = (await shop.Moves(shop.Provider, agreed, soon.AddHours(3))).OrThrow();
        (await shop.Moves(shop.Provider, moved, soon.AddHours(4))).Refusal!.Code.ShouldBe("too_many_moves");
        (await shop.Cancels(customer, booked.Id)).OrThrow().Refund.ShouldBe(booked.Price);
        (await shop.Moves(customer, moved, world.InDays(4))).Refusal!.Code.ShouldBe("booking_changed");
    }

    [Fact]
    public async Task Who_moves_late_does_not_cancel_free_again()
    {
        var shop = await world.Shop();
        await shop.SellsBy([(24, 100), (0, 50)], moveHours: 2);
        var customer = await world.Customer();
        var booked = await shop.Books(customer, world.InDays(0, world.Clock.Now.Hour).AddHours(20));
        (await ListMoves.Run(world.Data(), customer, booked.Id, default)).OrThrow().Mine!.KeepsCapPercent.ShouldBe(50);
        var moved = (await shop.Moves(customer, booked, world.InDays(10))).OrThrow();
        var terms = (await shop.Terms(customer, booked.Id)).OrThrow();
        (terms.Rule, terms.Refund.Minor, terms.FreeUntil).ShouldBe((CancellationRule.Late, 12_500, null));
        (await shop.Moves(shop.Provider, moved, world.InDays(11))).Granted.ShouldBeTrue(); // but the provider's move is the provider's doing
        (await shop.Terms(customer, booked.Id)).OrThrow().Refund.ShouldBe(booked.Price);
    }

    [Fact, Covers("marketplace-55", "marketplace-4")]
    public async Task A_retry_is_the_same_move_and_what_is_not_ones_own_or_not_paid_is_not_moved()
    {
        var shop = await world.Shop();
        var customer = await world.Customer();
        var held = await shop.Holds(customer, world.InDays(5));
        (await shop.Moves(customer, held, world.InDays(6))).Refusal!.Code.ShouldBe("booking_not_movable");
        await shop.Captured(await shop.StartsToPay(customer, held), held.Price);
        var booked = await shop.Sees(customer, held.Id);
        foreach (var stranger in new[] { MarketplaceWorld.Anybody(), MarketplaceWorld.Staff })
        {
            (await shop.Moves(stranger, booked, world.InDays(6))).Refusal.ShouldBe(MarketplaceRefusals.BookingNotFound);
            (await ListMoveSlots.Run(world.Data(), stranger, booked.Id, null, 7, null, default)).Refusal.ShouldBe(MarketplaceRefusals.BookingNotFound);
            (await shop.Agrees(stranger, booked)).Refusal.ShouldBe(MarketplaceRefusals.BookingNotFound);
        }
        var operation = Guid.CreateVersion7();
        var moved = (await shop.Moves(customer, booked, world.InDays(6), operation: operation)).OrThrow();
        (await shop.Moves(customer, booked, world.InDays(6), node: 1, operation: operation)).OrThrow().Revision.ShouldBe(moved.Revision);
        (await world.Database.Count("marketplace.booking_moves where booking_id = $1", booked.Id.Value)).ShouldBe(1);
        (await shop.Moves(customer, moved, world.InDays(6).AddDays(-30))).Refusal!.Code.ShouldBe("slot_not_offered");
        (await shop.Moves(customer, moved, world.InDays(7), new string('x', 501))).Refusal.ShouldBe(MarketplaceRefusals.ReasonTooLong);
    }

    private Task<string> Claimed(BookingView booking) => world.Database.Value<string>("""
        select string_agg(to_char(lower(during) at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || '-' || to_char(upper(during) at time zone 'UTC', 'HH24:MI'), ';') from marketplace.claims where booking_id = $1
        """, booking.Id.Value);
}
