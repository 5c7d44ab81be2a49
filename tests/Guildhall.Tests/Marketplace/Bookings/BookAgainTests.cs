using System.Globalization;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Bookings;

namespace Guildhall.Tests.Marketplace.Bookings;

[Covers("B-4")]
public sealed class BookAgainTests(MarketplaceWorld world) : IClassFixture<MarketplaceWorld>
{
    [Fact]
    public async Task Of_a_booking_that_is_over_the_same_hour_of_the_week_and_the_next_free_times_are_suggested_at_todays_price()
    {
        var shop = await world.Shop();
        var customer = await world.Customer();
        var start = world.InDays(2);
        var booking = await shop.Books(customer, start);
        (await Again(customer, booking)).Refusal!.Code.ShouldBe("booking_not_over");
        await world.Clock.Passes(start - world.Clock.Now + 1.Minutes());
        (await shop.Completes(shop.Provider, booking.Id)).Granted.ShouldBeTrue();
        await world.Database.Execute("update marketplace.services set price_minor = 31000 where id = $1", shop.Service.Value);

        var again = (await Again(customer, booking)).OrThrow();
        (again.Service.Price.Minor, again.AsBefore!.Start, again.Times.Count).ShouldBe((31_000, start.AddDays(7), 3));
        again.Times.ShouldAllBe(t => t.Start > world.Clock.Now && t.Start < start.AddDays(1));
        again.AsBefore.Local.ShouldStartWith(start.AddDays(7).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture));
        // Taken by somebody, the same hour is suggested a week later; what is held costs what was shown.
        await shop.Holds(await world.Customer(), again.AsBefore.Start);
        (await Again(customer, booking)).OrThrow().AsBefore!.Start.ShouldBe(start.AddDays(14));
        (await shop.Holds(customer, again.Times[0].Start)).Price.Minor.ShouldBe(31_000);

        (await Again(shop.Provider, booking)).Refusal.ShouldBe(MarketplaceRefusals.OnlyTheCustomer);
        (await Again(await world.Customer(), booking)).Refusal.ShouldBe(MarketplaceRefusals.BookingNotFound);
        (await BookAgain.Run(world.Data(), customer, booking.Id, "Mars/Olympus", default)).Refusal.ShouldBe(MarketplaceRefusals.ZoneUnknown);
        await world.Database.Execute("update marketplace.services set active = false where id = $1", shop.Service.Value);
        (await Again(customer, booking)).Refusal.ShouldBe(MarketplaceRefusals.ServiceNotFound);
    }

    private Task<Result<BookAgain.View>> Again(Caller who, BookingView booking) => BookAgain.Run(world.Data(1), who, booking.Id, "UTC", default);
}
