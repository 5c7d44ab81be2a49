using Guildhall.Foundation.Security;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Packages;
using Guildhall.Money.Gateways;
using Guildhall.Money.Payments;
using Guildhall.Money.Refunds;
using Guildhall.Tests.Money;

namespace Guildhall.Tests.Marketplace.Packages;

[Covers("A-5", "B-1")]
public sealed class PackageTests(MarketplaceWorld world) : IClassFixture<MarketplaceWorld>
{
    // 100.000 KWD in three sessions. The gateway moves hundredths of a dinar, so each credit is a multiple of them: 33.340, 33.330, 33.330.
    private async Task<PackageView> Offers(Shop shop, int sessions = 3, long price = 100_000, int back = 50, int days = 30) => (await EditPackage.AddOwn(world.Data(), shop.Provider,
        new EditPackage.Body("Three talks", sessions, new Amount(price, Currency.Of("KWD")), days, back, [shop.Service]), default)).OrThrow();

    private async Task<PackageSaleView> Buys(Shop shop, Caller customer, PackageView package)
    {
        var sale = (await BuyPackage.Run(world.Data(), customer, package.Id, default)).OrThrow();
        var payment = (await StartPayment.Run(world.Data(), world.Get<GatewayBook>(), customer, sale.OrderId, default)).OrThrow().Id;
        await world.Gateway.Pays(await world.Database.Value<string>("select gateway_ref from money.payments where id = $1", payment.Value), "success");
        return await Eventually.Get(() => Sees(customer, sale), s => s.State == PackageSaleState.Active, "The package did not become active");
    }

    private async Task<PackageSaleView> Sees(Caller who, PackageSaleView sale) => (await ReadPackageSales.Run(world.Data(1), who, sale.Id, default)).OrThrow();

    private Task<Result<BookingView>> Books(Caller customer, PackageSaleView sale, Shop shop, DateTimeOffset start, int node = 0) =>
        BookWithPackage.Run(world.Data(node), customer, sale.Id, new HoldSlot.Body(shop.Service, start.ToString("O")), default);

    private Task<long> Has(Caller provider) => new Books(world.Database).Has(provider);

    private Task BooksHold() => new Books(world.Database).MustHold();

    [Fact, Covers("M-7")]
    public async Task Each_completed_session_pays_its_part_and_the_parts_are_the_price_to_the_minor_unit()
    {
        var (shop, customer) = (await world.Shop(), await world.Customer());
        var sale = await Buys(shop, customer, await Offers(shop));
        (sale.State, sale.Left).ShouldBe((PackageSaleState.Active, 3));
        sale.Credits.Select(c => c.Amount.Minor).ShouldBe([33_340, 33_330, 33_330]);
        var earned = new List<long>();
        for (var session = 1; session <= 3; session++)
        {
            var booking = (await Books(customer, sale, shop, world.InDays(1))).OrThrow();
            (booking.State, booking.PackageId).ShouldBe((BookingState.Confirmed, sale.Id));
            booking.ChatId.ShouldNotBeNull();
            await world.Clock.Passes(2.Days());
            (await shop.Completes(shop.Provider, booking.Id)).OrThrow();
            earned.Add(await Has(shop.Provider));
            (await shop.Owes("escrow", sale.OrderId)).ShouldBe(100_000 - sale.Credits.Take(session).Sum(c => c.Amount.Minor));
            await BooksHold();
        }
        earned[2].ShouldBe(85_000); // 15 % of the whole, rounded once
        await world.EventuallyOr("The package did not end", async () => (await Sees(customer, sale)).State == PackageSaleState.Ended);
        (await shop.Owes("platform_fee", sale.OrderId)).ShouldBe(15_000);
        (await world.Database.Count("money.orders where id = $1 and released_at is not null", sale.OrderId.Value)).ShouldBe(1);
        (await Books(customer, sale, shop, world.InDays(1))).Refusal!.Code.ShouldBe("package_closed");
        await BooksHold();
    }

    [Fact, Covers("marketplace-1")]
    public async Task Two_bookings_at_once_never_use_one_credit()
    {
        var (shop, customer) = (await world.Shop(), await world.Customer());
        var sale = await Buys(shop, customer, await Offers(shop, sessions: 2));
        (await Books(customer, sale, shop, world.InDays(1))).OrThrow();
        await using var gate = await Gate.Close(world.Database, "select 1 from money.orders where id = $1 for update", sale.OrderId.Value);
        var tries = Enumerable.Range(0, 3).Select(i => Task.Run(() => Books(customer, sale, shop, world.InDays(2 + i), node: i % 2))).ToArray();
        await gate.OpenWhenWaiting(3);
        var answers = await Task.WhenAll(tries);
        answers.Count(a => a.Granted).ShouldBe(1);
        answers.Where(a => !a.Granted).ShouldAllBe(a => a.Refusal!.Code == "package_used_up");
        (await world.Database.Count("marketplace.package_credits where sale_id = $1 and state = 'booked'", sale.Id.Value)).ShouldBe(2);
        (await world.Database.Count("marketplace.bookings where package_sale_id = $1 and state = 'confirmed'", sale.Id.Value)).ShouldBe(2);
    }

    [Fact]
    public async Task Nothing_is_booked_before_money_was_captured_by_a_stranger_or_for_what_it_does_not_contain()
    {
        var (shop, other, customer) = (await world.Shop(), await world.Shop(), await world.Customer());
        var package = await Offers(shop);
        var placed = (await BuyPackage.Run(world.Data(), customer, package.Id, default)).OrThrow();
        (placed.State, placed.Credits.Count).ShouldBe((PackageSaleState.Placed, 0));
        (await Books(customer, placed, shop, world.InDays(1))).Refusal!.Code.ShouldBe("package_not_paid");
        var sale = await Buys(shop, customer, package);
        (await Books(await world.Customer(), sale, shop, world.InDays(1))).Refusal!.Code.ShouldBe("package_sale_not_found");
        (await ReadPackageSales.Run(world.Data(), await world.Customer(), sale.Id, default)).Refusal!.Code.ShouldBe("package_sale_not_found");
        (await Books(customer, sale, other, world.InDays(1))).Refusal!.Code.ShouldBe("package_other_service");
        (await Books(customer, sale, shop, world.InDays(45))).Refusal!.Code.ShouldBe("package_too_short");
        (await BuyPackage.Run(world.Data(), shop.Provider, package.Id, default)).Refusal!.Code.ShouldBe("own_service");
    }

    [Fact]
    public async Task A_cancelled_session_gives_its_credit_back_by_the_terms_or_shares_its_money()
    {
        var (shop, customer) = (await world.Shop(), await world.Customer());
        await shop.SellsBy([(24, 100), (0, 40)]);
        var sale = await Buys(shop, customer, await Offers(shop));
        var early = (await Books(customer, sale, shop, world.InDays(3))).OrThrow();
        (await shop.Terms(customer, early.Id)).OrThrow().CreditBack.ShouldBeTrue();
        (await shop.Cancels(customer, early.Id)).OrThrow();
        (await Sees(customer, sale)).Left.ShouldBe(3);
        (await shop.Refunds(sale.OrderId)).ShouldBe(0);

        var late = (await Books(customer, sale, shop, world.InDays(3))).OrThrow();
        await world.Clock.Passes(late.StartsAt - world.Clock.Now - 2.Hours());
        var terms = (await shop.Terms(customer, late.Id)).OrThrow();
        (terms.Refund.Minor, terms.Kept.Minor).ShouldBe((13_340, 20_000));
        (await shop.Cancels(customer, late.Id, new CancelBooking.Body(SeenRefundMinor: 13_340))).OrThrow().Refund.Minor.ShouldBe(13_340);
        var seen = await Sees(customer, sale);
        (seen.Left, seen.Used).ShouldBe((2, 1));
        (await shop.Owes("escrow", sale.OrderId)).ShouldBe(66_660);

        var gone = (await Books(customer, sale, shop, world.InDays(2))).OrThrow();
        (await shop.Cancels(shop.Provider, gone.Id)).OrThrow();
        (await Sees(customer, sale)).Left.ShouldBe(2);
        await BooksHold();
    }

    [Fact]
    public async Task Whoever_is_told_that_a_session_was_cancelled_reads_what_became_of_it()
    {
        var (shop, customer) = (await world.Shop(), await world.Customer());
        await world.Database.Execute("update messaging.recipients set language = 'ar' where person_id = $1", shop.Provider.AccountId!.Value);
        await world.Database.Execute("update identity.accounts set language = 'ar' where id = $1", shop.Provider.AccountId!.Value);
        await shop.SellsBy([(24, 100), (0, 0)]);
        var sale = await Buys(shop, customer, await Offers(shop));
        var back = (await Books(customer, sale, shop, world.InDays(3))).OrThrow();
        (await shop.Cancels(shop.Provider, back.Id)).OrThrow();
        var late = (await Books(customer, sale, shop, world.InDays(1))).OrThrow();
        await world.Clock.Passes(late.StartsAt - world.Clock.Now - 1.Hours());
        (await shop.Cancels(customer, late.Id)).OrThrow();
        var uncovered = (await Books(customer, sale, shop, world.InDays(3))).OrThrow();
        (await world.Data().InTransaction(tx => RequestRefund.Run(tx, Caller.System("test"), sale.OrderId, null, "asked"))).OrThrow();
        await world.EventuallyOr("The session did not end", async () => (await shop.Sees(customer, uncovered.Id)).State == BookingState.Cancelled);
        await world.JobsAreDone();

        (await Told(customer, back)).ShouldBe("The provider cancelled. The session can be booked again with the package.");
        (await Told(shop.Provider, back)).ShouldBe("ألغاه مقدّم الخدمة. يمكن حجز الجلسة من جديد بالباقة.");
        (await Told(customer, late)).ShouldBe("The customer cancelled. Nothing is refunded.");
        (await Told(shop.Provider, late)).ShouldBe("ألغاه العميل. لا يُرد شيء.");
        (await Told(customer, uncovered)).ShouldBe("The money of the package went back.");
        (await Told(shop.Provider, uncovered)).ShouldBe("أُعيد مال الباقة.");

        Task<string> Told(Caller who, BookingView booking) => world.Database.Value<string>(
            "select facts ->> 'reason' from messaging.notices where template = 'booking_cancelled' and person_id = $1 and unique_key = $2", who.AccountId!.Value, booking.Id.ToString());
    }

    [Fact]
    public async Task Giving_up_pays_the_unused_back_by_the_rule_of_the_sale_and_leaves_booked_sessions()
    {
        var (shop, customer) = (await world.Shop(), await world.Customer());
        var package = await Offers(shop);
        var sale = await Buys(shop, customer, package);
        (await EditPackage.Change(world.Data(), shop.Provider, package.Id, new EditPackage.Body("Dearer", 5, new Amount(900_000, Currency.Of("KWD")), 3, 0, [shop.Service], Revision: 1), default)).OrThrow();
        var booked = (await Books(customer, sale, shop, world.InDays(2))).OrThrow();
        var terms = (await GiveUpPackage.Preview(world.Data(), customer, sale.Id, default)).OrThrow();
        (terms.Sessions, terms.Refund.Minor, terms.Kept.Minor).ShouldBe((2, 33_330, 33_330));
        (await GiveUpPackage.Run(world.Data(), customer, sale.Id, new GiveUpPackage.Body(1), default)).Refusal!.Code.ShouldBe("cancellation_terms_changed");
        (await GiveUpPackage.Run(world.Data(), customer, sale.Id, new GiveUpPackage.Body(33_330), default)).OrThrow().Left.ShouldBe(0);
        (await shop.Refunds(sale.OrderId)).ShouldBe(33_330);
        (await shop.Owes("escrow", sale.OrderId)).ShouldBe(33_340);
        (await Books(customer, sale, shop, world.InDays(2, hour: 15))).Refusal!.Code.ShouldBe("package_closed");

        // Its credit has nowhere to go back to: its money comes back instead.
        (await shop.Cancels(shop.Provider, booked.Id)).OrThrow().Refund.Minor.ShouldBe(33_340);
        (await shop.Owes("escrow", sale.OrderId)).ShouldBe(0);
        await world.EventuallyOr("The package did not end", async () => (await Sees(customer, sale)).State == PackageSaleState.Ended);
        await BooksHold();
    }

    [Fact]
    public async Task When_its_time_is_over_the_unused_is_settled_by_itself()
    {
        var (shop, customer) = (await world.Shop(), await world.Customer());
        var sale = await Buys(shop, customer, await Offers(shop, back: 0, days: 10));
        await world.Clock.Passes(11.Days());
        await world.EventuallyOr("It was not settled", async () => (await Sees(customer, sale)).State == PackageSaleState.Ended);
        (await Sees(customer, sale)).ClosedBy.ShouldBe(PackageClosedBy.Expired);
        (await shop.Refunds(sale.OrderId)).ShouldBe(0);
        (await Has(shop.Provider)).ShouldBe(85_000);
        await BooksHold();
    }

    [Fact]
    public async Task A_refund_by_staff_voids_the_unused_and_ends_booked_sessions_that_it_leaves_uncovered()
    {
        var (shop, customer) = (await world.Shop(), await world.Customer());
        var sale = await Buys(shop, customer, await Offers(shop));
        var booked = (await Books(customer, sale, shop, world.InDays(2))).OrThrow();
        (await world.Data().InTransaction(tx => RequestRefund.Run(tx, Caller.System("test"), sale.OrderId, new Amount(1_000, Currency.Of("KWD")), "asked"))).OrThrow();
        (await Sees(customer, sale)).Left.ShouldBe(0);
        (await shop.Sees(customer, booked.Id)).State.ShouldBe(BookingState.Confirmed);
        (await world.Data().InTransaction(tx => RequestRefund.Run(tx, Caller.System("test"), sale.OrderId, null, "asked"))).OrThrow();
        await world.EventuallyOr("The session did not end", async () => (await shop.Sees(customer, booked.Id)).State == BookingState.Cancelled);
        (await shop.Owes("escrow", sale.OrderId)).ShouldBe(0);
        await BooksHold();
    }

    [Fact]
    public async Task A_package_names_no_contact_details_no_service_of_others_and_its_second_editor_is_told()
    {
        var (shop, other) = (await world.Shop(), await world.Shop());
        EditPackage.Body Body(string name, params ServiceId[] services) => new(name, 3, new Amount(100_000, Currency.Of("KWD")), 30, 50, services);
        (await EditPackage.AddOwn(world.Data(), shop.Provider, Body("Call +965 9999 8888", shop.Service), default)).Refusal!.Code.ShouldBe("invalid_input");
        (await EditPackage.AddOwn(world.Data(), shop.Provider, Body("Three", other.Service), default)).Refusal!.Code.ShouldBe("package_services_invalid");
        var package = (await EditPackage.AddOwn(world.Data(), shop.Provider, Body("Three", shop.Service), default)).OrThrow();
        (await EditPackage.Change(world.Data(), other.Provider, package.Id, Body("Mine", shop.Service) with { Revision = 1 }, default)).Refusal!.Code.ShouldBe("package_not_found");
        (await EditPackage.Change(world.Data(), MarketplaceWorld.Staff, package.Id, Body("By staff", shop.Service) with { Revision = 1 }, default)).OrThrow().Revision.ShouldBe(2);
        (await EditPackage.Change(world.Data(), shop.Provider, package.Id, Body("Late", shop.Service) with { Revision = 1 }, default)).Refusal!.Code.ShouldBe("package_changed");
    }
}
