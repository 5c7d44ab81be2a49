using Guildhall.Money.Orders;
using Guildhall.Money.Payments;

namespace Guildhall.Tests.Money.Payments;

public sealed class CancelPaymentTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private async Task<PaymentView> Cancels(Deal deal, PaymentView payment) => (await CancelPayment.Run(world.Data(), world.Gateways, deal.Customer, payment.Id, default)).OrThrow();

    [Fact]
    [Covers("money-17")]
    public async Task Starting_over_closes_the_first_page_before_another_is_opened()
    {
        var deal = await world.Order();
        var first = await deal.Starts();
        (await Cancels(deal, first)).State.ShouldBe(PaymentState.Cancelled);
        var again = await world.Sandbox.Http.PostAsync($"/sandbox/stripe/checkout_sessions/{await deal.SessionOf(first.Id)}/pay", System.Net.Http.Json.JsonContent.Create(new { outcome = "success" }));
        ((int)again.StatusCode).ShouldBe(409);
        (await deal.Starts()).Attempt.ShouldBe(2);
    }

    [Fact]
    [Covers("money-17")]
    public async Task A_page_that_was_paid_a_moment_before_it_is_closed_is_paid()
    {
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        var deal = await world.Order();
        var payment = await deal.Starts();
        await deal.PaysAtGateway(payment.Id);
        (await Cancels(deal, payment)).State.ShouldBe(PaymentState.Captured);
        (await deal.Now()).State.ShouldBe(OrderState.Paid);
    }

    [Fact]
    public async Task A_page_closed_for_the_customer_is_cancelled_whoever_tells()
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        world.Wire.Cuts("GET /v1/checkout/sessions");
        await Cancels(deal, payment);
        await Eventually.True(async () => (await deal.Payment(payment.Id)).State is PaymentState.Cancelled or PaymentState.Expired, "The page was not closed.");
        (await deal.Payment(payment.Id)).State.ShouldBe(PaymentState.Cancelled);
    }

    [Fact]
    public async Task While_the_gateway_does_not_answer_nothing_is_called_cancelled_and_no_other_page_is_opened()
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        world.Wire.Cuts("/v1/checkout/sessions");
        var asked = await Cancels(deal, payment);
        asked.State.ShouldBe(PaymentState.RequiresAction);
        asked.RedirectUrl.ShouldBeNull();
        (await deal.TriesToStart()).Refusal!.Code.ShouldBe("payment_in_progress");
        world.Wire.Before = null;
        await world.Clock.Passes(5.Minutes());
        await deal.Becomes(payment.Id, PaymentState.Cancelled);
    }

    [Fact]
    public async Task A_closing_that_the_gateway_fails_to_answer_does_not_hide_a_payment()
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        await deal.PaysAtGateway(payment.Id);
        world.Wire.Answers("/expire", 500, new { error = new { type = "api_error" } });
        (await Cancels(deal, payment)).State.ShouldBe(PaymentState.Captured);
    }

    [Fact]
    public async Task A_cancelled_order_closes_its_page_by_itself()
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        (await world.Data().InTransaction(tx => CancelOrder.Run(tx, deal.Customer, deal.Order, "changed my mind"))).OrThrow();
        await deal.Becomes(payment.Id, PaymentState.Cancelled);
        (await world.Data().InTransaction(tx => CancelOrder.Run(tx, deal.Customer, deal.Order, "again"))).Granted.ShouldBeTrue();
    }

    [Fact]
    public async Task An_order_cancelled_while_its_page_is_being_opened_is_closed_too()
    {
        var deal = await world.Order();
        var cancelled = new TaskCompletionSource();
        world.Wire.Before = async http =>
        {
            if (http.Request.Path == "/v1/checkout/sessions") await cancelled.Task;
            return false;
        };
        var start = deal.Starts();
        await Eventually.True(async () => await world.Database.Count("money.payments where order_id = $1", deal.Order.Value) == 1, "The payment was not begun.");
        (await world.Data().InTransaction(tx => CancelOrder.Run(tx, deal.Customer, deal.Order, "changed my mind"))).OrThrow();
        cancelled.SetResult();
        (await start).RedirectUrl.ShouldBeNull();
        await world.Clock.Passes(2.Minutes());
        await deal.Becomes((await start).Id, PaymentState.Cancelled);
    }

    [Fact]
    public async Task Nobody_cancels_the_payment_of_another()
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        (await CancelPayment.Run(world.Data(), world.Gateways, deal.Provider, payment.Id, default)).Refusal!.Code.ShouldBe("payment_not_found");
    }
}
