using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Calls;
using Guildhall.Marketplace.Moderation;
using Guildhall.Marketplace.Packages;
using Guildhall.Money;
using Guildhall.Money.Escrow;
using Guildhall.Money.Gateways;
using Guildhall.Money.Payments;
using Guildhall.Tests.Money;

namespace Guildhall.Tests.Marketplace.Packages;

/// <summary>Where packages meet minutes, blocks, complaints and disputes.</summary>
[Covers("A-5", "B-1")]
public sealed class PackageCrossingsTests(MarketplaceWorld world) : IClassFixture<MarketplaceWorld>
{
    private static readonly Caller Test = Caller.System("test");

    // 100.000 KWD in three sessions: 33.340, 33.330, 33.330.
    private async Task<(Shop Shop, Caller Customer, PackageSaleView Sale)> Sold(int back, Shop? of = null)
    {
        var (shop, customer) = (of ?? await world.Shop(), await world.Customer());
        var sale = (await BuyPackage.Run(world.Data(), customer, (await Offers(shop, back)).Id, default)).OrThrow();
        var payment = (await StartPayment.Run(world.Data(), world.Get<GatewayBook>(), customer, sale.OrderId, default)).OrThrow().Id;
        await world.Gateway.Pays(await world.Database.Value<string>("select gateway_ref from money.payments where id = $1", payment.Value), "success");
        return (shop, customer, await Eventually.Get(() => Sees(customer, sale.Id), s => s.State == PackageSaleState.Active, "The package did not become active"));
    }

    private async Task<PackageView> Offers(Shop shop, int back) =>
        (await EditPackage.AddOwn(world.Data(), shop.Provider, new EditPackage.Body("Three talks", 3, new Amount(100_000, Currency.Of("KWD")), 6, back, [shop.Service]), default)).OrThrow();

    private async Task<PackageSaleView> Sees(Caller who, PackageSaleId sale) => (await ReadPackageSales.Run(world.Data(1), who, sale, default)).OrThrow();

    private async Task<BookingView> Books(Caller customer, PackageSaleView sale, Shop shop, DateTimeOffset start) =>
        (await BookWithPackage.Run(world.Data(), customer, sale.Id, new HoldSlot.Body(shop.Service, start.ToString("O")), default)).OrThrow();

    private Task<Result<PackageSaleView>> GivesUp(Caller customer, PackageSaleView sale) => GiveUpPackage.Run(world.Data(), customer, sale.Id, new GiveUpPackage.Body(), default);

    private async Task<long> Has(Caller provider)
    {
        await new Books(world.Database).MustHold();
        return await new Books(world.Database).Has(provider);
    }

    private async Task<string> Dispute(PackageSaleView sale)
    {
        var charge = await world.Database.Value<string>("select gateway_payment from money.payments where order_id = $1", sale.OrderId.Value);
        return (await world.Sandbox.Post("/sandbox/stripe/disputes", new { charge })).GetProperty("id").GetString()!;
    }

    private Task Bank(string dispute, string says) => world.Sandbox.Post($"/sandbox/stripe/disputes/{dispute}/{says}");

    [Fact]
    public async Task A_session_of_a_service_by_the_minute_costs_its_credit_and_needs_no_call()
    {
        var shop = await world.Shop(minutes: 30, priceMinor: 15_000);
        await world.Database.Execute("update marketplace.services set minute_minor = 500 where id = $1", shop.Service.Value);
        var (_, customer, sale) = await Sold(50, shop);
        var booking = await Books(customer, sale, shop, world.InDays(1));
        (booking.Price.Minor, booking.MinutePrice).ShouldBe((33_340, null));
        await world.Clock.Passes(2.Days());
        (await shop.Completes(shop.Provider, booking.Id)).OrThrow();
        (await Has(shop.Provider)).ShouldBe(33_340 - 5_001);
    }

    [Fact]
    public async Task Settling_minutes_waits_for_the_order_of_a_package_before_it_locks_anything_else()
    {
        var (shop, customer, sale) = await Sold(50);
        var booking = await Books(customer, sale, shop, world.InDays(1));
        await world.Database.Execute("update marketplace.bookings set minute_minor = 500 where id = $1", booking.Id.Value); // sold so before it was known better
        await world.Clock.Passes(booking.StartsAt.AddSeconds(1) - world.Clock.Now);
        var call = (await RingCall.Run(world.Data(), world.Get<RateLimits>(), customer, booking.Id, default)).OrThrow().Id;
        await AnswerCall.Run(world.Data(), shop.Provider, call, accept: true, default);
        foreach (var side in new[] { customer, shop.Provider }) await StayInCall.Run(world.Data(), side, call, default);
        await world.Clock.Passes(TimeSpan.FromSeconds(5));
        await StayInCall.Run(world.Data(), shop.Provider, call, default);
        await HangUpCall.Run(world.Data(), customer, call, default);
        await using var gate = await Gate.Close(world.Database, "select 1 from money.orders where id = $1 for update", sale.OrderId.Value);
        await world.Clock.Passes(TimeSpan.FromSeconds(130)); // the job of its own begins
        await Eventually.True(async () => await gate.Waiting() >= 1, "It was to wait for the package's order.");
        await world.Database.Execute("select 1 from marketplace.bookings where id = $1 for update nowait", booking.Id.Value);
        await world.Database.Execute("select 1 from money.orders where id = $1 for update nowait", booking.OrderId.Value);
        await gate.Open();
        await world.EventuallyOr("It was to be settled", async () => (await shop.Sees(customer, booking.Id)).State == BookingState.Completed);
    }

    [Fact]
    public async Task Booking_everything_before_giving_up_gives_no_more_back_than_giving_up()
    {
        var (shop, customer, sale) = await Sold(0);
        var booking = await Books(customer, sale, shop, world.InDays(5));
        (await shop.Terms(customer, booking.Id)).OrThrow().CreditBack.ShouldBeTrue();
        (await GivesUp(customer, sale)).OrThrow();
        var terms = (await shop.Terms(customer, booking.Id)).OrThrow();
        (terms.CreditBack, terms.Refund.Minor, terms.Kept.Minor).ShouldBe((false, 0, 33_340));
        (await shop.Terms(shop.Provider, booking.Id)).OrThrow().Refund.Minor.ShouldBe(33_340); // not for what others do
        (await shop.Cancels(customer, booking.Id)).OrThrow();
        await world.EventuallyOr("The package did not end", async () => (await Sees(customer, sale.Id)).State == PackageSaleState.Ended);
        ((await shop.Refunds(sale.OrderId)), await Has(shop.Provider)).ShouldBe((0, 85_000));
    }

    [Fact]
    public async Task A_provider_who_blocks_a_customer_does_not_keep_what_the_customer_can_no_longer_book()
    {
        var (shop, customer, sale) = await Sold(0);
        var booking = await Books(customer, sale, shop, world.InDays(5));
        var package = await Offers(shop, 0);
        var own = (await BlockPerson.Run(world.Data(), customer, booking.ChatId!.Value, default)).OrThrow();
        (await GiveUpPackage.Preview(world.Data(), customer, sale.Id, default)).OrThrow().Refund.Minor.ShouldBe(0); // of their own wish
        (await LiftBlock.Run(world.Data(), customer, own.Id, default)).OrThrow();
        (await BlockPerson.Run(world.Data(), shop.Provider, booking.ChatId!.Value, default)).OrThrow();
        (await BuyPackage.Run(world.Data(), customer, package.Id, default)).Refusal.ShouldBe(MarketplaceRefusals.PeopleBlocked);
        (await BookWithPackage.Run(world.Data(), customer, sale.Id, new HoldSlot.Body(shop.Service, world.InDays(6).ToString("O")), default)).Refusal.ShouldBe(MarketplaceRefusals.PeopleBlocked);
        (await GivesUp(customer, sale)).OrThrow();
        (await shop.Refunds(sale.OrderId)).ShouldBe(66_660);
        (await shop.Cancels(customer, booking.Id)).OrThrow().Refund.Minor.ShouldBe(33_340);
        (await Has(shop.Provider)).ShouldBe(0);
    }

    [Fact]
    public async Task A_provider_who_offers_none_of_its_services_keeps_nothing_of_what_nobody_can_book()
    {
        var (shop, customer, sale) = await Sold(0);
        (await GiveUpPackage.Preview(world.Data(), customer, sale.Id, default)).OrThrow().Refund.Minor.ShouldBe(0);
        await world.Database.Execute("update marketplace.services set active = false where id = $1", shop.Service.Value);
        (await GiveUpPackage.Preview(world.Data(), customer, sale.Id, default)).OrThrow().Refund.Minor.ShouldBe(100_000);
        await world.Clock.Passes(sale.ValidUntil!.Value - world.Clock.Now + TimeSpan.FromSeconds(1));
        await world.EventuallyOr("The package did not end", async () => (await Sees(customer, sale.Id)).State == PackageSaleState.Ended);
        ((await shop.Refunds(sale.OrderId)), await Has(shop.Provider)).ShouldBe((100_000, 0));
    }

    [Fact]
    public async Task A_complaint_about_a_session_keeps_its_part_when_it_is_cancelled_late()
    {
        var (shop, customer, sale) = await Sold(50);
        await shop.SellsBy([(0, 0)]);
        var booking = await Books(customer, sale, shop, world.InDays(5));
        (await HoldOrder.Run(world.Data(), customer, booking.OrderId, "Not as agreed.", default)).OrThrow();
        (await shop.Cancels(customer, booking.Id)).Refusal.ShouldBe(MoneyRefusals.OrderHeld);
        (await Has(shop.Provider)).ShouldBe(0);
        (await HoldOrder.End(world.Data(), MarketplaceWorld.Staff, booking.OrderId, "Settled.", default)).OrThrow();
        (await shop.Cancels(customer, booking.Id)).OrThrow();
        (await Has(shop.Provider)).ShouldBe(33_340 - 5_001);
    }

    [Fact]
    public async Task Time_that_runs_out_during_a_dispute_is_settled_when_it_is_won()
    {
        var (shop, customer, sale) = await Sold(50);
        var dispute = await Dispute(sale);
        await world.EventuallyOr("Credits were to be void", async () => (await Sees(customer, sale.Id)).Left == 0);
        await world.Clock.Passes(7.Days());
        await world.JobsAreDone();
        (await GivesUp(customer, sale)).Refusal.ShouldNotBeNull();
        ((await Sees(customer, sale.Id)).ClosedAt, await Has(shop.Provider)).ShouldBe((null, 0));
        await Bank(dispute, "won");
        await world.EventuallyOr("It was to be won", async () => await world.Database.Count("money.disputes where order_id = $1 and state = 'won'", sale.OrderId.Value) == 1);
        await world.Clock.Passes(7.Hours());
        await world.EventuallyOr("It was to be settled", async () => (await Sees(customer, sale.Id)).State == PackageSaleState.Ended);
        ((await shop.Refunds(sale.OrderId)), await Has(shop.Provider)).ShouldBe((50_000, 42_500));
    }

    [Fact]
    public async Task A_package_does_not_end_between_the_news_that_a_dispute_was_won_and_its_credits()
    {
        var (_, customer, sale) = await Sold(50);
        await world.JobsAreDone();
        await world.Database.Execute("update marketplace.package_credits set state = 'void', void_reason = 'dispute' where sale_id = $1", sale.Id.Value);
        await world.Data().InTransaction(tx => FinishPackage.Run(tx, new FinishPackage(sale.Id)));
        var seen = await Sees(customer, sale.Id);
        (seen.State, seen.Left).ShouldBe((PackageSaleState.Active, 3));
    }

    [Fact, Covers("M-9")]
    public async Task What_a_lost_dispute_could_not_take_of_released_parts_it_takes_once_the_order_is_released_as_a_whole()
    {
        var (shop, customer, sale) = await Sold(50);
        var booking = await Books(customer, sale, shop, world.InDays(1));
        await world.Clock.Passes(2.Days());
        (await shop.Completes(shop.Provider, booking.Id)).OrThrow();
        (await Has(shop.Provider)).ShouldBe(33_340 - 5_001);
        await Bank(await Dispute(sale), "lost");
        await world.EventuallyOr("It was to be lost", async () => await world.Database.Count("money.disputes where order_id = $1 and state = 'lost'", sale.OrderId.Value) == 1);
        await world.Clock.Passes(2.Hours());
        await world.EventuallyOr("The package did not end", async () => (await Sees(customer, sale.Id)).State == PackageSaleState.Ended);
        await world.JobsAreDone();
        (await world.Database.Value<long>("select excess_minor from money.disputes where order_id = $1", sale.OrderId.Value)).ShouldBe(0);
        (await Has(shop.Provider)).ShouldBe(0);
    }

    [Fact, Covers("M-5")]
    public async Task A_part_is_released_once_and_never_more_than_lies_in_escrow()
    {
        var (shop, _, sale) = await Sold(50);
        Task<Result<Amount>> Release(string key, long minor) => world.Data().InTransaction(tx => ReleasePart.Run(tx, Test, sale.OrderId, key, new Amount(minor, Currency.Of("KWD"))));
        (await Release("one", 10_000)).OrThrow().Minor.ShouldBe(8_500);
        (await Release("one", 10_000)).Refusal.ShouldBe(MoneyRefusals.OrderReleased);
        (await Release("two", 90_001)).Refusal!.Code.ShouldBe(MoneyRefusals.EscrowTooSmall.Code);
        (await Release("two", 0)).Refusal.ShouldBe(MoneyRefusals.AmountNotPositive);
        (await Has(shop.Provider)).ShouldBe(8_500);
        const string ofOrder = "where payment_id = (select paid_payment_id from money.orders where id = $1)";
        await MustRefuse("payment_guards_share", "money.payment_guards set parted_minor = captured_minor + 1 " + ofOrder);
        await MustRefuse("payment_guards_parted", "money.payment_guards set parted_fee_minor = parted_minor + 1 " + ofOrder);
        await MustRefuse("escrow_parts_check", "money.escrow_parts set fee_minor = gross_minor, tax_minor = 1 where order_id = $1");
        await MustRefuse("escrow_parts_gross_minor_check", "money.escrow_parts set gross_minor = 0, fee_minor = 0, tax_minor = 0 where order_id = $1");

        async Task MustRefuse(string constraint, string update) =>
            (await Should.ThrowAsync<Npgsql.PostgresException>(() => world.Database.Execute("update " + update, sale.OrderId.Value))).ConstraintName.ShouldBe(constraint);
    }
}
