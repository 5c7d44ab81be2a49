using System.Text;
using Guildhall.Money;
using Guildhall.Money.Gateways.Paytm;
using Guildhall.Money.Payments;
using Guildhall.Money.Refunds;
using Microsoft.AspNetCore.Http;

namespace Guildhall.Tests.Money.Gateways.Paytm;

/// <summary>Paying by Paytm from the order to the books and back, the product and the sandbox over HTTP.</summary>
public sealed class PaytmPaymentTests(PaytmWorld world) : IClassFixture<PaytmWorld>, IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await world.Opens();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private async Task<(Deal Deal, PaymentView Payment)> Started(long minor = 25_000)
    {
        var deal = await world.Deal(minor);
        return (deal, await deal.Starts());
    }

    private async Task<(Deal Deal, PaymentId Payment)> Paid()
    {
        var (deal, payment) = await Started();
        await world.Does(payment.Id);
        await deal.Becomes(payment.Id, PaymentState.Captured);
        return (deal, payment.Id);
    }

    [Fact]
    [Covers("M-21", "M-5", "M-6")]
    public async Task A_customer_pays_at_the_page_and_the_browser_comes_back_by_a_foreign_form()
    {
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        var (deal, payment) = await Started();
        (payment.Gateway, payment.State).ShouldBe(("paytm", PaymentState.RequiresAction));
        var fields = await world.Does(payment.Id);
        (await world.Returns(payment.Id, fields)).Must(303).Headers["Location"].ShouldBe($"/orders/{deal.Order}");
        await deal.Becomes(payment.Id, PaymentState.Captured);
        (await deal.Journals()).ShouldBe("capture");
        (await world.Database.Value<string>("select gateway_payment from money.payments where id = $1", payment.Id.Value)).ShouldBe($"{payment.Id}/{fields["TXNID"]}");
    }

    [Fact]
    [Covers("M-21")]
    public async Task The_page_is_entered_by_our_form_which_may_lead_there_and_nowhere_else()
    {
        var (_, payment) = await Started();
        var page = (await world.Visitor().Send(HttpMethod.Get, new Uri(payment.RedirectUrl!).PathAndQuery)).Must();
        page.Headers["Content-Security-Policy"].ShouldContain($"form-action 'self' {world.Wire.Address.GetLeftPart(UriPartial.Authority)}");
        page.Text.ShouldContain("/theia/api/v1/showPaymentPage?mid=GUILDH00000000000001");
        var token = (await world.Orders(payment.Id)).ShouldHaveSingleItem().GetProperty("token").GetString()!;
        page.Text.ShouldContain($"value=\"{token}\"");

        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal) { ["mid"] = "GUILDH00000000000001", ["orderId"] = payment.Id.ToString(), ["txnToken"] = token });
        using var entered = await world.Sandbox.Http.PostAsync("/theia/api/v1/showPaymentPage", form);
        (await entered.Content.ReadAsStringAsync()).ShouldContain("How should the payment go?");
        foreach (var odd in new[] { "", "?order=x&token=y", $"?order={payment.Id}", $"?order={payment.Id}&token={new string('x', 201)}" })
            (await world.Visitor().Send(HttpMethod.Get, "/handover/paytm" + odd)).Must(404);
    }

    [Theory, InlineData("decline", PaymentState.Failed), InlineData("leave", PaymentState.Cancelled)]
    [Covers("M-2", "M-21")]
    public async Task What_was_not_paid_is_told_as_it_was_and_paid_by_a_new_attempt(string outcome, PaymentState state)
    {
        var (deal, payment) = await Started();
        await world.Does(payment.Id, outcome);
        await deal.Becomes(payment.Id, state);
        var again = await deal.Starts();
        await world.Does(again.Id);
        await deal.Becomes(again.Id, PaymentState.Captured);
        (await deal.Journals()).ShouldBe("capture");
    }

    [Fact]
    [Covers("M-2")]
    public async Task Who_was_declined_and_pays_at_the_same_page_has_paid()
    {
        var (deal, payment) = await Started();
        await world.Does(payment.Id, "decline");
        await deal.Becomes(payment.Id, PaymentState.Failed);
        await world.Does(payment.Id);
        await deal.Becomes(payment.Id, PaymentState.Captured);
    }

    [Theory, InlineData(false), InlineData(true)]
    [Covers("M-6")]
    public async Task A_callback_that_never_comes_is_not_missed(bool pending)
    {
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        var (deal, payment) = await Started();
        if (pending) await world.Does(payment.Id, "pending");
        await world.Clock.Passes(1.Minutes());
        await world.Does(payment.Id);
        await world.Clock.Passes(5.Minutes());
        await deal.Becomes(payment.Id, PaymentState.Captured);
    }

    [Fact]
    [Covers("M-6")]
    public async Task A_page_that_nobody_uses_expires()
    {
        var (deal, payment) = await Started();
        await world.Clock.Passes(2.Hours());
        await deal.Becomes(payment.Id, PaymentState.Expired);
    }

    [Fact]
    [Covers("money-83")]
    public async Task A_callback_that_comes_twice_and_by_both_ways_pays_once()
    {
        await world.Gateway.Faults(new { duplicateWebhooks = 100, reorderWebhooks = true });
        var (deal, payment) = await Started();
        var fields = await world.Does(payment.Id);
        (await world.Returns(payment.Id, fields)).Must(303);
        (await world.Tells(fields)).Must();
        await deal.Becomes(payment.Id, PaymentState.Captured);
        await world.JobsAreDone();
        (await deal.Journals()).ShouldBe("capture");
        world.Paid.Count(o => o == deal.Order).ShouldBe(1);
    }

    [Fact]
    [Covers("money-20", "money-21", "money-80")]
    public async Task A_forged_callback_changes_nothing()
    {
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        var (deal, payment) = await Started();
        var fields = await world.Does(payment.Id, "pending");
        fields["STATUS"] = "TXN_SUCCESS";
        (await world.Tells(fields)).MustRefuse(MoneyRefusals.WebhookNotTrusted);
        // Even well signed, or by the browser, its word is not taken.
        fields["CHECKSUMHASH"] = PaytmSignature.Make(PaytmSignature.Join(fields.Select(f => new KeyValuePair<string, string?>(f.Key, f.Value))), PaytmWorld.Key);
        (await world.Tells(fields)).Must();
        (await world.Returns(payment.Id, fields)).Must(303);
        await world.JobsAreDone();
        (await deal.Payment(payment.Id)).State.ShouldBe(PaymentState.RequiresAction);
        (await deal.Journals()).ShouldBe("");
    }

    // Answers the question about an order in their place, signed as they sign.
    private void Says(string path, object body, string key = PaytmWorld.Key) => world.Wire.Before = async http =>
    {
        if (!http.Request.Path.StartsWithSegments(path, StringComparison.Ordinal)) return false;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(Encoding.UTF8.GetString(PaytmEnvelope.Seal(body, key, world.Clock.Now)));
        return true;
    };

    [Theory, InlineData("249.99", PaytmWorld.Key, true), InlineData("250.00", "another key 2026", false)]
    [Covers("M-4", "money-19", "money-80")]
    public async Task Another_amount_is_set_aside_and_an_answer_that_is_not_theirs_is_none(string amount, string key, bool aside)
    {
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        var (deal, payment) = await Started();
        Says("/v3/order/status", new { resultInfo = new { resultStatus = "TXN_SUCCESS", resultCode = "01", resultMsg = "ok" }, orderId = payment.Id.ToString(), txnId = "TXN" + payment.Id, txnAmount = amount }, key);
        await world.Visitor().Send(HttpMethod.Get, $"/return/paytm/{payment.Id}");
        await world.JobsAreDone();
        (await world.Database.Count("money.quarantine where payment_id = $1 and reason = 'wrong_amount'", payment.Id.Value)).ShouldBe(aside ? 1 : 0);
        (await deal.Payment(payment.Id)).State.ShouldBe(PaymentState.RequiresAction);
        (await deal.Journals()).ShouldNotContain("capture");
    }

    [Fact]
    [Covers("M-6")]
    public async Task An_opening_whose_answer_was_lost_is_asked_for_again_under_the_same_name()
    {
        await world.Gateway.Faults(new { timeoutAfterEffect = new { next = 1 } });
        var (deal, payment) = await Started();
        payment.State.ShouldBe(PaymentState.Unknown);
        await world.Clock.Passes(1.Minutes());
        (await deal.Becomes(payment.Id, PaymentState.RequiresAction)).RedirectUrl.ShouldNotBeNull();
        (await world.Orders(payment.Id)).Count.ShouldBe(1);
        await world.Does(payment.Id);
        await deal.Becomes(payment.Id, PaymentState.Captured);
    }

    [Fact]
    [Covers("M-8", "M-21")]
    public async Task Part_and_then_the_rest_go_back()
    {
        var (deal, _) = await Paid();
        foreach (var minor in new long[] { 1, 9_999, 15_000 })
        {
            var refund = await deal.Refunded(minor);
            await world.JobsAreDone();
            await world.Clock.Passes(1.Minutes());
            await deal.Becomes(refund, RefundState.Completed);
            (await world.Refunds(refund)).ShouldHaveSingleItem().GetProperty("amount").GetInt64().ShouldBe(minor);
        }
        (await deal.Refunds(1)).Refusal!.Code.ShouldBe("refund_too_large");
    }

    [Fact]
    [Covers("M-8")]
    public async Task A_refund_that_was_accepted_and_then_failed_returns_to_escrow()
    {
        var (deal, _) = await Paid();
        await world.Gateway.Faults(new { failRefunds = true });
        var refund = await deal.Refunded(5_000);
        await deal.Becomes(refund, RefundState.Pending);
        await world.JobsAreDone();
        await world.Clock.Passes(1.Minutes());
        (await deal.Becomes(refund, RefundState.Failed)).FailureText!.ShouldStartWith("629");
        (await deal.Owes("escrow")).ShouldBe(25_000);
    }

    [Theory, InlineData(true), InlineData(false)]
    [Covers("M-6", "money-29")]
    public async Task A_refund_whose_answer_or_request_was_lost_is_made_once(bool arrived)
    {
        var (deal, _) = await Paid();
        if (arrived) await world.Gateway.Faults(new { timeoutAfterEffect = new { next = 1 } });
        else world.Wire.Cuts("/refund/apply");
        var refund = await deal.Refunded();
        await deal.Becomes(refund, RefundState.Unknown);
        world.Wire.Before = null;
        for (var i = 0; i < 3; i++)
        {
            await world.Clock.Passes(10.Minutes());
            await world.JobsAreDone();
        }
        await deal.Becomes(refund, RefundState.Completed);
        (await world.Refunds(refund)).Count.ShouldBe(1);
        (await deal.Journals()).ShouldBe("capture refund refund_completed");
    }

    [Fact]
    [Covers("M-21")]
    public async Task What_it_does_not_take_goes_elsewhere()
    {
        (await (await world.Order()).Starts()).Gateway.ShouldBe("stripe");
        var (deal, payment) = await Started();
        (await CancelPayment.Run(world.Data(), world.Gateways, deal.Customer, payment.Id, default)).Refusal!.Code.ShouldBe("payment_not_closable");
    }
}
