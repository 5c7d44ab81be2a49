using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Providers;
using Guildhall.Tests.Marketplace.Calendars;

namespace Guildhall.Tests.Marketplace.Bookings;

[Collection(nameof(CalendarTests))]
[Covers("B-3", "marketplace-7")]
public sealed class KeepPromisedTimesTests(CalendarWorld world)
{
    [Fact]
    public async Task When_the_rules_of_a_zone_change_what_was_sold_keeps_its_time_on_the_wall_and_both_are_told()
    {
        var (shop, customer) = (await world.Shop(bufferMinutes: 0), await world.Customer());
        var first = await shop.Books(customer, world.InDays(4, hour: 9));
        var second = await shop.Books(customer, world.InDays(4, hour: 10));
        var untouched = await shop.Books(customer, world.InDays(5, hour: 9));
        // As if Kuwait's clocks had been an hour ahead when these two were sold: the same wall time now comes an hour later.
        foreach (var booking in new[] { first, second }) await Promise(booking, 1);
        await Look(shop);

        foreach (var booking in new[] { first, second })
        {
            var now = await shop.Sees(customer, booking.Id);
            (now.StartsAt, now.EndsAt).ShouldBe((booking.StartsAt.AddHours(1), booking.EndsAt.AddHours(1)), "the later one made room first");
            now.Revision.ShouldBe(booking.Revision + 1);
            (await world.Database.Value<DateTime>("select lower(during) from marketplace.claims where booking_id = $1", booking.Id.Value)).ShouldBe(now.StartsAt.UtcDateTime);
            (await world.Database.Count("messaging.notices where template = 'booking_time_kept' and unique_key like $1", $"{booking.Id}:%")).ShouldBe(2);
        }
        (await shop.Sees(customer, untouched.Id)).ShouldBe(untouched);
        (await world.Overlaps()).ShouldBe(0);
        var listed = (await ListTimeChanges.Run(world.Data(), default)).Items.Where(i => i.Booking == first.Id || i.Booking == second.Id).ToArray();
        listed.Select(i => i.Outcome).ShouldBe([TimeChangeOutcome.Kept, TimeChangeOutcome.Kept]);

        await Look(shop);
        (await world.Database.Count("marketplace.time_changes where booking_id = $1", first.Id.Value)).ShouldBe(1, "a second look finds nothing to do");
    }

    [Fact]
    public async Task What_cannot_be_kept_is_left_told_and_listed_once()
    {
        var (shop, customer) = (await world.Shop(bufferMinutes: 0), await world.Customer());
        var moved = await shop.Books(customer, world.InDays(6, hour: 9));
        var inTheWay = await shop.Books(customer, world.InDays(6, hour: 10));
        await Promise(moved, 1);
        await Look(shop);
        await Look(shop);
        (await shop.Sees(customer, moved.Id)).StartsAt.ShouldBe(moved.StartsAt);
        (await shop.Sees(customer, inTheWay.Id)).ShouldBe(inTheWay);
        (await ListTimeChanges.Run(world.Data(), default)).Items.Single(i => i.Booking == moved.Id).Outcome.ShouldBe(TimeChangeOutcome.Taken);
        (await world.Database.Count("messaging.notices where template = 'booking_time_unkept' and unique_key like $1", $"{moved.Id}:%")).ShouldBe(2);

        var york = await world.Shop(zone: "America/New_York");
        var skipped = await york.Books(customer, world.InDays(7));
        await world.Database.Execute("update marketplace.bookings set wall_time = '2027-03-14 02:30' where id = $1", skipped.Id.Value);
        await Look(york);
        (await ListTimeChanges.Run(world.Data(), default)).Items.Single(i => i.Booking == skipped.Id).Outcome.ShouldBe(TimeChangeOutcome.Skipped);
    }

    [Fact]
    public async Task A_provider_who_changes_zone_keeps_what_was_sold_and_offers_hours_on_the_new_clock()
    {
        var (shop, customer) = (await world.Shop(), await world.Customer());
        await world.Database.Execute("update marketplace.weekly_hours set from_minute = 540, until_minute = 600 where provider_id = $1", shop.Id.Value);
        var sold = await shop.Books(customer, world.InDays(4, hour: 6));
        var view = (await SetZone.Run(world.Data(), shop.Provider, "Europe/Dublin", default)).OrThrow();
        var kept = view.Bookings.ShouldHaveSingleItem();
        (kept.Promised, kept.PromisedZone).ShouldBe(($"{sold.StartsAt.UtcDateTime.AddHours(3):yyyy-MM-ddTHH:mm:ss}", "Asia/Kuwait"));
        (await shop.Sees(customer, sold.Id)).ShouldBe(sold);
        await Look(shop);
        (await shop.Sees(customer, sold.Id)).ShouldBe(sold, "its own zone has not changed");
        var slots = (await Guildhall.Marketplace.Availability.ListSlots.Run(world.Data(), shop.Service, null, 3, null, default)).OrThrow();
        slots.ProviderZone.ShouldBe("Europe/Dublin");
        slots.Days.SelectMany(d => d.Slots).ShouldAllBe(s => s.ProviderLocal.Contains("T09:00:00"));
        (await SetZone.Run(world.Data(), shop.Provider, "Mars/Olympus", default)).Refusal!.Code.ShouldBe("zone_unknown");
        (await SetZone.Run(world.Data(), customer, "Europe/Dublin", default)).Refusal!.Code.ShouldBe("not_a_provider");
    }

    private Task Promise(BookingView booking, int hoursLater) =>
        world.Database.Execute("update marketplace.bookings set wall_time = wall_time + make_interval(hours => $2) where id = $1", booking.Id.Value, hoursLater);

    private async Task Look(Shop shop)
    {
        await world.Data().InTransaction(tx => tx.Enqueue(new KeepPromisedTimes(shop.Id), uniqueKey: shop.Id.ToString()));
        await world.JobsAreDone();
    }
}
