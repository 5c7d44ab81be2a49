using Guildhall.Money;
using Guildhall.Money.Payments;
using Guildhall.Money.Refunds;

namespace Guildhall.Tests.Money.Refunds;

public sealed class RequestRefundTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private async Task<IReadOnlyList<System.Text.Json.JsonElement>> AtGateway(PaymentId payment)
    {
        var intent = await world.Database.Value<string>("select gateway_payment from money.payments where id = $1", payment.Value);
        return [.. (await world.Gateway.Did("refunds")).Where(r => string.Equals(r.GetProperty("payment_intent").GetString(), intent, StringComparison.Ordinal))];
    }

    [Fact]
    [Covers("M-8", "money-27")]
    public async Task Of_two_refunds_at_once_that_are_too_much_together_one_is_made()
    {
        var deal = await world.Order(new Amount(100_000, MoneyWorld.Kwd));
        var payment = await deal.Pays();
        await using var gate = await Gate.Close(world.Database, "select 1 from money.orders where id = $1 for update", deal.Order.Value);
        var asked = new[] { deal.Refunds(new Amount(60_000, MoneyWorld.Kwd), 0), deal.Refunds(new Amount(60_000, MoneyWorld.Kwd), 1) };
        await gate.OpenWhenWaiting(2);
        var answers = await Task.WhenAll(asked);
        answers.Count(a => a.Granted).ShouldBe(1);
        answers.Single(a => !a.Granted).Refusal!.ShouldSatisfyAllConditions(r => r.Code.ShouldBe("refund_too_large"), r => r.Status.ShouldBe(422), r => r.Details!["left"].ShouldBe(new Amount(40_000, MoneyWorld.Kwd)));
        await deal.Becomes(answers.Single(a => a.Granted).Value, RefundState.Completed);
        (await AtGateway(payment)).Count.ShouldBe(1);
    }

    [Fact]
    [Covers("M-8", "money-69")]
    public async Task Staff_who_bought_something_do_not_refund_it_to_themselves()
    {
        var deal = await world.Order();
        var payment = await deal.Pays();
        (await world.As(deal.Customer with { Permissions = new HashSet<string> { "payment.refund" } }).Post($"payments/{payment}/refunds", new { reason = "I want it back." })).MustRefuse(MoneyRefusals.RefundOwn);
        (await deal.Journals()).ShouldBe("capture");
    }

    [Fact]
    [Covers("money-28")]
    public async Task Of_a_hundred_refunds_of_one_cent_on_ninety_nine_cents_ninety_nine_are_made()
    {
        var deal = await world.Order(new Amount(99, MoneyWorld.Usd)) with { Currency = MoneyWorld.Usd };
        var payment = await deal.Pays();
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => deal.Refunds(new Amount(1, MoneyWorld.Usd), i % 2)));
        answers.Count(a => a.Granted).ShouldBe(99);
        await Eventually.True(async () => await world.Database.Count("money.refunds where order_id = $1 and state = 'completed'", deal.Order.Value) == 99, "Not all were made.", TimeSpan.FromSeconds(60));
        (await AtGateway(payment)).Count.ShouldBe(99);
        (await world.Database.Value<long>("select fee_back_minor from money.payment_guards where payment_id = $1", payment.Value)).ShouldBe(15);
    }

    [Fact]
    [Covers("money-33")]
    public async Task What_cannot_be_refunded_is_refused()
    {
        var deal = await world.Order();
        (await deal.Refunds()).Refusal!.Code.ShouldBe("payment_not_captured");
        var payment = await deal.Starts();
        (await RequestRefund.Ask(world.Data(), MoneyWorld.Staff, payment.Id, new RequestRefund.Body("too early"), default)).Refusal!.Code.ShouldBe("payment_not_captured");
        await deal.PaysAtGateway(payment.Id);
        await deal.Becomes(payment.Id, PaymentState.Captured);

        (await deal.Refunds(new Amount(10, MoneyWorld.Usd))).Refusal!.Code.ShouldBe("wrong_currency");
        foreach (var minor in new[] { 0, -10, long.MinValue }) (await deal.Refunds(minor)).Refusal!.Code.ShouldBe("amount_not_positive");
        (await deal.Refunds(25_010)).Refusal!.Code.ShouldBe("refund_too_large");
        (await deal.Refunds(long.MaxValue)).Refusal!.Code.ShouldBe("refund_too_large");
        (await deal.Refunds(12_345)).Refusal!.Code.ShouldBe("amount_not_representable");
        (await RequestRefund.Ask(world.Data(), MoneyWorld.Staff, new PaymentId(Guid.NewGuid()), new RequestRefund.Body("x"), default)).Refusal!.Code.ShouldBe("payment_not_found");
        (await RequestRefund.Ask(world.Data(), MoneyWorld.Staff, payment.Id, new RequestRefund.Body(""), default)).Refusal!.Code.ShouldBe("reason_missing");
        (await deal.Journals()).ShouldBe("capture");

        await deal.Refunded();
        (await deal.Refunds()).Refusal!.Code.ShouldBe("refund_too_large");
    }

    [Fact]
    [Covers("money-31")]
    public async Task After_the_release_it_comes_from_provider_and_platform_and_the_next_earnings_make_it_up()
    {
        var deal = await world.Order();
        await deal.PaidAndReleased();
        var other = await world.Order(provider: deal.Provider);
        await other.PaidAndReleased();
        await world.Withdraws(deal.Provider, 42_500);
        (await deal.ProviderHas()).ShouldBe(0);

        await deal.Becomes(await deal.Refunded(), RefundState.Completed);
        (await deal.ProviderHas()).ShouldBe(-21_250);
        (await deal.Owes("platform_fee")).ShouldBe(0);

        await (await world.Order(provider: deal.Provider)).PaidAndReleased();
        (await deal.ProviderHas()).ShouldBe(0);
    }

    [Fact]
    public async Task A_retry_by_staff_with_the_same_operation_finds_the_first_refund()
    {
        var deal = await world.Order();
        var payment = await deal.Pays();
        var caller = MoneyWorld.Staff with { OperationId = Guid.CreateVersion7() };
        var body = new RequestRefund.Body("once", new Amount(5_000, MoneyWorld.Kwd));
        var first = (await RequestRefund.Ask(world.Data(), caller, payment, body, default)).OrThrow();
        (await RequestRefund.Ask(world.Data(1), caller, payment, body, default)).OrThrow().Id.ShouldBe(first.Id);
        (await world.Database.Count("money.refunds where order_id = $1", deal.Order.Value)).ShouldBe(1);
    }
}
