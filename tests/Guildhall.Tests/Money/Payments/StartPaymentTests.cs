using Guildhall.Money;
using Guildhall.Money.Orders;
using Guildhall.Money.Payments;

namespace Guildhall.Tests.Money.Payments;

public sealed class StartPaymentTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private async Task<int> Pages(PaymentId payment) =>
        (await world.Gateway.Did("checkout_sessions")).Count(s => string.Equals(s.GetProperty("client_reference_id").GetString(), payment.ToString(), StringComparison.Ordinal));

    [Fact]
    [Covers("money-15")]
    public async Task A_page_whose_opening_was_not_answered_is_found_and_resumed()
    {
        await world.Gateway.Faults(new { timeoutAfterEffect = new { next = 1 } });
        var deal = await world.Order();
        var payment = await deal.Starts();
        payment.State.ShouldBe(PaymentState.Unknown);
        await world.Clock.Passes(1.Minutes());
        (await deal.Becomes(payment.Id, PaymentState.RequiresAction)).RedirectUrl.ShouldNotBeNull();
        (await Pages(payment.Id)).ShouldBe(1);
    }

    [Fact]
    [Covers("money-15")]
    public async Task A_payment_that_the_gateway_never_saw_fails_and_the_order_can_be_paid_again()
    {
        world.Wire.Cuts("POST /v1/checkout/sessions");
        var deal = await world.Order();
        var payment = await deal.Starts();
        payment.State.ShouldBe(PaymentState.Unknown);
        payment.Says.ShouldContain("not be charged twice");
        await world.Clock.Passes(11.Minutes());
        await world.JobsAreDone();
        world.Wire.Before = null;
        await world.Clock.Passes(15.Minutes());
        (await deal.Becomes(payment.Id, PaymentState.Failed)).FailureCode.ShouldBe("not_opened");
        (await Pages(payment.Id)).ShouldBe(0);
        (await deal.Starts()).Attempt.ShouldBe(2);
    }

    [Fact]
    [Covers("money-5")]
    public async Task A_retry_after_a_crash_between_the_effect_and_its_record_resumes_the_same_payment()
    {
        var operation = Guid.CreateVersion7();
        await world.Gateway.Faults(new { timeoutAfterEffect = new { next = 1 } });
        var deal = await world.Order();
        (await deal.TriesToStart(operation: operation)).OrThrow();
        await world.Database.Execute("update money.payments set state = 'created' where id = $1", operation); // as the crash left it
        var again = (await deal.TriesToStart(node: 1, operation: operation)).OrThrow();
        again.State.ShouldBe(PaymentState.RequiresAction);
        again.Id.Value.ShouldBe(operation);
        (await Pages(again.Id)).ShouldBe(1);
    }

    [Fact]
    [Covers("M-2")]
    public async Task Five_starts_at_once_open_one_page_and_the_others_are_told_where_it_is()
    {
        var deal = await world.Order();
        await using var gate = await Gate.Close(world.Database, "select 1 from money.orders where id = $1 for update", deal.Order.Value);
        var starts = Enumerable.Range(0, 5).Select(i => deal.TriesToStart(i % 2)).ToArray();
        await gate.OpenWhenWaiting(5);
        var answers = await Task.WhenAll(starts);
        var one = answers.Where(a => a.Granted).ShouldHaveSingleItem().Value!;
        answers.Where(a => !a.Granted).ShouldAllBe(a => a.Refusal!.Code == "payment_in_progress" && a.Refusal.Details!["payment"]!.Equals(one.Id));
        (await world.Database.Count("money.payments where order_id = $1", deal.Order.Value)).ShouldBe(1);
    }

    [Fact]
    public async Task The_database_allows_one_live_attempt_whatever_the_code_does()
    {
        var deal = await world.Order();
        await deal.Starts();
        var twice = () => world.Database.Execute("""
            insert into money.payments (id, order_id, gateway, attempt, state, currency, amount_minor, step_minor, created_at, changed_at)
            select gen_random_uuid(), order_id, gateway, attempt + 1, 'created', currency, amount_minor, step_minor, created_at, changed_at from money.payments where order_id = $1
            """, deal.Order.Value);
        (await Should.ThrowAsync<Npgsql.PostgresException>(twice)).ConstraintName.ShouldBe("payments_one_live");
    }

    [Fact]
    public async Task A_second_click_is_told_where_to_resume()
    {
        var deal = await world.Order();
        var first = await deal.Starts();
        var second = (await deal.TriesToStart()).Refusal.ShouldNotBeNull();
        second.Code.ShouldBe("payment_in_progress");
        second.Details!["resumeUrl"].ShouldBe(first.RedirectUrl);
    }

    [Fact]
    public async Task Orders_that_are_paid_cancelled_expired_or_of_others_are_not_payable()
    {
        var paid = await world.Order();
        await paid.Pays();
        (await paid.TriesToStart()).Refusal!.Code.ShouldBe("order_paid");

        var cancelled = await world.Order();
        (await world.Data().InTransaction(tx => CancelOrder.Run(tx, cancelled.Customer, cancelled.Order, "changed my mind"))).OrThrow();
        (await cancelled.TriesToStart()).Refusal!.Code.ShouldBe("order_not_open");

        var strangers = await world.Order() with { Customer = MoneyWorld.Person() };
        (await strangers.TriesToStart()).Refusal!.Code.ShouldBe("order_not_found");

        var expired = await world.Order();
        await world.Clock.Passes(31.Minutes());
        (await expired.TriesToStart()).Refusal!.Code.ShouldBe("order_expired");
    }

    [Theory, InlineData("KWD", 12_345), InlineData("MGA", 12_350)]
    [Covers("money-52")]
    public async Task An_amount_that_the_gateway_cannot_move_is_refused_before_anything_is_asked(string currency, long minor)
    {
        var deal = await world.Order(new Amount(minor, Currency.Of(currency)));
        (await deal.TriesToStart()).Refusal!.Code.ShouldBe("amount_not_representable");
        (await world.Database.Count("money.payments where order_id = $1", deal.Order.Value)).ShouldBe(0);
    }

    [Theory, InlineData("JPY", 1_250), InlineData("USD", 12_50), InlineData("KWD", 12_500), InlineData("ISK", 1_250), InlineData("MGA", 12_500)]
    [Covers("money-51")]
    public async Task Currencies_of_every_exponent_make_the_round_trip(string currency, long minor)
    {
        var amount = new Amount(minor, Currency.Of(currency));
        var deal = await world.Order(amount) with { Currency = amount.Currency };
        var payment = await deal.Pays();
        (await deal.Payment(payment)).Amount.ShouldBe(amount);
        await deal.Becomes(await deal.Refunded(), Guildhall.Money.Refunds.RefundState.Completed);
    }

    [Fact]
    public async Task What_the_gateway_refuses_is_told_and_ends_the_attempt()
    {
        var deal = await world.Order(new Amount(20, MoneyWorld.Usd));
        var refusal = (await deal.TriesToStart()).Refusal.ShouldNotBeNull();
        refusal.Code.ShouldBe("gateway_refused");
        (await world.Database.Value<string>("select state from money.payments where order_id = $1", deal.Order.Value)).ShouldBe("failed");
    }
}

/// <summary>Alone in a world: the circuit to the gateway is shared by all who pay.</summary>
public sealed class GatewayOutageTests(MoneyWorld world) : IClassFixture<MoneyWorld>
{
    [Fact]
    [Covers("M-6")]
    public async Task During_an_outage_payments_are_refused_at_once_and_after_it_they_work_without_anybody_doing_anything()
    {
        world.Wire.Cuts("/v1/");
        await Eventually.True(async () => (await (await world.Order()).TriesToStart()).Refusal?.Code is "payments_unavailable", "The circuit never opened.");
        world.Wire.Before = null;
        await Eventually.True(async () => (await (await world.Order()).TriesToStart()).Granted, "The gateway stays unavailable.", TimeSpan.FromSeconds(15));
        await world.Books.MustHold();
    }
}
