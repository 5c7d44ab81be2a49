using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Availability;
using Guildhall.Marketplace.Calendars;
using Guildhall.Operations.Integrations;

namespace Guildhall.Tests.Marketplace.Calendars;

[Collection(nameof(CalendarTests))]
public sealed class FetchCalendarTests(CalendarWorld world)
{
    [Fact, Covers("B-3", "marketplace-17")]
    public async Task A_calendar_that_is_down_counts_by_its_last_copy_for_a_day_and_then_nothing_is_offered()
    {
        var (shop, customer) = (await world.Shop(bufferMinutes: 0), await world.Customer());
        var (noon, since) = (world.InDays(4, hour: 12), world.Clock.Now);
        foreach (var name in Faults) await world.Serves(name, CalendarWorld.Calendar(CalendarWorld.Event(noon, noon.AddHours(1), "SUMMARY:Dentist")));
        foreach (var name in Faults) await world.Adds(shop.Provider, name);
        await world.AreLookedAt(shop.Provider, since);
        (await world.Calendars(shop.Provider)).ShouldAllBe(c => c.State == CalendarState.Readable && !c.Withholds && c.Host == "127.0.0.1");
        (await Free(shop, noon)).ShouldBe((false, true));
        (await shop.TriesToHold(customer, noon)).Refusal!.Code.ShouldBe("slot_not_offered");
        (await Why(shop, noon)).Reasons.Select(r => r.Kind).Distinct().ShouldBe([SlotObstacle.Calendar]);
        (await world.Database.Count("marketplace.external_calendars where encode(address, 'escape') like '%127.0.0.1%'")).ShouldBe(0);

        foreach (var name in Faults) await world.Serves(name, fault: name);
        await world.Clock.Passes(20.Minutes());
        await world.AreLookedAt(shop.Provider, since + 20.Minutes());
        var failing = await world.Calendars(shop.Provider);
        failing.Select(c => (c.Name, c.Failure)).ShouldBe(
        [
            ("down", CalendarFailure.AnsweredNo), ("garbage", CalendarFailure.NotReadable), ("cut_off", CalendarFailure.NotReadable), ("redirect", CalendarFailure.AnsweredNo), ("huge", CalendarFailure.TooLarge),
        ]);
        failing.ShouldAllBe(c => c.State == CalendarState.Failing && !c.Withholds && c.StopsAt > world.Clock.Now);
        (await Free(shop, noon)).ShouldBe((false, true), "the last good copy counts");

        await world.Clock.Passes(24.Hours());
        (await world.Calendars(shop.Provider)).ShouldAllBe(c => c.Withholds);
        (await ListCalendars.Run(world.Data(), shop.Provider, default)).OrThrow().Withheld.ShouldBeTrue();
        var status = (await world.Get<IntegrationStatus>().Read(default)).Single(i => i.Name == "calendars");
        (status.State, status.UsersLose!.Contains("not offered", StringComparison.Ordinal), status.Since is not null).ShouldBe((IntegrationState.Degraded, true, true));
        (await Free(shop, noon)).ShouldBe((false, false), "an unknown calendar is not a free one");
        (await shop.TriesToHold(customer, noon.AddHours(2))).Refusal!.Code.ShouldBe("slot_not_offered");
        (await Why(shop, noon.AddHours(2))).Reasons.ShouldContain(r => r.Kind == SlotObstacle.CalendarUnknown);

        foreach (var name in Faults) await world.Serves(name);
        await world.AreReadable(shop.Provider);
        (await Free(shop, noon)).ShouldBe((false, true));
        foreach (var calendar in await world.Calendars(shop.Provider)) (await RemoveCalendar.Run(world.Data(), shop.Provider, calendar.Id, default)).OrThrow();
        (await Free(shop, noon)).ShouldBe((true, true));
    }

    [Fact, Covers("B-3", "marketplace-17")]
    public async Task Until_a_new_calendar_was_read_nothing_is_offered_and_bookings_that_were_sold_stay()
    {
        var (shop, customer) = (await world.Shop(bufferMinutes: 0), await world.Customer());
        var (noon, since) = (world.InDays(6, hour: 12), world.Clock.Now);
        var sold = await shop.Books(customer, noon);
        await world.Serves("late", CalendarWorld.Calendar(CalendarWorld.Event(noon, noon.AddHours(3))), fault: "slow");
        await world.Adds(shop.Provider, "late");
        (await Free(shop, noon.AddDays(1))).ShouldBe((false, false));
        await world.AreLookedAt(shop.Provider, since);
        (await world.Calendars(shop.Provider)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(c => c.Failure.ShouldBe(CalendarFailure.Unreachable), c => c.Withholds.ShouldBeTrue(), c => c.ReadAt.ShouldBeNull());
        (await shop.Sees(customer, sold.Id)).State.ShouldBe(Guildhall.Marketplace.Bookings.BookingState.Confirmed);
    }

    [Fact, Covers("marketplace-51")]
    public async Task An_address_inside_is_not_read_and_what_is_there_is_not_told()
    {
        var shop = await world.Shop();
        foreach (var url in new[]
                 {
                     "http://127.0.0.1/x.ics", "http://127.0.0.1:1/x.ics", "http://169.254.169.254/latest", "http://[::ffff:10.0.0.1]/x", "http://2130706433/x", "http://0x7f.1/x", "http://017700000001/x",
                     "gopher://example.com/x", "file:///etc/passwd", "https://user:pass@example.com/x", "https://example.com:22/x", "nonsense",
                 })
        {
            var refused = await AddCalendar.Run(world.Data(), world.Get<PublicConnect>(), world.Get<MasterKey>(), shop.Provider, new AddCalendar.Body("Inside", url), default);
            refused.Refusal!.Code.ShouldBe("calendar_address_not_allowed", url);
        }
        // Names that lead inside are found out at the connection; closed, open and missing look the same.
        var since = world.Clock.Now;
        foreach (var (name, url) in new[] { ("closed", "http://localhost:1024/x.ics"), ("open", $"http://localhost:{world.Addresses[0].Port}/health/live"), ("none", "http://no-such-name.invalid/x.ics") })
            await world.Adds(shop.Provider, name, url);
        await world.AreLookedAt(shop.Provider, since);
        (await world.Calendars(shop.Provider)).ShouldAllBe(c => c.Failure == CalendarFailure.Unreachable);
    }

    // Named after what each will do.
    private static readonly string[] Faults = ["down", "garbage", "cut_off", "redirect", "huge"];

    private async Task<ExplainSlot.View> Why(Shop shop, DateTimeOffset at) => (await ExplainSlot.Run(world.Data(), shop.Provider, shop.Service, at.ToString("O"), default)).OrThrow();

    // Whether that hour is offered, and whether any of its day is.
    private async Task<(bool Then, bool Any)> Free(Shop shop, DateTimeOffset at)
    {
        var day = (await ListSlots.Run(world.Data(1), shop.Service, $"{at:yyyy-MM-dd}", 1, "UTC", default)).OrThrow().Days.Single();
        return (day.Slots.Any(s => s.Start == at), day.Slots.Count > 0);
    }
}
