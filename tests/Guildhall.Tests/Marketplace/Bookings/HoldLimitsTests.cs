using Guildhall.Tests.Marketplace.Calendars;

namespace Guildhall.Tests.Marketplace.Bookings;

[Collection(nameof(CalendarTests))]
[Covers("B-4", "marketplace-11")]
public sealed class HoldLimitsTests(CalendarWorld world)
{
    [Fact]
    public async Task Who_lets_holds_lapse_gets_shorter_ones_then_waits_a_day_and_others_are_not_touched()
    {
        var (shop, squatter, other) = (await world.Shop(), await world.Customer(), await world.Customer());
        var (start, lengths) = (world.InDays(8), new List<int>());
        await shop.Books(squatter, start.AddDays(1)); // what is paid never counts
        for (var i = 0; i < 9; i++)
        {
            var held = await shop.Holds(squatter, start);
            lengths.Add((int)Math.Round((held.HoldUntil - world.Clock.Now).TotalMinutes));
            (await shop.Cancels(squatter, held.Id)).OrThrow();
        }
        lengths.ShouldBe([10, 10, 10, 5, 5, 5, 3, 3, 3]);
        var refused = (await shop.TriesToHold(squatter, start)).Refusal!;
        refused.Code.ShouldBe("too_many_lapsed_holds");
        ((DateTimeOffset)refused.Details!["again"]!).ShouldBeInRange(world.Clock.Now.AddHours(23), world.Clock.Now.AddHours(24));
        (await shop.Holds(other, start)).HoldUntil.ShouldBeGreaterThan(world.Clock.Now.AddMinutes(9));

        await world.Clock.Passes(24.Hours() + 1.Minutes());
        (await shop.Holds(squatter, start.AddHours(3))).HoldUntil.ShouldBeGreaterThan(world.Clock.Now.AddMinutes(9));
    }

    [Fact]
    public async Task One_provider_is_not_held_up_by_one_customer()
    {
        var (shop, another, customer) = (await world.Shop(), await world.Shop(), await world.Customer());
        await world.Database.Execute("insert into foundation.settings (key, value, version, changed_at) values ('marketplace.max_open_holds_of_one', '2', 1, now()), ('marketplace.max_open_holds', '4', 1, now())");
        await shop.Holds(customer, world.InDays(10));
        await shop.Holds(customer, world.InDays(11));
        (await shop.TriesToHold(customer, world.InDays(12))).Refusal!.Code.ShouldBe("too_many_holds_of_one");
        await another.Holds(customer, world.InDays(10));
        await world.Database.Execute("delete from foundation.settings where key like 'marketplace.max_open_holds%'");
    }
}
