using Guildhall.Marketplace;
using Guildhall.Tests.Money;

namespace Guildhall.Tests.Story;

/// <summary>The main job from beginning to end, over HTTP, with the requests of everybody going to two nodes in turn.</summary>
public sealed class BookingThatIsPaidTests(World world) : IClassFixture<World>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => new(world.Gateway.AnswersAsUsual());

    public async ValueTask DisposeAsync()
    {
        await world.JobsAreDone();
        await new Books(world.Database).MustHold();
        world.Errors.ShouldBeEmpty();
    }

    [Fact]
    [Covers("B-1", "B-3", "B-4", "M-1", "M-2", "M-5", "M-6", "M-7", "M-11", "M-12", "M-13", "N-1")]
    public async Task A_booking_is_held_paid_talked_about_completed_earned_and_paid_out()
    {
        var (seller, customer, finance) = (await world.Provider(), await world.Customer(), await world.Staff("finance"));

        var booking = await customer.Books(seller);
        booking.Word("state").ShouldBe("held");
        (await customer.SeesFreeTimes(seller)).ShouldNotContain(booking.Word("startsAt"));

        await customer.Pays(booking);
        booking = await customer.SeesBookingBecome(booking, "confirmed");

        var chat = booking.Word("chatId");
        (await customer.Post($"chats/{chat}/messages", new { clientId = "1", text = "Is the lease binding?" })).Must(201);
        (await seller.Person.Post($"chats/{chat}/messages", new { clientId = "1", text = "Let me look at it." })).Must(201);
        (await customer.Get($"chats/{chat}/messages")).Text.ShouldContain("Let me look at it.");

        (await seller.Person.SeesBalance()).Minor("available").ShouldBe(0);
        (await seller.Person.SeesBalance()).Minor("pending").ShouldBe(21_250);
        await seller.Completes(booking);
        var balance = await seller.Person.SeesBalance();
        (balance.Minor("pending"), balance.Minor("available")).ShouldBe((0, 21_250));
        balance.GetProperty("lines").EnumerateArray().Sum(l => l.Minor("amount")).ShouldBe(21_250);

        var withdrawal = (await seller.Person.TriesToWithdraw(new Amount(20_000, seller.Price.Currency))).Must(201);
        await finance.SignsIn();
        (await finance.Decides(withdrawal, "approve")).Must();
        await seller.Person.SeesWithdrawalBecome(withdrawal, "completed");
        (await world.Gateway.Did("payouts")).Count(p => p.GetProperty("amount").GetInt64() == 20_000).ShouldBe(1);
        balance = await seller.Person.SeesBalance();
        (balance.Minor("available"), balance.Minor("reserved")).ShouldBe((1_250, 0));
    }

    [Fact]
    [Covers("M-16")]
    public async Task A_refused_card_keeps_the_hold_and_another_card_pays()
    {
        var (seller, customer) = (await world.Provider(), await world.Customer());
        var booking = await customer.Books(seller);
        var payment = await customer.Pays(booking, "decline");
        (await customer.SeesBooking(booking)).Word("state").ShouldBe("held");
        await customer.AtTheGateway(payment, "success");
        await customer.SeesBookingBecome(booking, "confirmed");
    }

    [Theory]
    [InlineData("three_d_secure")]
    [InlineData("timeout_but_charged")]
    [Covers("M-2")]
    public async Task Whatever_way_the_card_takes_the_booking_is_confirmed_once(string outcome)
    {
        var (seller, customer) = (await world.Provider(), await world.Customer());
        var booking = await customer.Books(seller);
        var payment = await customer.Pays(booking, outcome);
        if (outcome is "three_d_secure") await customer.AtTheGateway(payment, "success");
        await customer.SeesBookingBecome(booking, "confirmed");
        (await world.Database.Count("money.journals j join money.payments p on p.order_id = j.order_id where p.gateway_ref = $1", Trade.SessionOf(payment))).ShouldBe(1);
    }

    [Fact]
    [Covers("M-8", "money-11")]
    public async Task Cancelling_in_time_gives_the_money_back_closes_the_chat_and_frees_the_time()
    {
        var (seller, customer) = (await world.Provider(), await world.Customer());
        var booking = await customer.BooksAndPays(seller);
        (await customer.Post($"bookings/{booking.Word("id")}/actions/cancel", new { reason = "I found the answer." })).Must();
        await customer.SeesBookingBecome(booking, "cancelled");
        await world.EventuallyOr("no money went back", async () => (await customer.SeesBooking(booking)).At("refund.minor").GetInt64() == 25_000);
        (await customer.Post($"chats/{booking.Word("chatId")}/messages", new { clientId = "9", text = "Hello?" })).MustRefuse(MarketplaceRefusals.ChatClosed);
        (await customer.SeesFreeTimes(seller)).ShouldContain(booking.Word("startsAt"));
        await world.EventuallyOr("the gateway refunded nothing", async () => (await world.Gateway.Did("refunds")).Any(r => r.GetProperty("amount").GetInt64() == 25_000));
    }

    [Fact]
    [Covers("marketplace-9")]
    public async Task A_success_after_the_hold_ran_out_books_what_is_still_free()
    {
        var (seller, customer) = (await world.Provider(), await world.Customer());
        var booking = await customer.Books(seller);
        var payment = await customer.StartsToPay(booking);
        await customer.AtTheGateway(payment, "late_success");
        await world.Clock.Passes(11.Minutes());
        await customer.SignsIn();
        await customer.SeesBookingBecome(booking, "confirmed");
    }

    [Fact]
    [Covers("M-13")]
    public async Task A_payout_that_fails_is_credited_again()
    {
        var (seller, customer, finance) = (await world.Provider(), await world.Customer(), await world.Staff("finance"));
        await seller.Completes(await customer.BooksAndPays(seller));
        await world.Gateway.FailsPayouts();
        await finance.SignsIn();
        var withdrawal = (await seller.Person.TriesToWithdraw(new Amount(21_250, seller.Price.Currency))).Must(201);
        (await finance.Decides(withdrawal, "approve")).Must();
        await seller.Person.SeesWithdrawalBecome(withdrawal, "failed");
        (await seller.Person.SeesBalance()).Minor("available").ShouldBe(21_250);
    }

    [Fact]
    [Covers("O-2")]
    public async Task A_change_of_the_platform_fee_applies_to_the_next_sale_only()
    {
        var (seller, customer, admin) = (await world.Provider(), await world.Customer(), await world.Staff());
        var before = await customer.BooksAndPays(seller);
        var seen = (await admin.Get("admin/settings")).Must().Json;
        (await admin.Patch("admin/settings/money.platform_fee_basis_points", new { value = 1000, seenVersion = 0, why = "A better offer." })).Must();
        var after = await customer.BooksAndPays(seller);
        await seller.Completes(before);
        (await seller.Person.SeesBalance()).Minor("available").ShouldBe(21_250);
        await seller.Completes(after);
        (await seller.Person.SeesBalance()).Minor("available").ShouldBe(21_250 + 22_500);
        await admin.SignsIn();
        (await admin.Patch("admin/settings/money.platform_fee_basis_points", new { value = 1500, seenVersion = 1, why = "The offer is over." })).Must();
        seen.ValueKind.ShouldNotBe(System.Text.Json.JsonValueKind.Null);
    }
}
