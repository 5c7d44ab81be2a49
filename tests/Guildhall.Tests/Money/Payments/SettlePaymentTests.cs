using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Gateways;
using Guildhall.Money.Orders;
using Guildhall.Money.Payments;
using Guildhall.Money.Refunds;

namespace Guildhall.Tests.Money.Payments;

public sealed class SettlePaymentTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    private static readonly Amount Price = new(25_000, MoneyWorld.Kwd);

    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private Task<Result<PaymentState>> Settles(PaymentId payment, string? intent = null, FactState state = FactState.Captured, int node = 0) =>
        world.Data(node).InTransaction(tx => SettlePayment.Run(tx, Caller.Gateway("stripe"), new PaymentFact(payment, state, Price, intent ?? $"pi_{payment}")));

    [Fact]
    [Covers("money-12", "money-83")]
    public async Task Return_poll_and_webhook_at_the_same_moment_capture_once()
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        await using var gate = await Gate.Close(world.Database, "select 1 from money.orders where id = $1 for update", deal.Order.Value);
        var facts = Enumerable.Range(0, 4).Select(i => Settles(payment.Id, node: i % 2)).ToArray();
        await gate.OpenWhenWaiting(4);
        (await Task.WhenAll(facts)).ShouldAllBe(answer => answer.OrThrow() == PaymentState.Captured);
        (await deal.Journals()).ShouldBe("capture");
        world.Paid.Count(o => o == deal.Order).ShouldBe(1);
        (await world.Database.Count("money.payment_events where payment_id = $1 and kind = 'captured'", payment.Id.Value)).ShouldBe(1);
    }

    // Two attempts of one order, the first of which was thought to be over.
    private async Task<(Deal Deal, PaymentId First, PaymentId Second)> PaidTwice(string? strangeIntent = null)
    {
        var deal = await world.Order();
        var first = await deal.Starts();
        await world.Learns(StripeEvent.Expired(first.Id, 25_000));
        var second = await deal.Pays();
        if (strangeIntent is null) await deal.PaysAtGateway(first.Id);
        else await world.Learns(StripeEvent.Intent(first.Id, "succeeded", 25_000, id: strangeIntent));
        await deal.Becomes(first.Id, PaymentState.Captured);
        return (deal, first.Id, second);
    }

    [Fact]
    [Covers("money-16")]
    public async Task Money_that_came_twice_goes_back_and_the_order_is_paid_once()
    {
        var (deal, first, second) = await PaidTwice();
        await Eventually.True(async () => await world.Database.Count("money.refunds where payment_id = $1 and state = 'completed'", first.Value) == 1, "The second money was not sent back.");
        (await deal.Owes("unapplied")).ShouldBe(0);
        (await deal.Owes("escrow")).ShouldBe(25_000);
        (await deal.Now()).PaidPaymentId.ShouldBe(second.Value);
        world.Paid.Count(o => o == deal.Order).ShouldBe(1);
        world.Refunded.ShouldNotContain(r => r.Order == deal.Order);
    }

    [Fact]
    [Covers("money-16")]
    public async Task Money_that_came_twice_and_could_not_go_back_is_refunded_by_staff_from_where_it_lies()
    {
        var (deal, first, _) = await PaidTwice("pi_nowhere");
        await Eventually.True(async () => await world.Database.Count("money.refunds where payment_id = $1 and state = 'failed'", first.Value) == 1, "The refund was expected to be refused.");
        (await deal.Owes("unapplied")).ShouldBe(25_000);
        (await deal.Releases()).OrThrow();
        (await RequestRefund.Ask(world.Data(), MoneyWorld.Staff, first, new RequestRefund.Body("It came twice."), default)).OrThrow();
        await world.Books.MustHold();
        (await deal.ProviderHas()).ShouldBe(21_250);
        world.Refunded.ShouldNotContain(r => r.Order == deal.Order);
    }

    [Fact]
    public async Task A_second_intent_of_a_captured_payment_is_quarantined_once()
    {
        var deal = await world.Order();
        var payment = await deal.Pays();
        for (var i = 0; i < 3; i++) await Settles(payment, "pi_other");
        (await world.Database.Column<string>("select reason from money.quarantine where payment_id = $1", payment.Value)).ShouldBe(["second_capture"]);
        (await deal.Journals()).ShouldBe("capture");
    }

    [Theory, InlineData("usd", 25_000, "wrong_currency"), InlineData("kwd", 24_990, "wrong_amount"), InlineData("kwd", 250_000, "wrong_amount"), InlineData("kwd", 0, "wrong_amount")]
    [Covers("money-19")]
    public async Task Another_currency_or_amount_is_quarantined_and_never_booked(string currency, long minor, string reason)
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        for (var i = 0; i < 3; i++)
            await world.Data().InTransaction(tx => SettlePayment.Run(tx, Caller.Gateway("stripe"), new PaymentFact(payment.Id, FactState.Captured, new Amount(minor, Currency.Of(currency)), "pi_wrong")));
        (await world.Database.Column<string>("select reason from money.quarantine where payment_id = $1", payment.Id.Value)).ShouldBe([reason]);
        (await world.Database.Count("money.payment_events where payment_id = $1 and kind = 'quarantined'", payment.Id.Value)).ShouldBe(1);
        (await deal.Payment(payment.Id)).State.ShouldBe(PaymentState.RequiresAction);
        (await deal.Journals()).ShouldBe("");
        await deal.PaysAtGateway(payment.Id); // the true one still counts
        await deal.Becomes(payment.Id, PaymentState.Captured);
    }

    [Theory, InlineData("expired"), InlineData("failed"), InlineData("cancelled")]
    [Covers("M-6")]
    public async Task Captured_money_is_never_refused_whatever_the_payment_was_thought_to_be(string state)
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        await world.Database.Execute("update money.payments set state = $2 where id = $1", payment.Id.Value, state);
        (await Settles(payment.Id)).OrThrow().ShouldBe(PaymentState.Captured);
        (await deal.Now()).State.ShouldBe(OrderState.Paid);
    }

    [Fact]
    public async Task Money_for_a_cancelled_order_pays_it_and_its_subject_decides()
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        world.Wire.Cuts("/v1/");
        (await world.Data().InTransaction(tx => CancelOrder.Run(tx, deal.Customer, deal.Order, "too slow"))).OrThrow();
        world.WhenPaid = async (tx, fact) => (await RequestRefund.Run(tx, Caller.System("test"), fact.Order, null, "It was cancelled.")).OrThrow();
        (await Settles(payment.Id)).OrThrow().ShouldBe(PaymentState.Captured);
        (await deal.Journals()).ShouldBe("capture refund");
        (await deal.Owes("escrow")).ShouldBe(0);
    }

    [Fact]
    public async Task A_stranger_s_payment_is_unknown_here() => (await Settles(new PaymentId(Guid.NewGuid()))).Refusal!.Code.ShouldBe("payment_not_found");

    [Fact]
    public async Task An_authorization_or_a_refusal_told_after_the_end_changes_nothing()
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        await world.Learns(StripeEvent.Expired(payment.Id, 25_000));
        await world.Learns(StripeEvent.Intent(payment.Id, "requires_capture", 25_000));
        await world.Data().InTransaction(tx => SettlePayment.Run(tx, Caller.Gateway("stripe"), new PaymentFact(payment.Id, FactState.Open, Price, Text: "Late refusal", Declined: true)));
        (await deal.Payment(payment.Id)).State.ShouldBe(PaymentState.Expired);
        world.Declined.ShouldNotContain(d => d.Order == deal.Order);
    }
}
