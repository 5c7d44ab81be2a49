using Guildhall.Foundation.Security;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Availability;
using Guildhall.Tests.Marketplace.Calendars;

namespace Guildhall.Tests.Marketplace.Availability;

[Collection(nameof(CalendarTests))]
[Covers("B-3")]
public sealed class ExplainSlotTests(CalendarWorld world)
{
    [Fact]
    public async Task Each_time_that_is_not_free_has_its_reason_and_each_that_is_has_none()
    {
        var (shop, customer) = (await world.Shop(minutes: 60, bufferMinutes: 15, noticeMinutes: 180, zone: "UTC"), await world.Customer());
        await world.Database.Execute("delete from marketplace.weekly_hours where provider_id = $1", shop.Id.Value);
        await world.Database.Execute("insert into marketplace.weekly_hours select $1, d, f, f + 240 from generate_series(1, 7) d, unnest(array[480, 960]) f", shop.Id.Value);
        await world.Database.Execute("update marketplace.services set horizon_days = 20 where id = $1", shop.Service.Value);
        var off = world.InDays(3, hour: 0);
        await world.Database.Execute("insert into marketplace.hour_exceptions values (gen_random_uuid(), $1, $2, null, null, 'Holiday')", shop.Id.Value, DateOnly.FromDateTime(off.UtcDateTime));
        var booked = await shop.Books(customer, world.InDays(2, hour: 9));
        var held = await shop.Holds(customer, world.InDays(2, hour: 17));

        var free = (await ListSlots.Run(world.Data(), shop.Service, $"{world.Clock.Now:yyyy-MM-dd}", 5, "UTC", default)).OrThrow().Days.SelectMany(d => d.Slots).Select(s => s.Start).ToHashSet();
        free.Count.ShouldBeGreaterThan(20);
        for (var at = world.InDays(0, hour: 0); at < world.InDays(4, hour: 0); at = at.AddMinutes(80))
        {
            var why = await Why(shop.Provider, shop, at);
            why.IsFree.ShouldBe(free.Contains(at), $"{at:O}: {string.Join(", ", why.Reasons)}");
            why.Reasons.Count.ShouldBe(why.IsFree ? 0 : why.Reasons.Count);
            if (why.Next is { } next) (next > at && !free.Any(f => f > at && f < next)).ShouldBeTrue();
        }

        async Task Says(DateTimeOffset at, SlotObstacle kind, string? says = null, BookingId? booking = null)
        {
            var reasons = (await Why(shop.Provider, shop, at)).Reasons;
            reasons.ShouldContain(r => r.Kind == kind && (says == null || r.Says == says) && (booking == null || r.Booking == booking), $"{at:O} said {string.Join(", ", reasons)}");
            (await Why(MarketplaceWorld.Staff, shop, at)).Reasons.Select(r => (r.Kind, r.Says, r.Booking)).ShouldBe(reasons.Select(r => (r.Kind, r.Says, r.Booking)));
            var told = (await Why(customer, shop, at)).Reasons;
            told.ShouldAllBe(r => r.Says == null && r.Booking == null && (r.From == null || r.Kind == SlotObstacle.Notice));
            told.ShouldAllBe(r => r.Kind == SlotObstacle.Taken || r.Kind == SlotObstacle.OutsideHours || r.Kind == SlotObstacle.Past || r.Kind == SlotObstacle.Notice || r.Kind == SlotObstacle.Horizon);
        }
        await Says(world.InDays(2, hour: 9), SlotObstacle.Booked, "Quick legal question", booked.Id);
        await Says(world.InDays(2, hour: 10), SlotObstacle.Buffer, booking: booked.Id);
        await Says(world.InDays(2, hour: 8), SlotObstacle.Buffer, booking: booked.Id);
        await Says(world.InDays(2, hour: 17), SlotObstacle.Held, booking: held.Id);
        await Says(off.AddHours(9), SlotObstacle.Closed, "Holiday");
        await Says(world.InDays(2, hour: 13), SlotObstacle.OutsideHours, "08:00–12:00, 16:00–20:00");
        await Says(world.InDays(2, hour: 11).AddMinutes(30), SlotObstacle.TooLong);
        await Says(world.InDays(2, hour: 10).AddMinutes(50), SlotObstacle.OffGrid);
        await Says(world.Clock.Now.AddMinutes(-5), SlotObstacle.Past);
        await Says(world.Clock.Now.AddMinutes(100), SlotObstacle.Notice);
        await Says(world.InDays(30), SlotObstacle.Horizon);
        (await shop.Cancels(customer, held.Id)).OrThrow();

        await world.Database.Execute("update marketplace.services set active = false where id = $1", shop.Service.Value);
        await Says2(shop.Provider, SlotObstacle.NotOnSale);
        (await ExplainSlot.Run(world.Data(), customer, shop.Service, $"{world.InDays(2):O}", default)).Refusal.ShouldBe(MarketplaceRefusals.ServiceNotFound);
        async Task Says2(Caller who, SlotObstacle kind) => (await Why(who, shop, world.InDays(2))).Reasons.ShouldContain(r => r.Kind == kind);
    }

    [Fact, Covers("marketplace-5")]
    public async Task A_time_that_the_clocks_skip_or_repeat_is_named_as_that()
    {
        var shop = await world.Shop(zone: "Europe/Dublin");
        (await ExplainSlot.Run(world.Data(), shop.Provider, shop.Service, "2027-03-28T01:30", default)).Refusal!.Details!["nextValid"].ShouldBe("2027-03-28T02:00:00+01:00");
        (await ExplainSlot.Run(world.Data(), shop.Provider, shop.Service, "2027-10-31T01:30", default)).Refusal!.Code.ShouldBe("ambiguous_local_time");

        var customer = await world.Person();
        var refused = (await customer.Post("bookings", new { serviceId = shop.Service.ToString(), start = "2027-03-28T01:30" })).MustRefuse(MarketplaceRefusals.NonexistentLocalTime);
        refused.Word("nextValid").ShouldBe("2027-03-28T02:00:00+01:00");
        (await customer.Get($"services/{shop.Service}/slots/why?at=2027-03-28T01:30")).MustRefuse(MarketplaceRefusals.NonexistentLocalTime).Word("nextValid").ShouldBe("2027-03-28T02:00:00+01:00");
        (await customer.Post("bookings", new { serviceId = shop.Service.ToString(), start = "2027-10-31T01:30" })).MustRefuse(MarketplaceRefusals.AmbiguousLocalTime).At("either").GetArrayLength().ShouldBe(2);
    }

    private async Task<ExplainSlot.View> Why(Caller who, Shop shop, DateTimeOffset at) => (await ExplainSlot.Run(world.Data(1), who, shop.Service, at.ToString("O"), default)).OrThrow();
}
