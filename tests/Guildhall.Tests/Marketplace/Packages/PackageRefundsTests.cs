using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Packages;
using Guildhall.Money.Gateways;
using Guildhall.Money.Payments;
using Guildhall.Money.Refunds;
using Guildhall.Tests.Money;

namespace Guildhall.Tests.Marketplace.Packages;

/// <summary>What a package gives back and the gateway does not: it is the customer's until it has gone back.</summary>
[Covers("A-5", "B-1", "M-8")]
public sealed class PackageRefundsTests(MarketplaceWorld world) : IClassFixture<MarketplaceWorld>, IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await world.Gateway.Faults(new { failRefunds = true });
    public async ValueTask DisposeAsync() => await world.Gateway.AnswersAsUsual();

    // 100.000 KWD in three sessions: 33.340, 33.330, 33.330.
    private async Task<(Shop Shop, Caller Customer, PackageSaleView Sale)> Sold(int back)
    {
        var (shop, customer) = (await world.Shop(), await world.Customer());
        var package = (await EditPackage.AddOwn(world.Data(), shop.Provider, new EditPackage.Body("Three talks", 3, new Amount(100_000, Currency.Of("KWD")), 30, back, [shop.Service]), default)).OrThrow();
        var sale = (await BuyPackage.Run(world.Data(), customer, package.Id, default)).OrThrow();
        var payment = (await StartPayment.Run(world.Data(), world.Get<GatewayBook>(), customer, sale.OrderId, default)).OrThrow().Id;
        await world.Gateway.Pays(await world.Database.Value<string>("select gateway_ref from money.payments where id = $1", payment.Value), "success");
        return (shop, customer, await Eventually.Get(() => Sees(customer, sale), s => s.State == PackageSaleState.Active, "The package did not become active"));
    }

    private async Task<PackageSaleView> Sees(Caller who, PackageSaleView sale) => (await ReadPackageSales.Run(world.Data(1), who, sale.Id, default)).OrThrow();

    private async Task<BookingView> Books(Caller customer, PackageSaleView sale, Shop shop, DateTimeOffset start) =>
        (await BookWithPackage.Run(world.Data(), customer, sale.Id, new HoldSlot.Body(shop.Service, start.ToString("O")), default)).OrThrow();

    private async Task GivesUp(Caller customer, PackageSaleView sale) => (await GiveUpPackage.Run(world.Data(), customer, sale.Id, new GiveUpPackage.Body(), default)).OrThrow();

    private async Task<long> Has(Caller provider)
    {
        await new Books(world.Database).MustHold();
        return await new Books(world.Database).Has(provider);
    }

    private async Task RefundFails(PackageSaleView sale)
    {
        await world.Clock.Passes(1.Minutes());
        await world.EventuallyOr("The refund was to fail", async () => await world.Database.Count("money.refunds where order_id = $1 and state = 'failed'", sale.OrderId.Value) == 1);
        await world.JobsAreDone();
    }

    private async Task StaffRefund(PackageSaleView sale, long minor)
    {
        await world.Gateway.AnswersAsUsual();
        (await world.Data().InTransaction(tx => RequestRefund.Run(tx, Caller.System("test"), sale.OrderId, new Amount(minor, Currency.Of("KWD")), "again"))).OrThrow();
    }

    [Fact]
    public async Task What_was_given_up_and_did_not_go_back_is_not_released_to_the_provider()
    {
        var (shop, customer, sale) = await Sold(100);
        var booking = await Books(customer, sale, shop, world.InDays(1));
        await GivesUp(customer, sale);
        await RefundFails(sale);
        await world.Clock.Passes(2.Days());
        (await shop.Completes(shop.Provider, booking.Id)).OrThrow();
        await world.JobsAreDone();
        await world.Clock.Passes(2.Hours());
        await world.JobsAreDone();
        (await Has(shop.Provider)).ShouldBe(33_340 - 5_001);
        (await Sees(customer, sale)).State.ShouldBe(PackageSaleState.Active);

        await StaffRefund(sale, 66_660);
        await world.EventuallyOr("The package did not end", async () => (await Sees(customer, sale)).State == PackageSaleState.Ended);
        (await Has(shop.Provider)).ShouldBe(33_340 - 5_001);
    }

    [Fact]
    public async Task With_nothing_booked_the_package_waits_for_what_goes_back()
    {
        var (shop, customer, sale) = await Sold(50);
        await GivesUp(customer, sale);
        await RefundFails(sale);
        (await Has(shop.Provider)).ShouldBe(42_500);
        (await Sees(customer, sale)).State.ShouldBe(PackageSaleState.Active);
        await StaffRefund(sale, 20_000);
        await world.JobsAreDone();
        await world.Clock.Passes(2.Hours());
        await world.JobsAreDone();
        (await Sees(customer, sale)).State.ShouldBe(PackageSaleState.Active);
        await StaffRefund(sale, 30_000);
        await world.EventuallyOr("The package did not end", async () => (await Sees(customer, sale)).State == PackageSaleState.Ended);
        (await Has(shop.Provider)).ShouldBe(42_500);
    }

    [Fact]
    public async Task A_session_does_not_say_that_it_was_refunded_when_it_was_not()
    {
        var (shop, customer, sale) = await Sold(50);
        await shop.SellsBy([(24, 100), (0, 40)]);
        var booking = await Books(customer, sale, shop, world.InDays(3));
        await world.Clock.Passes(booking.StartsAt - world.Clock.Now - 2.Hours());
        (await shop.Cancels(customer, booking.Id)).OrThrow().Refund.Minor.ShouldBe(13_340);
        await RefundFails(sale);
        (await shop.Sees(customer, booking.Id)).Refund.Minor.ShouldBe(0);
    }

    [Fact]
    public async Task The_customer_is_told_when_it_has_arrived()
    {
        await world.Gateway.AnswersAsUsual();
        var (_, customer, sale) = await Sold(50);
        await GivesUp(customer, sale);
        await world.EventuallyOr("Nobody was told", async () => await world.Told(customer.AccountId!.Value, "refund_completed") == 1);
    }
}
