using Guildhall.Money.Payments;
using Guildhall.Money.Refunds;

namespace Guildhall.Tests.Money.Gateways.PayPal;

/// <summary>Payments by PayPal from the order to the money, with the sandbox as PayPal.</summary>
public sealed class PayPalTests(PayPalWorld world) : IClassFixture<PayPalWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsWithPayPal();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private async Task<(Deal Deal, PaymentView Payment)> Opened(long minor = 2_500, bool captureLater = false)
    {
        var deal = await world.Dollars(minor, captureLater);
        return (deal, await deal.Starts());
    }

    [Fact]
    [Covers("M-21", "M-6")]
    public async Task A_customer_approves_on_paypals_page_comes_back_and_has_paid_once()
    {
        var (deal, payment) = await Opened();
        (payment.Gateway, payment.State).ShouldBe(("paypal", PaymentState.RequiresAction));
        payment.RedirectUrl!.ShouldStartWith(new Uri(world.Sandbox.Http.BaseAddress!, "/checkoutnow?token=").AbsoluteUri);
        (await world.Sandbox.Http.GetStringAsync(new Uri(payment.RedirectUrl!))).ShouldContain("25.00 USD");
        await world.OnThePage(payment);
        await deal.Becomes(payment.Id, PaymentState.Captured);
        (await deal.Journals()).ShouldBe("capture");
        var capture = (await world.Parts(payment.Id, "captures")).ShouldHaveSingleItem();
        capture.GetProperty("amount").GetProperty("value").GetString().ShouldBe("25.00");
        (await world.Database.Value<string>("select gateway_payment from money.payments where id = $1", payment.Id.Value)).ShouldBe(capture.GetProperty("id").GetString());
        world.Paid.Count(o => o == deal.Order).ShouldBe(1);
    }

    [Fact]
    [Covers("M-21", "money-52")]
    public async Task Yen_have_no_decimals_and_dinars_are_refused_before_any_call()
    {
        var yen = await world.Order(new Amount(1_250, PayPalWorld.Jpy));
        var payment = await yen.Starts();
        (await world.AtPayPal(payment.Id)).ShouldHaveSingleItem().GetProperty("purchase_units")[0].GetProperty("amount").GetProperty("value").GetString().ShouldBe("1250");
        await world.OnThePage(payment);
        await yen.Becomes(payment.Id, PaymentState.Captured);
        (await (await world.Order()).TriesToStart()).Refusal!.Code.ShouldBe("currency_not_taken");
    }

    [Fact]
    [Covers("M-21", "M-2")]
    public async Task A_declined_card_is_told_and_another_way_on_the_same_page_pays()
    {
        var (deal, payment) = await Opened();
        await world.OnThePage(payment, "declined");
        var told = await Eventually.Get(() => deal.Payment(payment.Id), p => p.FailureCode is not null, "The customer was not told");
        (told.State, told.FailureCode, told.RedirectUrl).ShouldBe((PaymentState.RequiresAction, "INSTRUMENT_DECLINED", payment.RedirectUrl));
        (await world.Parts(payment.Id, "captures")).ShouldBeEmpty();
        await world.OnThePage(payment);
        await deal.Becomes(payment.Id, PaymentState.Captured);
        (await world.Parts(payment.Id, "captures")).ShouldHaveSingleItem();
        world.Declined.Count(d => d.Order == deal.Order).ShouldBe(1);
    }

    [Fact]
    [Covers("M-21", "money-21")]
    public async Task Who_cancels_on_the_page_may_go_on_or_start_over_and_after_that_nothing_is_taken_there_any_more()
    {
        var (deal, payment) = await Opened();
        await world.OnThePage(payment, "cancel");
        await world.JobsAreDone();
        (await deal.Payment(payment.Id)).State.ShouldBe(PaymentState.RequiresAction);
        (await CancelPayment.Run(world.Data(), world.Gateways, deal.Customer, payment.Id, default)).OrThrow().State.ShouldBe(PaymentState.Cancelled);

        var second = await deal.Starts();
        await world.OnThePage(payment); // the first page is still open, and PayPal tells us that it was approved
        await world.JobsAreDone();
        await Eventually.True(async () => await world.Database.Count("money.webhooks where payment_id = $1 and proof = 'hint'", payment.Id.Value) > 0, "PayPal's message did not come.");
        await world.JobsAreDone();
        (await deal.Payment(payment.Id)).State.ShouldBe(PaymentState.Cancelled);
        (await world.Parts(payment.Id, "captures")).ShouldBeEmpty();
        await world.OnThePage(second);
        await deal.Becomes(second.Id, PaymentState.Captured);
        world.Paid.Count(o => o == deal.Order).ShouldBe(1);
    }

    [Fact]
    [Covers("M-6", "M-21")]
    public async Task Without_a_message_and_without_a_browser_that_comes_back_it_is_found_by_asking()
    {
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        var (deal, payment) = await Opened();
        await world.Approves(deal, payment.Id);
        await world.Clock.Passes(2.Minutes());
        await deal.Becomes(payment.Id, PaymentState.Captured);
        (await world.Parts(payment.Id, "captures")).ShouldHaveSingleItem();
    }

    [Fact]
    [Covers("M-5", "M-21")]
    public async Task The_message_that_it_was_approved_is_enough_to_take_it()
    {
        var (deal, payment) = await Opened();
        await world.Approves(deal, payment.Id);
        await deal.Becomes(payment.Id, PaymentState.Captured);
        (await world.Database.Count("money.webhooks where payment_id = $1 and proof = 'hint'", payment.Id.Value)).ShouldBe(1);
    }

    [Fact]
    [Covers("M-5", "M-21")]
    public async Task Messages_that_come_twice_and_in_any_order_book_once()
    {
        await world.Gateway.Faults(new { duplicateWebhooks = 100, reorderWebhooks = true });
        var (deal, payment) = await world.PaysByPayPal();
        var refund = await deal.Refunded(1_000);
        await deal.Becomes(refund, RefundState.Completed);
        await Eventually.True(async () => await world.Database.Count("money.webhooks where gateway = 'paypal' and state = 'done' and convert_from(body, 'UTF8') like $1", $"%{refund}%") == 1,
            "The message of the refund did not come.");
        (await deal.Journals()).ShouldBe("capture refund refund_completed");
        (await world.Parts(payment, "captures")).ShouldHaveSingleItem();
    }

    [Fact]
    [Covers("M-2", "M-21")]
    public async Task Money_that_is_on_its_way_is_waited_for()
    {
        var (deal, payment) = await Opened();
        await world.OnThePage(payment, "pending");
        await Eventually.True(async () => (await world.Parts(payment.Id, "captures")).Length == 1, "It was not taken.");
        (await CancelPayment.Run(world.Data(), world.Gateways, deal.Customer, payment.Id, default)).OrThrow().State.ShouldBe(PaymentState.RequiresAction); // it cannot be stopped any more
        await world.Clock.Passes(2.Minutes());
        await deal.Becomes(payment.Id, PaymentState.Captured);
        (await world.Parts(payment.Id, "captures")).ShouldHaveSingleItem();
    }

    [Fact]
    [Covers("M-2", "M-21")]
    public async Task A_page_that_nobody_used_lapses()
    {
        var (deal, payment) = await Opened();
        await world.Clock.Passes(7.Hours());
        (await deal.Becomes(payment.Id, PaymentState.Expired)).State.ShouldBe(PaymentState.Expired);
    }

    [Fact]
    [Covers("M-2", "M-21")]
    public async Task A_lost_answer_to_opening_opens_nothing_twice()
    {
        await world.Gateway.Faults(new { timeoutAfterEffect = new { next = 1 } });
        var (deal, payment) = await Opened();
        payment.State.ShouldBe(PaymentState.Unknown);
        await world.Clock.Passes(2.Minutes());
        var open = await deal.Becomes(payment.Id, PaymentState.RequiresAction);
        (await world.AtPayPal(payment.Id)).ShouldHaveSingleItem();
        await world.OnThePage(open);
        await deal.Becomes(payment.Id, PaymentState.Captured);
    }

    [Fact]
    [Covers("M-2", "M-21")]
    public async Task A_lost_answer_to_taking_takes_nothing_twice()
    {
        var (deal, payment) = await Opened();
        await world.Gateway.Faults(new { timeoutAfterEffect = new { next = 1 }, dropWebhooks = 100 });
        await world.OnThePage(payment);
        await Eventually.True(async () => (await world.Parts(payment.Id, "captures")).Length == 1, "It was not taken.");
        await world.Clock.Passes(2.Minutes());
        await deal.Becomes(payment.Id, PaymentState.Captured);
        (await world.Parts(payment.Id, "captures")).ShouldHaveSingleItem();
        (await deal.Journals()).ShouldBe("capture");
    }

    [Fact]
    [Covers("M-21", "M-6")]
    public async Task A_token_that_ended_before_its_time_is_renewed_and_nobody_notices()
    {
        await Opened();
        var refused = 0;
        world.PayPalWire.Before = http =>
        {
            if (http.Request.Path.StartsWithSegments("/v1/oauth2", StringComparison.Ordinal) || Interlocked.Increment(ref refused) > 1) return Task.FromResult(false);
            http.Response.StatusCode = 401;
            return Task.FromResult(true);
        };
        var (_, payment) = await Opened();
        payment.State.ShouldBe(PaymentState.RequiresAction);
        refused.ShouldBeGreaterThanOrEqualTo(2);
    }
}
