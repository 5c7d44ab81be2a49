using System.Net.Http.Headers;
using System.Text;
using Guildhall.Money;
using Guildhall.Money.Payments;
using Guildhall.Money.Refunds;

namespace Guildhall.Tests.Money.Gateways.PayPal;

/// <summary>What arrives at <c>/webhooks/paypal</c>: believed when it is signed by PayPal for our webhook, and by nobody else.</summary>
public sealed class PayPalMessageTests(PayPalWorld world) : IClassFixture<PayPalWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsWithPayPal();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private async Task<(Deal Deal, PaymentId Payment)> Opened()
    {
        var deal = await world.Dollars();
        return (deal, (await deal.Starts()).Id);
    }

    [Fact]
    [Covers("M-5", "M-21")]
    public async Task A_proven_message_pays_and_its_repeat_does_nothing()
    {
        var (deal, payment) = await Opened();
        var body = PayPalEvent.Capture(payment, "25.00");
        (await world.Learns(body)).ShouldBe("done");
        (await world.Hears(body)).Must();
        await world.JobsAreDone();
        (await deal.Journals()).ShouldBe("capture");
    }

    [Fact]
    [Covers("M-5", "money-80")]
    public async Task A_forged_message_changes_nothing()
    {
        var (deal, payment) = await Opened();
        var body = PayPalEvent.Capture(payment, "25.00");
        (await world.Hears(body, tamper: b => b.Replace("25.00", "24.00", StringComparison.Ordinal))).MustRefuse(MoneyRefusals.WebhookNotTrusted);
        (await world.Hears(body, tamper: b => b + " ")).MustRefuse(MoneyRefusals.WebhookNotTrusted);
        (await world.Hears(body, webhook: "WEBHOOK_ID")).MustRefuse(MoneyRefusals.WebhookNotTrusted);
        (await world.Hears(body, url: u => u.Replace("/certs/", "/elsewhere/", StringComparison.Ordinal))).MustRefuse(MoneyRefusals.WebhookNotTrusted);
        (await world.Hears(body, url: _ => "https://evil.test/v1/notifications/certs/CERT-1")).MustRefuse(MoneyRefusals.WebhookNotTrusted);
        (await Unsigned(body)).MustRefuse(MoneyRefusals.WebhookNotTrusted);
        await world.JobsAreDone();
        (await deal.Payment(payment)).State.ShouldBe(PaymentState.RequiresAction);
        (await world.Database.Count("money.webhooks where convert_from(body, 'UTF8') like $1", $"%{payment}%")).ShouldBe(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"id":"WH-1"}""")]
    [InlineData("""{"id":7,"event_type":"PAYMENT.CAPTURE.COMPLETED"}""")]
    [InlineData("""{"id":"","event_type":"PAYMENT.CAPTURE.COMPLETED"}""")]
    [Covers("money-89")]
    public async Task What_is_signed_and_is_no_message_is_refused(string body) => (await world.Hears(body)).MustRefuse(MoneyRefusals.WebhookNotTrusted);

    [Theory, InlineData("PAYMENT.CAPTURE.DENIED"), InlineData("PAYMENT.CAPTURE.DECLINED"), InlineData("CHECKOUT.ORDER.COMPLETED"), InlineData("SOMETHING.OF.TOMORROW")]
    [Covers("M-5")]
    public async Task What_is_not_booked_as_it_stands_makes_us_ask(string type)
    {
        var (deal, payment) = await Opened();
        (await world.Hears(PayPalEvent.Capture(payment, "25.00", type: type, status: "DECLINED"))).Must();
        await Eventually.True(async () => await world.Database.Count("money.webhooks where payment_id = $1 and proof = 'hint'", payment.Value) == 1, "It was not noted.");
        await world.JobsAreDone();
        (await deal.Payment(payment)).State.ShouldBe(PaymentState.RequiresAction); // PayPal itself says that it is open
    }

    [Theory]
    [InlineData("24.99", "USD", "wrong_amount")]
    [InlineData("25.01", "USD", "wrong_amount")]
    [InlineData("25.00", "EUR", "wrong_currency")]
    [InlineData("25.001", "USD", "unknown_currency")]
    [InlineData("25,00", "USD", "unknown_currency")]
    [Covers("M-4", "money-19")]
    public async Task Another_amount_or_currency_than_was_asked_is_set_aside_and_never_booked(string value, string currency, string reason)
    {
        var (deal, payment) = await Opened();
        await world.Learns(PayPalEvent.Capture(payment, value, currency));
        (await world.Database.Value<string>("select reason from money.quarantine where payment_id = $1", payment.Value)).ShouldBe(reason);
        (await deal.Journals()).ShouldBe("");
        (await deal.Payment(payment)).State.ShouldBe(PaymentState.RequiresAction);
    }

    [Fact]
    [Covers("money-20")]
    public async Task A_refund_or_reversal_that_was_not_ours_is_for_a_person()
    {
        var (deal, payment) = await Opened();
        await world.Learns(PayPalEvent.Capture(payment, "25.00", id: "CAPTURE0000000001"));
        (await world.Learns(PayPalEvent.Refund(payment.ToString(), "5.00"))).ShouldBe("done");
        (await world.Learns(PayPalEvent.Refund(payment.ToString(), "25.00", type: "PAYMENT.CAPTURE.REVERSED"))).ShouldBe("done");
        var reported = await world.Database.Column<string>($"select reported from money.quarantine where payment_id = '{payment.Value}' order by id");
        reported.Select(r => string.Join(' ', r.Split(' ')[..3])).ShouldBe(["PAYMENT.CAPTURE.REFUNDED: 5.00 USD", "PAYMENT.CAPTURE.REVERSED: 25.00 USD"]);
        (await deal.Journals()).ShouldBe("capture");
    }

    [Fact]
    [Covers("M-9")]
    public async Task A_dispute_is_for_a_person_when_it_is_opened_and_when_it_ends_and_moves_no_money_here()
    {
        var (deal, payment) = await Opened();
        await world.Learns(PayPalEvent.Capture(payment, "25.00", id: "CAPTURE0000000002"));
        (await world.Learns(Dispute("CREATED", payment.ToString(), "REQUIRED_ACTION"))).ShouldBe("done");
        await world.Learns(Dispute("UPDATED", payment.ToString(), "UNDER_REVIEW"));
        (await world.Learns(Dispute("RESOLVED", payment.ToString(), "RESOLVED"))).ShouldBe("done");
        await world.Learns(Dispute("CREATED", "somebody else's", "OPEN"));
        (await world.Database.Column<string>($"select reported from money.quarantine where payment_id = '{payment.Value}' order by id")).ShouldBe(
        [
            "CUSTOMER.DISPUTE.CREATED: 25.00 USD PP-D-27803 REQUIRED_ACTION MERCHANDISE_OR_SERVICE_NOT_RECEIVED, answer by 2026-12-10T00:00:00.000Z",
            "CUSTOMER.DISPUTE.RESOLVED: 25.00 USD PP-D-27803 RESOLVED MERCHANDISE_OR_SERVICE_NOT_RECEIVED, answer by 2026-12-10T00:00:00.000Z",
        ]);
        (await deal.Journals()).ShouldBe("capture");

        static string Dispute(string what, string custom, string status) => PayPalEvent.Of($"CUSTOMER.DISPUTE.{what}", new
        {
            dispute_id = "PP-D-27803", status, reason = "MERCHANDISE_OR_SERVICE_NOT_RECEIVED", dispute_amount = new { currency_code = "USD", value = "25.00" }, seller_response_due_date = "2026-12-10T00:00:00.000Z",
            disputed_transactions = new[] { new { seller_transaction_id = "CAPTURE0000000002", custom } },
        });
    }

    [Fact]
    [Covers("M-8")]
    public async Task A_refund_told_to_have_failed_after_it_was_completed_returns_to_escrow()
    {
        var (deal, payment) = await Opened();
        await world.Approves(deal, payment);
        await deal.Becomes(payment, PaymentState.Captured);
        var refund = await deal.Refunded();
        await deal.Becomes(refund, RefundState.Completed);
        (await world.Learns(PayPalEvent.Refund(refund.ToString(), "25.00", "FAILED", "PAYMENT.REFUND.FAILED"))).ShouldBe("done");
        await deal.Becomes(refund, RefundState.Failed);
        (await deal.Owes("escrow")).ShouldBe(2_500);
    }

    private Task<Answer> Unsigned(string body) => world.Visitor().Send(HttpMethod.Post, "webhooks/paypal", new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } });
}
