using Guildhall.Foundation.Security;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Availability;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Visits;
using Guildhall.Marketplace.Visits.Travel;

namespace Guildhall.Tests.Marketplace.Visits;

[Covers("B-3", "B-10")]
public sealed class TravelGapsTests(MarketplaceWorld world) : IClassFixture<MarketplaceWorld>
{
    // 55 kilometres from here to the north: 110 minutes as the crow flies at 30 km/h. To the near one it is 11: 22 minutes.
    private static readonly MapPlace Here = new(29.33, 48.07), Near = new(29.43, 48.07), North = new(29.83, 48.07);

    [Fact]
    public async Task An_address_that_cannot_be_reached_from_the_visit_before_or_left_in_time_for_the_one_after_is_refused()
    {
        var shop = await world.Shop(kind: "visit");
        var (first, second, third) = (await Booked(shop, 9), await Booked(shop, 10.5), await Booked(shop, 6.5));
        (await Writes(first, Here)).Granted.ShouldBeTrue();
        (await Writes(second, North)).Refusal!.Code.ShouldBe("visit_too_far");
        (await ReadVisit.Run(world.Data(), second.Customer, second.Booking.Id, default)).OrThrow().HasAddress.ShouldBeFalse();
        (await Writes(second, Near)).Granted.ShouldBeTrue(); // half an hour between them
        (await Writes(third, North)).Refusal!.Code.ShouldBe("visit_too_far");
        (await Writes(third, null)).Granted.ShouldBeTrue(); // nobody knows where that is
        (await Writes(first, North)).Refusal!.Code.ShouldBe("visit_too_far"); // its own neighbours count when it changes
        (await Writes(first, Here)).Granted.ShouldBeTrue();

        (await shop.Cancels(shop.Provider, second.Booking.Id)).Granted.ShouldBeTrue();
        (await Writes(first, North)).Granted.ShouldBeTrue(); // what was cancelled is nobody's neighbour, and the third has no point
        (await Writes(await Booked(await world.Shop(kind: "visit"), 10.5), Here)).Granted.ShouldBeTrue(); // of another provider
    }

    [Fact]
    public async Task A_visit_moves_only_to_times_that_leave_the_way_and_the_list_offers_no_others()
    {
        var shop = await world.Shop(kind: "visit");
        var (first, far) = (await Booked(shop, 9), await Booked(shop, 9 + 48));
        await Writes(first, Here);
        await Writes(far, North);
        var day = first.Booking.StartsAt.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var offered = (await ListMoveSlots.Run(world.Data(), far.Customer, far.Booking.Id, day, 1, "UTC", default)).OrThrow().Days[0].Slots.Select(s => s.Start).ToList();
        offered.ShouldContain(first.Booking.StartsAt.AddHours(-3));
        offered.ShouldContain(first.Booking.StartsAt.AddHours(3));
        offered.ShouldNotContain(start => start > first.Booking.StartsAt.AddHours(-3) && start < first.Booking.StartsAt.AddHours(3));

        (await Why(shop.Provider, shop, first.Booking.StartsAt.AddMinutes(90), far)).ShouldBe([SlotObstacle.Travel]);
        (await Why(far.Customer, shop, first.Booking.StartsAt.AddMinutes(90), far)).ShouldBe([SlotObstacle.Taken]);
        (await Why(shop.Provider, shop, far.Booking.StartsAt, far)).ShouldBeEmpty(); // its own time is free to it
        (await Why(shop.Provider, shop, first.Booking.StartsAt.AddMinutes(90), null)).ShouldBeEmpty(); // nobody knows where a new one would be
        (await ExplainSlot.Run(world.Data(), first.Customer, shop.Service, $"{first.Booking.StartsAt:O}", default, far.Booking.Id)).Refusal.ShouldBe(MarketplaceRefusals.BookingNotFound);

        foreach (var who in new[] { far.Customer, shop.Provider })
        {
            var refused = (await shop.Moves(who, far.Booking, first.Booking.StartsAt.AddMinutes(90))).Refusal!;
            refused.Code.ShouldBe("visit_too_far");
            ((IReadOnlyList<ListSlots.Slot>)refused.Details!["alternatives"]!).ShouldNotContain(s => s.Start > first.Booking.StartsAt.AddHours(-3) && s.Start < first.Booking.StartsAt.AddHours(3));
        }
        (await shop.Sees(far.Customer, far.Booking.Id)).StartsAt.ShouldBe(far.Booking.StartsAt);
        (await shop.Moves(far.Customer, far.Booking, first.Booking.StartsAt.AddHours(3))).OrThrow().StartsAt.ShouldBe(first.Booking.StartsAt.AddHours(3));
    }

    [Fact]
    public async Task Of_two_addresses_that_exclude_each_other_written_at_once_one_stands()
    {
        var shop = await world.Shop(kind: "visit");
        var (first, second) = (await Booked(shop, 9), await Booked(shop, 10.5));
        await using var gate = await Gate.Close(world.Database, "select pg_advisory_xact_lock(hashtextextended($1, 0))", $"resource:{shop.Id.Value:n}");
        var both = new[] { Task.Run(() => Writes(first, Here)), Task.Run(() => Writes(second, North, node: 1)) };
        await gate.OpenWhenWaiting(2);
        (await Task.WhenAll(both)).Count(r => r.Granted).ShouldBe(1);
    }

    private async Task<IEnumerable<SlotObstacle>> Why(Caller who, Shop shop, DateTimeOffset at, Visiting? moving) =>
        (await ExplainSlot.Run(world.Data(1), who, shop.Service, at.ToString("O"), default, moving?.Booking.Id)).OrThrow().Reasons.Select(r => r.Kind);

    private sealed record Visiting(Caller Customer, BookingView Booking);

    private async Task<Visiting> Booked(Shop shop, double hours)
    {
        var customer = await world.Customer();
        return new(customer, await shop.Books(customer, world.InDays(4, hour: 0).AddHours(hours)));
    }

    private Task<Result<VisitView>> Writes(Visiting visit, MapPlace? place, int node = 0) =>
        SetVisitAddress.Run(world.Data(node), visit.Customer, visit.Booking.Id, new VisitAddress("Block 4, street 12", null, place?.Latitude, place?.Longitude), default);
}
