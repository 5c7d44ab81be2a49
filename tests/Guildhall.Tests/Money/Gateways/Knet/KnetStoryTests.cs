using Guildhall.Money;
using Guildhall.Money.Gateways;
using Guildhall.Money.Payments;
using Guildhall.Money.Refunds;

namespace Guildhall.Tests.Money.Gateways.Knet;

/// <summary>A purchase by KNET from the page to the books and back, over real HTTP.</summary>
public sealed class KnetStoryTests(KnetWorld world) : IClassFixture<KnetWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.Begins();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private Task<long> Stored(PaymentId payment, string proof) => world.Database.Count("money.webhooks where payment_id = $1 and proof = $2", payment.Value, proof);

    private async Task<(Deal Deal, PaymentId Payment)> Paid()
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        await world.OpensAndPays(payment);
        await deal.Becomes(payment.Id, PaymentState.Captured);
        return (deal, payment.Id);
    }

    [Fact]
    [Covers("M-21", "O-9")]
    public async Task A_purchase_is_paid_and_the_notification_answered_with_where_the_browser_goes()
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        (payment.Gateway, payment.State).ShouldBe(("knet", PaymentState.RequiresAction));
        var paid = await world.OpensAndPays(payment);
        (paid.GetProperty("result").GetString(), paid.GetProperty("voided").GetBoolean()).ShouldBe(("CAPTURED", false));
        var back = new Uri(paid.GetProperty("back").GetString()!);
        back.AbsolutePath.ShouldBe($"/return/knet/{payment.Id}");
        (await world.Visitor().Send(HttpMethod.Get, back.AbsolutePath)).Must(303).Headers["Location"].ShouldBe($"/orders/{deal.Order}");
        await deal.Becomes(payment.Id, PaymentState.Captured);
        (await deal.Journals()).ShouldBe("capture");
        var there = (await world.Did("payments", payment.Id)).ShouldHaveSingleItem();
        (await world.Database.Value<string>("select gateway_payment from money.payments where id = $1", payment.Id.Value)).ShouldBe(
            $"{KnetWorld.Track(payment.Id)}/{there.GetProperty("paymentId").GetString()}/{there.GetProperty("tranId").GetString()}/{there.GetProperty("ref").GetString()}/{there.GetProperty("auth").GetString()}");
    }

    [Theory, InlineData("decline", PaymentState.Failed), InlineData("cancel", PaymentState.Cancelled)]
    [Covers("M-21")]
    public async Task What_was_refused_or_cancelled_is_over_and_paid_by_another_attempt(string outcome, PaymentState state)
    {
        var deal = await world.Order();
        var first = await deal.Starts();
        await world.OpensAndPays(first, outcome);
        await deal.Becomes(first.Id, state);
        var second = await deal.Starts();
        second.Attempt.ShouldBe(2);
        await world.OpensAndPays(second);
        await deal.Becomes(second.Id, PaymentState.Captured);
        (await deal.Journals()).ShouldBe("capture");
    }

    [Fact]
    [Covers("M-6", "M-21")]
    public async Task A_notification_that_never_comes_is_made_up_for_by_asking()
    {
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        var deal = await world.Order();
        var payment = await deal.Starts();
        await world.OpensAndPays(payment);
        (await Stored(payment.Id, "hint")).ShouldBe(0);
        await world.Clock.Passes(1.Minutes());
        await deal.Becomes(payment.Id, PaymentState.Captured);
        (await deal.Journals()).ShouldBe("capture");
    }

    [Fact]
    [Covers("M-5", "M-21")]
    public async Task A_notification_that_comes_twice_is_kept_and_booked_once()
    {
        await world.Gateway.Faults(new { duplicateWebhooks = 100 });
        var deal = await world.Order();
        var payment = await deal.Starts();
        await world.OpensAndPays(payment);
        await deal.Becomes(payment.Id, PaymentState.Captured);
        (await world.Did("payments", payment.Id)).Single().GetProperty("told").GetInt32().ShouldBe(2);
        (await Stored(payment.Id, "hint")).ShouldBe(1);
        (await deal.Journals()).ShouldBe("capture");
    }

    [Fact]
    [Covers("M-5", "money-21", "money-80")]
    public async Task A_forged_notification_makes_us_ask_and_changes_nothing()
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        await world.Opens(payment);
        var track = KnetWorld.Track(payment.Id);
        (await world.Tells("trandata=" + KnetWorld.Seal($"paymentid=1&result=CAPTURED&trackid={track}&amt=25.000&authRespCode=00"))).Must().Text.ShouldEndWith($"/return/knet/{payment.Id}");
        (await world.Tells($"Error=IPAY0100045&ErrorText=Denied&trackid={track}")).Must();
        (await world.Tells("trandata=" + new string('a', 64))).MustRefuse(MoneyRefusals.WebhookNotTrusted);
        (await world.Visitor().Send(HttpMethod.Get, $"/return/knet/{payment.Id}?result=CAPTURED&amt=25.000")).Must(303);
        await world.JobsAreDone();
        (await deal.Payment(payment.Id)).State.ShouldBe(PaymentState.RequiresAction);
        ((await Stored(payment.Id, "hint")), (await Stored(payment.Id, "return"))).ShouldBe((2, 1));
        (await deal.Journals()).ShouldBe("");
    }

    [Fact]
    [Covers("M-5")]
    public async Task A_notification_of_nothing_of_ours_is_answered_and_believed_in_nothing()
    {
        var stranger = KnetWorld.Track(new PaymentId(Guid.CreateVersion7()));
        (await world.Tells("trandata=" + KnetWorld.Seal($"result=CAPTURED&trackid={stranger}&amt=1.000"))).Must();
        (await world.Database.Count("money.webhooks where gateway = 'knet' and state = 'unmatched'")).ShouldBeGreaterThan(0);
    }

    [Fact]
    [Covers("M-6")]
    public async Task A_page_that_nobody_paid_ends_when_its_time_is_over_and_money_that_comes_later_is_found()
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        await world.Clock.Passes(15.Minutes());
        await world.JobsAreDone();
        (await deal.Payment(payment.Id)).State.ShouldBe(PaymentState.RequiresAction);
        (await CancelPayment.Run(world.Data(), world.Gateways, deal.Customer, payment.Id, default)).Refusal!.Code.ShouldBe("payment_not_closable");
        await Eventually.True(async () =>
        {
            await world.Clock.Passes(6.Minutes());
            return (await deal.Payment(payment.Id)).State is PaymentState.Expired;
        }, "It did not expire.");
        await world.OpensAndPays(payment);
        await deal.Becomes(payment.Id, PaymentState.Captured);
    }

    [Fact]
    [Covers("M-6")]
    public async Task While_the_pipe_is_away_or_blames_our_settings_nothing_ends()
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        world.PipeSays(8, _ => "<result>!ERROR!-IPAY0100018-Password expired.</result>");
        await world.Clock.Passes(2.Hours());
        await world.JobsAreDone();
        (await deal.Payment(payment.Id)).State.ShouldBe(PaymentState.RequiresAction);
        world.Everywhere<GatewayBook>().Select(g => g.Of("knet").Status.LastError).ShouldContain("IPAY0100018");
        world.Wire.Cuts("tranPipe");
        await world.Clock.Passes(2.Hours());
        await world.JobsAreDone();
        (await deal.Payment(payment.Id)).State.ShouldBe(PaymentState.RequiresAction);
    }

    [Theory, InlineData("24.999"), InlineData("25.001"), InlineData("2500.000")]
    [Covers("money-19")]
    public async Task Another_amount_than_was_asked_is_set_aside(string amount)
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        world.PipeSays(8, _ => $"<result>CAPTURED</result><trackid>{KnetWorld.Track(payment.Id)}</trackid><tranid>T{payment.Id.Value:n}</tranid><amt>{amount}</amt>");
        await world.Clock.Passes(1.Minutes());
        await Eventually.True(async () => await world.Database.Count("money.quarantine where payment_id = $1 and reason = 'wrong_amount'", payment.Id.Value) == 1, "It was not set aside.");
        (await deal.Payment(payment.Id)).State.ShouldBe(PaymentState.RequiresAction);
        (await deal.Journals()).ShouldBe(""); // nothing is booked before a person decides
    }

    [Fact]
    [Covers("M-7", "M-21")]
    public async Task Parts_and_the_rest_go_back_and_completed_is_final()
    {
        var (deal, payment) = await Paid();
        var part = await deal.Refunded(10_000);
        await deal.Becomes(part, RefundState.Completed);
        var rest = await deal.Refunded();
        await deal.Becomes(rest, RefundState.Completed);
        (await world.Did("refunds", payment)).Select(r => (r.GetProperty("fils").GetInt64(), r.GetProperty("udf1").GetString())).Order()
            .ShouldBe([(10_000, part.Value.ToString("n")), (15_000, rest.Value.ToString("n"))]);
        (await deal.Journals()).ShouldBe("capture refund refund_completed refund refund_completed");
        await world.JobsAreDone();
        (await world.Database.Count("foundation.jobs where kind = 'send_refund' and unique_key in ($1, $2) and state = 'ready'", part.ToString(), rest.ToString())).ShouldBe(0);
    }

    [Fact]
    [Covers("money-29", "M-21")]
    public async Task A_refund_whose_answer_was_lost_stays_unknown_and_is_never_sent_again()
    {
        var (deal, payment) = await Paid();
        await world.Gateway.Faults(new { timeoutAfterEffect = new { next = 1 } });
        var refund = await deal.Refunded();
        await deal.Becomes(refund, RefundState.Unknown);
        for (var i = 0; i < 3; i++)
        {
            await world.Clock.Passes(1.Days());
            await world.JobsAreDone();
        }
        (await deal.Becomes(refund, RefundState.Unknown)).FailureText.ShouldBeNull();
        (await world.Did("refunds", payment)).ShouldHaveSingleItem();
    }

    [Fact]
    [Covers("M-21")]
    public async Task A_refund_that_knet_does_not_make_returns_to_escrow()
    {
        var (deal, _) = await Paid();
        await world.Gateway.Faults(new { failRefunds = true });
        var refund = await deal.Refunded();
        (await deal.Becomes(refund, RefundState.Failed)).FailureText!.ShouldContain("not_captured");
        (await deal.Owes("escrow")).ShouldBe(25_000);
    }

    [Fact]
    [Covers("M-21")]
    public async Task Another_amount_given_back_than_was_asked_is_set_aside()
    {
        var (deal, payment) = await Paid();
        world.PipeSays(2, _ => "<result>CAPTURED</result><tranid>T9</tranid><amt>24.000</amt>");
        await deal.Refunded();
        await Eventually.True(async () => await world.Database.Count("money.quarantine where payment_id = $1 and reason = 'wrong_refund_amount'", payment.Value) > 0, "It was not set aside.");
    }

    [Fact]
    [Covers("O-9")]
    public async Task The_sandbox_takes_back_what_a_merchant_does_not_acknowledge_and_opens_no_page_twice()
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        await world.OpensAndPays(payment);
        (await world.Opens(payment)).ShouldNotContain("What should the bank say?");
        var forged = new Uri(payment.RedirectUrl!.Replace("tranportalId=901001", "tranportalId=901002", StringComparison.Ordinal));
        using var refused = await world.Sandbox.Http.GetAsync(forged);
        ((int)refused.StatusCode).ShouldBe(400);
        await deal.Becomes(payment.Id, PaymentState.Captured);
    }
}
