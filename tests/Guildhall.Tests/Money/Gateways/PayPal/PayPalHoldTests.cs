using Guildhall.Money;
using Guildhall.Money.Payments;
using Guildhall.Money.Refunds;

namespace Guildhall.Tests.Money.Gateways.PayPal;

/// <summary>Money held by PayPal first and taken, or let go, later.</summary>
public sealed class PayPalHoldTests(PayPalWorld world) : IClassFixture<PayPalWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsWithPayPal();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private async Task<(Deal Deal, PaymentId Payment)> Held()
    {
        var deal = await world.Dollars(captureLater: true);
        var payment = await deal.Starts();
        await world.OnThePage(payment);
        await deal.Becomes(payment.Id, PaymentState.Authorized);
        (await world.Parts(payment.Id, "captures")).ShouldBeEmpty();
        return (deal, payment.Id);
    }

    private Task<Result<PaymentView>> Takes(PaymentId payment, long minor) =>
        CapturePayment.Run(world.Data(), world.Gateways, MoneyWorld.Staff, payment, new(new Amount(minor, MoneyWorld.Usd), Final: true), default);

    [Theory, InlineData(2_500), InlineData(1_000)]
    [Covers("M-2", "M-21")]
    public async Task Held_money_is_taken_in_whole_or_in_part_and_goes_back_from_what_was_taken(long minor)
    {
        var (deal, payment) = await Held();
        (await Takes(payment, minor)).OrThrow();
        await deal.Becomes(payment, PaymentState.Captured);
        (await deal.Now()).TotalMinor.ShouldBe(minor);
        (await world.Parts(payment, "authorizations")).ShouldHaveSingleItem().GetProperty("status").GetString().ShouldBe("CAPTURED");
        await deal.Becomes(await deal.Refunded(), RefundState.Completed);
        (await world.Parts(payment, "refunds")).ShouldHaveSingleItem();
    }

    [Fact]
    [Covers("M-2", "M-21")]
    public async Task A_lost_answer_to_a_capture_takes_nothing_twice()
    {
        var (deal, payment) = await Held();
        await world.Gateway.Faults(new { timeoutAfterEffect = new { next = 1 }, dropWebhooks = 100 });
        (await Takes(payment, 2_500)).OrThrow();
        await Eventually.True(async () => (await world.Parts(payment, "captures")).Length == 1, "It was not taken.");
        await world.Clock.Passes(1.Minutes());
        await deal.Becomes(payment, PaymentState.Captured);
        (await world.Parts(payment, "captures")).ShouldHaveSingleItem();
    }

    [Fact]
    [Covers("M-2")]
    public async Task A_capture_that_paypal_refuses_leaves_the_money_held()
    {
        var (deal, payment) = await Held();
        world.PayPalWire.Answers("/capture", 422, new { name = "UNPROCESSABLE_ENTITY", message = "?", details = new[] { new { issue = "PAYER_CANNOT_PAY", description = "No." } } });
        (await Takes(payment, 2_500)).OrThrow();
        await Eventually.True(async () => await world.Database.Count("money.captures where payment_id = $1 and state = 'failed'", payment.Value) == 1, "The refusal was not noted.");
        (await deal.Payment(payment)).State.ShouldBe(PaymentState.Authorized);
    }

    [Fact]
    [Covers("M-2", "M-21")]
    public async Task Held_money_is_let_go_once_even_when_the_answer_is_lost()
    {
        var (deal, payment) = await Held();
        await world.Gateway.Faults(new { timeoutAfterEffect = new { next = 1 }, dropWebhooks = 100 });
        (await VoidPayment.Run(world.Data(), world.Gateways, MoneyWorld.Staff, payment, "The customer asked.", default)).OrThrow();
        await world.Clock.Passes(1.Minutes());
        await deal.Becomes(payment, PaymentState.Cancelled);
        (await world.Parts(payment, "authorizations")).ShouldHaveSingleItem().GetProperty("status").GetString().ShouldBe("VOIDED");
    }

    [Fact]
    [Covers("M-2")]
    public async Task Money_that_paypal_let_go_by_itself_is_found_out()
    {
        var (deal, payment) = await Held();
        await world.Clock.Passes(30.Days());
        await deal.Becomes(payment, PaymentState.Cancelled);
    }

    [Fact]
    [Covers("M-21", "M-2")]
    public async Task A_hold_that_is_declined_is_told_and_another_way_holds()
    {
        var deal = await world.Dollars(captureLater: true);
        var payment = await deal.Starts();
        await world.OnThePage(payment, "declined");
        await Eventually.Get(() => deal.Payment(payment.Id), p => p.FailureCode is "INSTRUMENT_DECLINED", "The customer was not told");
        await world.OnThePage(payment);
        await deal.Becomes(payment.Id, PaymentState.Authorized);
        (await world.Parts(payment.Id, "authorizations")).ShouldHaveSingleItem();
    }

    [Fact]
    [Covers("M-21", "O-1")]
    public void It_says_what_it_is()
    {
        var paypal = world.Gateways.Of("paypal");
        (paypal.Live, paypal.Pages, paypal.Status.Available).ShouldBe((false, world.Sandbox.Http.BaseAddress, true));
        (paypal.Can.ManualCapture, paypal.Can.SeveralCaptures, paypal.Can.Close).ShouldBe((true, false, true));
    }
}
