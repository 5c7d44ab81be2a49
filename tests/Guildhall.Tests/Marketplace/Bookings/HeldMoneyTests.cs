using Guildhall.Money;

namespace Guildhall.Tests.Marketplace.Bookings;

/// <summary>Bookings whose money is only held when the customer pays.</summary>
public sealed class HeldMoneyTests(World world) : IClassFixture<World>
{
    [Fact]
    [Covers("M-2", "B-4")]
    public async Task The_slot_is_kept_as_long_as_the_money_is_and_taking_it_confirms_the_booking()
    {
        var (seller, customer, booking, payment) = await Held();
        var kept = await customer.SeesBooking(booking);
        kept.Word("state").ShouldBe("held");
        kept.At("holdUntil").GetDateTimeOffset().ShouldBe(kept.At("startsAt").GetDateTimeOffset());
        await world.Clock.Passes(20.Minutes());
        await Sweeps();
        await customer.SignsIn();
        (await (await world.Customer()).TriesToBook(seller, booking.Word("startsAt"))).Status.ShouldBe(409);
        await (await world.Staff()).Post($"payments/{payment.Word("id")}/actions/capture", new { });
        await customer.SeesBookingBecome(booking, "confirmed");
        (await world.Gateway.MailTo(customer.Email)).ShouldContain(m => m.GetProperty("subject").GetString()!.StartsWith("Reserved, not charged", StringComparison.Ordinal));
    }

    [Fact]
    [Covers("M-2", "B-4")]
    public async Task Money_that_is_let_go_frees_the_slot()
    {
        var (seller, customer, booking, payment) = await Held();
        await world.Clock.Passes(20.Minutes());
        (await (await world.Staff()).Post($"payments/{payment.Word("id")}/actions/void", new { reason = "The provider cannot come." })).Must(202);
        await customer.SignsIn();
        await customer.SeesPaymentBecome(payment, "cancelled");
        await Sweeps();
        await customer.SeesBookingBecome(booking, "expired");
        (await (await world.Customer()).TriesToBook(seller, booking.Word("startsAt"))).Must(201);
    }

    [Fact]
    [Covers("M-2", "B-4")]
    public async Task A_customer_who_gives_up_gets_the_money_free()
    {
        var (_, customer, booking, payment) = await Held();
        (await customer.Post($"bookings/{booking.Word("id")}/actions/cancel", new { })).Must().Word("state").ShouldBe("cancelled");
        await customer.SeesPaymentBecome(payment, "cancelled");
    }

    [Fact]
    [Covers("M-2", "B-4")]
    public async Task At_the_beginning_of_the_slot_money_that_nobody_took_is_let_go()
    {
        var (_, customer, booking, payment) = await Held();
        await world.Clock.Passes(booking.At("startsAt").GetDateTimeOffset() - world.Clock.Now + 1.Minutes());
        await Sweeps();
        await customer.SignsIn();
        await customer.SeesBookingBecome(booking, "expired");
        await customer.SeesPaymentBecome(payment, "cancelled");
    }

    [Fact]
    [Covers("M-2", "B-4")]
    public async Task Less_was_taken_and_that_is_what_a_cancellation_gives_back()
    {
        var (_, customer, booking, payment) = await Held();
        (await (await world.Staff()).Post($"payments/{payment.Word("id")}/actions/capture", new { amount = new { minor = 20_000, currency = "KWD" } })).Must(202);
        await customer.SeesBookingBecome(booking, "confirmed");
        (await customer.Get($"bookings/{booking.Word("id")}/cancellation")).Must().At("refund.minor").GetInt64().ShouldBe(20_000);
        (await customer.Post($"bookings/{booking.Word("id")}/actions/cancel", new { seenRefundMinor = 20_000 })).Must().Word("state").ShouldBe("cancelled");
    }

    [Fact]
    [Covers("M-2", "B-4")]
    public async Task The_end_of_the_hold_and_the_capture_race_and_the_money_is_taken_for_a_booking_or_not_at_all()
    {
        var (_, customer, booking, payment) = await Held();
        var order = Id.TryParse<OrderId>(booking.Word("orderId"), out var parsed) ? parsed : default;
        await using var gate = await Gate.Close(world.Database, "select 1 from money.orders where id = $1 for update", order.Value);
        var staff = await world.Staff();
        var taking = staff.Post($"payments/{payment.Word("id")}/actions/capture", new { });
        var leaving = customer.Post($"bookings/{booking.Word("id")}/actions/cancel", new { });
        await gate.OpenWhenWaiting(2);
        var (taken, left) = (await taking, await leaving);
        await Eventually.True(async () => (await customer.Get($"payments/{payment.Word("id")}")).Word("state") is "captured" or "cancelled", "The payment did not end.");
        await world.JobsAreDone();
        var end = await customer.Get($"payments/{payment.Word("id")}");
        if (taken.Status == 202) (await Eventually.Get(() => customer.Get($"payments/{payment.Word("id")}"), p => p.At("refunded.minor").GetInt64() == 25_000, "What was taken did not go back")).Word("state").ShouldBe("captured");
        else end.At("captured.minor").GetInt64().ShouldBe(0);
        left.Must();
    }

    private async Task<(Seller Seller, Person Customer, Answer Booking, Answer Payment)> Held()
    {
        if (await world.Database.Count("foundation.settings where key = 'marketplace.hold_money_currencies'") == 0)
            (await (await world.Staff()).Patch("admin/settings/marketplace.hold_money_currencies", new { value = "KWD", seenVersion = 0, why = "Providers confirm first." })).Must();
        var (seller, customer) = (await world.Provider(), await world.Customer());
        var booking = await customer.Books(seller);
        var payment = await customer.Pays(booking);
        await customer.SeesPaymentBecome(payment, "authorized");
        return (seller, customer, booking, payment);
    }

    private async Task Sweeps()
    {
        await world.Clock.Passes(TimeSpan.FromSeconds(6));
        await world.JobsAreDone();
    }
}
