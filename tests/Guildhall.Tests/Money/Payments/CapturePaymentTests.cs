using Guildhall.Money;
using Guildhall.Money.Payments;

namespace Guildhall.Tests.Money.Payments;

public sealed class CapturePaymentTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private static Amount Kwd(long minor) => new(minor, MoneyWorld.Kwd);

    private Task<Result<PaymentView>> Takes(PaymentId payment, long? minor = null, bool final = true, int node = 0, Guid? operation = null) =>
        CapturePayment.Run(world.Data(node), world.Get<Guildhall.Money.Gateways.GatewayBook>(node), MoneyWorld.Staff with { OperationId = operation }, payment, new(minor is { } some ? Kwd(some) : null, final), default);

    private Task<Result<PaymentView>> LetsGo(PaymentId payment, int node = 0) =>
        VoidPayment.Run(world.Data(node), world.Get<Guildhall.Money.Gateways.GatewayBook>(node), MoneyWorld.Staff, payment, "Not needed.", default);

    // What the gateway says it took of this payment.
    private async Task<long> Taken(PaymentId payment) => (await world.Gateway.Did("payment_intents"))
        .Single(i => i.GetProperty("metadata").GetProperty("payment_id").GetString() == payment.ToString()).GetProperty("amount_received").GetInt64();

    private List<string> Listens()
    {
        var calls = new List<string>();
        world.Wire.Before = http =>
        {
            lock (calls) calls.Add($"{http.Request.Method} {http.Request.Path}");
            return Task.FromResult(false);
        };
        return calls;
    }

    [Fact]
    [Covers("M-2")]
    public async Task Money_is_held_first_and_the_order_is_paid_only_when_it_was_taken()
    {
        var (deal, payment) = await world.Held();
        (await deal.Now()).State.ShouldBe(Guildhall.Money.Orders.OrderState.Open);
        (await deal.Journals()).ShouldBe("");
        (await Taken(payment)).ShouldBe(0);
        (await Takes(payment)).OrThrow().State.ShouldBe(PaymentState.Capturing);
        await deal.Becomes(payment, PaymentState.Captured);
        (await deal.Journals()).ShouldBe("capture");
        (await Taken(payment)).ShouldBe(25_000);
        world.Paid.Count(o => o == deal.Order).ShouldBe(1);
    }

    [Fact]
    [Covers("M-2", "M-11")]
    public async Task A_part_is_taken_the_rest_let_go_and_the_frozen_rule_makes_the_fee_of_the_part()
    {
        var (deal, payment) = await world.Held();
        (await Takes(payment, 20_010)).OrThrow();
        (await deal.Becomes(payment, PaymentState.Captured)).Captured.ShouldBe(Kwd(20_010));
        (await Taken(payment)).ShouldBe(20_010);
        (await deal.Owes("escrow")).ShouldBe(20_010);
        var order = await deal.Now();
        (order.TotalMinor, order.FeeMinor).ShouldBe((20_010, 3_002)); // 15 %, half to even
        (await world.Database.Value<long>("select ordered_minor from money.orders where id = $1", deal.Order.Value)).ShouldBe(25_000);
        await deal.Refunded(10_000);
        (await deal.Refunds(10_020)).Refusal!.Code.ShouldBe("refund_too_large");
        (await deal.Releases()).OrThrow();
        await world.Books.MustHold();
        (await deal.Refunded(10_010)).ToString().ShouldStartWith("ref_");
        (await deal.ProviderHas()).ShouldBe(0);
        (await deal.Owes("platform_fee")).ShouldBe(0);
    }

    [Fact]
    [Covers("money-23")]
    public async Task More_than_is_held_or_what_the_gateway_cannot_do_is_refused_before_any_call()
    {
        var (deal, payment) = await world.Held();
        var calls = Listens();
        (await Takes(payment, 25_010)).Refusal!.Code.ShouldBe("capture_too_large");
        (await Takes(payment, 0)).Refusal!.Code.ShouldBe("amount_not_positive");
        (await Takes(payment, 10_005)).Refusal!.Code.ShouldBe("amount_not_representable");
        (await Takes(payment, 10_000, final: false)).Refusal!.Code.ShouldBe("capture_again_not_possible");
        (await CapturePayment.Run(world.Data(), world.Gateways, MoneyWorld.Staff, payment, new(new Amount(25_000, MoneyWorld.Usd)), default)).Refusal!.Code.ShouldBe("wrong_currency");
        await world.JobsAreDone();
        calls.Where(c => c.Contains("capture", StringComparison.Ordinal)).ShouldBeEmpty();
        (await deal.Payment(payment)).State.ShouldBe(PaymentState.Authorized);
    }

    [Fact]
    [Covers("money-24")]
    public async Task Two_captures_at_the_same_moment_take_once_and_never_more_than_is_held()
    {
        var (deal, payment) = await world.Held();
        await world.JobsAreDone(); // none of them waits at the gate
        await using var gate = await Gate.Close(world.Database, "select 1 from money.orders where id = $1 for update", deal.Order.Value);
        var both = new[] { Takes(payment, 15_000, node: 0), Takes(payment, 15_000, node: 1) };
        await gate.OpenWhenWaiting(2);
        var answers = await Task.WhenAll(both);
        answers.Count(a => a.Granted).ShouldBe(1);
        answers.Single(a => !a.Granted).Refusal!.Code.ShouldBeOneOf("capture_in_progress", "payment_not_authorized");
        await deal.Becomes(payment, PaymentState.Captured);
        (await Taken(payment)).ShouldBe(15_000);
        (await Takes(payment, 10_000)).Refusal!.Code.ShouldBe("payment_not_authorized");
    }

    [Theory, InlineData(true), InlineData(false)]
    [Covers("money-25")]
    public async Task Of_a_capture_and_a_void_at_the_same_moment_exactly_one_wins(bool captureFirst)
    {
        var (deal, payment) = await world.Held();
        await using var gate = await Gate.Close(world.Database, "select 1 from money.orders where id = $1 for update", deal.Order.Value);
        var first = captureFirst ? Takes(payment) : LetsGo(payment);
        await Eventually.True(async () => await gate.Waiting() == 1, "The first was expected at the gate.");
        var second = captureFirst ? LetsGo(payment, 1) : Takes(payment, node: 1);
        await gate.OpenWhenWaiting(2);
        var (one, other) = (await first, await second);
        (one.Granted ^ other.Granted).ShouldBeTrue();
        var captured = captureFirst ? one.Granted : other.Granted;
        // The gateway may have done the first already when the second gets its turn.
        (captureFirst ? other : one).Refusal?.Code.ShouldBeOneOf("capture_in_progress", "payment_not_authorized");
        (captureFirst ? one : other).Refusal?.Code.ShouldBeOneOf("void_in_progress", "payment_not_authorized");
        await deal.Becomes(payment, captured ? PaymentState.Captured : PaymentState.Cancelled);
        (await Taken(payment)).ShouldBe(captured ? 25_000 : 0);
    }

    [Fact]
    [Covers("M-2")]
    public async Task A_capture_whose_answer_is_lost_is_asked_for_and_taken_once()
    {
        var (deal, payment) = await world.Held();
        await world.Gateway.Faults(new { timeoutAfterEffect = new { next = 1 }, dropWebhooks = 100 });
        (await Takes(payment, 20_000)).OrThrow();
        await Eventually.True(async () =>
        {
            await world.Clock.Passes(1.Minutes());
            return (await deal.Payment(payment)).State == PaymentState.Captured;
        }, "The capture was not found.", TimeSpan.FromSeconds(40));
        (await Taken(payment)).ShouldBe(20_000);
        (await world.Database.Column<string>("select state from money.captures where payment_id = $1", payment.Value)).ShouldBe(["completed"]);
    }

    [Fact]
    public async Task A_capture_that_the_gateway_refuses_leaves_the_money_held_and_can_be_tried_again()
    {
        var (deal, payment) = await world.Held();
        world.Wire.Answers("/capture", 400, new { error = new { type = "invalid_request_error", code = "no" } });
        (await Takes(payment)).OrThrow();
        await deal.Becomes(payment, PaymentState.Authorized);
        await Eventually.True(async () => await world.Database.Count("money.captures where payment_id = $1 and state = 'failed'", payment.Value) == 1, "It was not refused.");
        world.Wire.Before = null;
        (await Takes(payment)).OrThrow();
        await deal.Becomes(payment, PaymentState.Captured);
    }

    [Fact]
    [Covers("M-2")]
    public async Task What_is_held_runs_out_by_itself_and_is_found_even_when_nobody_tells()
    {
        var (deal, payment) = await world.Held();
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        await world.Clock.Passes(8.Days());
        (await Takes(payment)).Refusal!.Code.ShouldBeOneOf("authorization_over", "payment_not_authorized");
        await deal.Becomes(payment, PaymentState.Expired);
        (await Takes(payment)).Refusal!.Code.ShouldBe("payment_not_authorized");
        (await Taken(payment)).ShouldBe(0);
    }

    [Fact]
    [Covers("M-2", "O-9")]
    public async Task What_is_held_shorter_than_usual_is_let_go_by_the_gateway_and_ends_a_capture_that_was_asked_for()
    {
        await world.Gateway.Faults(new { holdMinutes = 30 });
        var (deal, payment) = await world.Held();
        world.Wire.Cuts("/capture");
        (await Takes(payment)).OrThrow();
        await world.Clock.Passes(31.Minutes());
        await deal.Becomes(payment, PaymentState.Expired);
        (await world.Database.Column<string>("select state from money.captures where payment_id = $1", payment.Value)).ShouldBe(["failed"]);
        (await Taken(payment)).ShouldBe(0);
    }

    [Fact]
    public async Task A_void_lets_the_money_go_and_the_order_can_be_paid_anew()
    {
        var (deal, payment) = await world.Held();
        (await LetsGo(payment)).OrThrow();
        (await LetsGo(payment)).OrThrow();
        await deal.Becomes(payment, PaymentState.Cancelled);
        var second = await deal.Starts();
        await deal.PaysAtGateway(second.Id);
        await deal.Becomes(second.Id, PaymentState.Authorized);
    }

    [Fact]
    [Covers("M-3")]
    public async Task A_capture_repeated_with_its_key_is_the_same_capture()
    {
        var (deal, payment) = await world.Held();
        var staff = world.As(MoneyWorld.Person("payment.capture"));
        var first = (await staff.Post($"payments/{payment}/actions/capture", new { amount = new { minor = 10_000, currency = "KWD" } }, key: "once")).Must(202);
        (await staff.Post($"payments/{payment}/actions/capture", new { amount = new { minor = 10_000, currency = "KWD" } }, key: "once")).Must(202).Text.ShouldBe(first.Text);
        await deal.Becomes(payment, PaymentState.Captured);
        (await Taken(payment)).ShouldBe(10_000);
        (await world.As(deal.Customer).Post($"payments/{payment}/actions/capture", new { })).Must(403);
    }
}
