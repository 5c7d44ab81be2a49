using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Packages;
using Guildhall.Money.Gateways;
using Guildhall.Money.Payments;

namespace Guildhall.Tests.Marketplace.Packages;

/// <summary>Until when sessions may lie, and how little they may cost.</summary>
[Covers("A-5", "B-1")]
public sealed class PackageLimitsTests(MarketplaceWorld world) : IClassFixture<MarketplaceWorld>
{
    private async Task<PackageSaleView> Sold(Shop shop, Caller customer, int sessions = 3, long? soldAt = null, int days = 10)
    {
        var package = (await EditPackage.AddOwn(world.Data(), shop.Provider, new EditPackage.Body("Talks", sessions, new Amount(100_000, Currency.Of("KWD")), days, 50, [shop.Service]), default)).OrThrow();
        if (soldAt is { } minor) await world.Database.Execute("update marketplace.packages set price_minor = $2 where id = $1", package.Id.Value, minor);
        var sale = (await BuyPackage.Run(world.Data(), customer, package.Id, default)).OrThrow();
        var payment = (await StartPayment.Run(world.Data(), world.Get<GatewayBook>(), customer, sale.OrderId, default)).OrThrow().Id;
        await world.Gateway.Pays(await world.Database.Value<string>("select gateway_ref from money.payments where id = $1", payment.Value), "success");
        return await Eventually.Get(async () => (await ReadPackageSales.Run(world.Data(1), customer, sale.Id, default)).OrThrow(), s => s.State == PackageSaleState.Active, "The package did not become active");
    }

    private Task<Result<BookingView>> Books(Caller customer, PackageSaleView sale, Shop shop, DateTimeOffset start) =>
        BookWithPackage.Run(world.Data(), customer, sale.Id, new HoldSlot.Body(shop.Service, start.ToString("O")), default);

    [Fact]
    public async Task The_customer_moves_a_session_to_a_time_of_the_package_and_the_provider_to_any()
    {
        var (shop, customer) = (await world.Shop(), await world.Customer());
        var sale = await Sold(shop, customer);
        (await Books(customer, sale, shop, world.InDays(11))).Refusal!.Code.ShouldBe("package_too_short");
        var booking = (await Books(customer, sale, shop, world.InDays(8))).OrThrow();
        var refused = (await shop.Moves(customer, booking, world.InDays(11))).Refusal!;
        (refused.Code, refused.Details!["validUntil"]).ShouldBe(("package_too_short", sale.ValidUntil));
        async Task<IEnumerable<DateTimeOffset>> Offered(Caller who) =>
            (await ListMoveSlots.Run(world.Data(), who, booking.Id, world.InDays(9).ToString("yyyy-MM-dd"), 5, "UTC", default)).OrThrow().Days.SelectMany(d => d.Slots).Select(s => s.Start);
        (await Offered(customer)).Max().ShouldBeLessThanOrEqualTo(sale.ValidUntil!.Value);
        (await Offered(shop.Provider)).Max().ShouldBeGreaterThan(sale.ValidUntil!.Value);
        var moved = (await shop.Moves(customer, booking, world.InDays(9))).OrThrow();
        (await shop.Moves(shop.Provider, moved, world.InDays(12))).OrThrow().StartsAt.ShouldBe(world.InDays(12));
    }

    [Fact]
    public async Task No_session_is_worth_nothing_and_none_is_offered_that_no_gateway_could_refund()
    {
        var (shop, customer) = (await world.Shop(), await world.Customer());
        EditPackage.Body Of(long minor) => new("Ten talks", 10, new Amount(minor, Currency.Of("KWD")), 30, 50, [shop.Service]);
        (await EditPackage.AddOwn(world.Data(), shop.Provider, Of(90), default)).Refusal!.Code.ShouldBe("invalid_input");
        (await EditPackage.AddOwn(world.Data(), shop.Provider, Of(100), default)).OrThrow();

        var sale = await Sold(shop, customer, sessions: 10, soldAt: 50, days: 30); // from before that was so
        sale.Credits.Select(c => c.Amount.Minor).ShouldBe(Enumerable.Repeat(5L, 10));
        for (var session = 1; session <= 6; session++) (await Books(customer, sale, shop, world.InDays(session))).OrThrow().Price.Minor.ShouldBe(5);
    }
}
