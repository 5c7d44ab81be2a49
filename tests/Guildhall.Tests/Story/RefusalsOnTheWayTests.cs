using Guildhall.Marketplace;
using Guildhall.Money;

namespace Guildhall.Tests.Story;

/// <summary>Every "no" somebody can meet between choosing a time and getting paid.</summary>
public sealed class RefusalsOnTheWayTests(World world) : IClassFixture<World>
{
    [Fact]
    [Covers("I-12")]
    public async Task Who_is_not_signed_in_can_look_but_not_touch()
    {
        var (seller, visitor) = (await world.Provider(), world.Visitor());
        (await visitor.SeesFreeTimes(seller)).ShouldNotBeEmpty();
        (await visitor.Post("bookings", new { serviceId = seller.Service, start = "2030-01-01T10:00:00Z" })).MustRefuse(FoundationRefusals.SignInFirst);
        (await visitor.Get("bookings")).MustRefuse(FoundationRefusals.SignInFirst);
        (await visitor.Get("admin/payments")).MustRefuse(FoundationRefusals.SignInFirst);
    }

    [Fact]
    [Covers("marketplace-1")]
    public async Task A_taken_time_is_refused_with_others_that_are_free()
    {
        var (seller, first, second) = (await world.Provider(), await world.Customer(), await world.Customer());
        var booking = await first.Books(seller);
        var refused = (await second.TriesToBook(seller, booking.Word("startsAt"))).MustRefuse(MarketplaceRefusals.SlotUnavailable);
        refused.At("alternatives").GetArrayLength().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("2001-01-01T10:00:00Z")]
    [InlineData("2999-01-01T10:00:00Z")]
    [InlineData("tomorrow")]
    [InlineData("")]
    [Covers("marketplace-3")]
    public async Task A_time_that_cannot_be_is_refused(string start)
    {
        var (seller, customer) = (await world.Provider(), await world.Customer());
        (await customer.Post("bookings", new { serviceId = seller.Service, start })).Status.ShouldBe(422);
    }

    [Fact]
    [Covers("M-1")]
    public async Task A_price_sent_by_the_customer_is_refused()
    {
        var (seller, customer) = (await world.Provider(), await world.Customer());
        var start = (await customer.SeesFreeTimes(seller))[^1];
        (await customer.Post("bookings", new { serviceId = seller.Service, start, price = new { minor = 1, currency = "KWD" } })).MustRefuse(FoundationRefusals.ServerDecides);
    }

    [Fact]
    public async Task Nobody_books_themselves()
    {
        var seller = await world.Provider();
        (await seller.Person.TriesToBook(seller)).MustRefuse(MarketplaceRefusals.OwnService);
    }

    [Fact]
    [Covers("M-2")]
    public async Task A_second_payment_is_told_where_the_first_one_goes_on()
    {
        var (seller, customer) = (await world.Provider(), await world.Customer());
        var booking = await customer.Books(seller);
        var payment = await customer.StartsToPay(booking);
        (await customer.TriesToPay(booking)).MustRefuse(MoneyRefusals.PaymentInProgress).Text.ShouldContain(payment.Word("id"));
        await customer.AtTheGateway(payment, "success");
        await customer.SeesBookingBecome(booking, "confirmed");
        (await customer.TriesToPay(booking)).MustRefuse(MoneyRefusals.OrderPaid);
    }

    [Fact]
    public async Task A_stranger_is_told_not_found_rather_than_forbidden()
    {
        var (seller, customer, stranger) = (await world.Provider(), await world.Customer(), await world.Customer());
        var booking = await customer.Books(seller);
        var payment = await customer.StartsToPay(booking);
        (await stranger.Get($"bookings/{booking.Word("id")}")).MustRefuse(MarketplaceRefusals.BookingNotFound);
        (await stranger.Get($"orders/{booking.Word("orderId")}")).MustRefuse(MoneyRefusals.OrderNotFound);
        (await stranger.Get($"payments/{payment.Word("id")}")).MustRefuse(MoneyRefusals.PaymentNotFound);
        (await stranger.TriesToPay(booking)).MustRefuse(MoneyRefusals.OrderNotFound);
        (await stranger.Post($"bookings/{booking.Word("id")}/actions/cancel", new { })).MustRefuse(MarketplaceRefusals.BookingNotFound);
        (await stranger.TriesToComplete(booking)).MustRefuse(MarketplaceRefusals.BookingNotFound);
    }

    [Fact]
    public async Task A_session_is_completed_by_its_provider_after_it_began_and_not_before()
    {
        var (seller, customer) = (await world.Provider(), await world.Customer());
        var held = await customer.Books(seller);
        (await seller.Person.TriesToComplete(held)).MustRefuse(MarketplaceRefusals.BookingNotConfirmed);
        await customer.Pays(held);
        var booking = await customer.SeesBookingBecome(held, "confirmed");
        (await seller.Person.TriesToComplete(booking)).MustRefuse(MarketplaceRefusals.BookingNotStarted);
        (await customer.TriesToComplete(booking)).MustRefuse(MarketplaceRefusals.OnlyTheProvider);
    }

    [Fact]
    [Covers("M-13")]
    public async Task What_was_not_earned_cannot_be_withdrawn()
    {
        var (seller, customer) = (await world.Provider(), await world.Customer());
        (await seller.Person.TriesToWithdraw(seller.Price)).MustRefuse(MoneyRefusals.BalanceTooLow);
        await customer.BooksAndPays(seller);
        (await seller.Person.TriesToWithdraw(new Amount(10, seller.Price.Currency))).MustRefuse(MoneyRefusals.BalanceTooLow);
        (await seller.Person.TriesToWithdraw(new Amount(0, seller.Price.Currency))).MustRefuse(MoneyRefusals.AmountNotPositive);
        (await seller.Person.TriesToWithdraw(new Amount(-10, seller.Price.Currency))).MustRefuse(MoneyRefusals.AmountNotPositive);
    }

    [Theory]
    [InlineData("admin/payments")]
    [InlineData("admin/withdrawals")]
    [InlineData("admin/audit")]
    [InlineData("admin/settings")]
    [InlineData("admin/accounts")]
    [InlineData("admin/dashboard")]
    [Covers("I-12")]
    public async Task The_console_is_shut_to_customers_and_providers(string path)
    {
        foreach (var person in new[] { await world.Customer(), (await world.Provider()).Person })
            (await person.Get(path)).MustRefuse(FoundationRefusals.NotAllowed).Word("permission").ShouldNotBeEmpty();
    }
}
