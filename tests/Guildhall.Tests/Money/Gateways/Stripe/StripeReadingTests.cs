using Guildhall.Money;
using Guildhall.Money.Gateways;
using Guildhall.Money.Gateways.Stripe;

namespace Guildhall.Tests.Money.Gateways.Stripe;

public sealed class StripeReadingTests
{
    private static readonly PaymentId Payment = new(Guid.Parse("01a208e2-838b-75c1-8c03-eb39d931fb1a"));
    private static readonly StripeGateway Gateway = new(null!, new StripeOptions(new Uri("http://x"), "", [], new Uri("http://x")), TimeProvider.System);

    [Theory]
    [InlineData("JPY", 1_250, "1250", 1)]
    [InlineData("USD", 12_50, "1250", 1)]
    [InlineData("KWD", 12_500, "12500", 10)]
    [InlineData("CLF", 12_5000, "125000", 1)]
    [InlineData("ISK", 1_250, "125000", 1)]
    [InlineData("UGX", 1_250, "125000", 1)]
    [InlineData("MGA", 12_500, "125", 100)]
    [Covers("money-51", "money-52")]
    public void Amounts_are_written_in_stripe_s_unit_and_read_back_the_same(string currency, long minor, string theirs, long step)
    {
        var amount = new Amount(minor, Currency.Of(currency));
        StripeAmounts.Write(amount).ShouldBe(theirs);
        StripeAmounts.Step(amount.Currency).ShouldBe(step);
        ((PaymentFact)Gateway.Read(StripeEvent.Intent(Payment, "succeeded", long.Parse(theirs, null), currency.ToLowerInvariant()))!).Amount.ShouldBe(amount);
    }

    [Fact]
    [Covers("money-49", "money-51")]
    public void An_amount_that_does_not_fit_is_never_wrapped()
    {
        Should.Throw<OverflowException>(() => StripeAmounts.Write(new Amount(long.MaxValue / 10, Currency.Of("ISK"))));
        StripeAmounts.TryRead(long.MaxValue, Currency.Of("MGA"), out _).ShouldBeFalse();
        StripeAmounts.TryRead(12_345, Currency.Of("UGX"), out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("succeeded", FactState.Captured)]
    [InlineData("requires_capture", FactState.Authorized)]
    [InlineData("canceled", FactState.Cancelled)]
    [InlineData("processing", FactState.Open)]
    [InlineData("requires_payment_method", FactState.Open)]
    [InlineData("a_state_of_tomorrow", FactState.Open)]
    public void An_intent_means(string status, FactState state) => ((PaymentFact)Gateway.Read(StripeEvent.Intent(Payment, status, 10))!).State.ShouldBe(state);

    [Theory]
    [InlineData("complete", "paid", FactState.Captured)]
    [InlineData("complete", "unpaid", FactState.Open)]
    [InlineData("complete", "no_payment_required", FactState.Open)]
    [InlineData("open", "unpaid", FactState.Open)]
    [InlineData("expired", "unpaid", FactState.Expired)]
    public void A_page_means(string status, string paid, FactState state) => ((PaymentFact)Gateway.Read(StripeEvent.Of("checkout.session.completed", new
    {
        id = "cs_1", @object = "checkout.session", amount_total = 10, currency = "kwd", status, payment_status = paid, metadata = new { payment_id = Payment.ToString() }, extra = new { unknown = 1 },
    }))!).State.ShouldBe(state);

    [Theory]
    [InlineData("""{"id":"evt_1"}""")]
    [InlineData("""{"id":"evt_1","data":null}""")]
    [InlineData("""{"id":"evt_1","data":{}}""")]
    [InlineData("""{"id":"evt_1","data":{"object":null}}""")]
    [InlineData("""{"id":"evt_1","data":{"object":{"object":"charge","id":"ch_1"}}}""")]
    [InlineData("""{"id":"evt_1","data":{"object":{"object":"payment_intent","id":"pi_1","status":"succeeded","amount":10,"currency":"kwd"}}}""")]
    [InlineData("""{"id":"evt_1","data":{"object":{"object":"payment_intent","id":"pi_1","status":"succeeded","amount":10,"currency":"kwd","metadata":{"payment_id":"pay_1' or 1=1"}}}}""")]
    [Covers("money-89")]
    public void What_names_nothing_of_ours_tells_nothing(string body) => Gateway.Read(body).ShouldBeNull();

    [Theory]
    [InlineData("""{"id":"evt_1","data":{"object":{"object":"payment_intent","status":"succeeded","amount":"10","currency":"kwd","metadata":{"payment_id":"pay_01m81r93nqfn0bf22ww68nxqgf"}}}}""")]
    [InlineData("""{"id":"evt_1","data":{"object":{"object":"payment_intent","status":"succeeded","amount":1e30,"currency":"kwd","metadata":{"payment_id":"pay_01m81r93nqfn0bf22ww68nxqgf"}}}}""")]
    [InlineData("""{"id":"evt_1","data":{"object":{"object":"payment_intent","status":"succeeded","amount":10,"currency":"zzz","metadata":{"payment_id":"pay_01m81r93nqfn0bf22ww68nxqgf"}}}}""")]
    [Covers("money-19")]
    public void What_tells_of_our_payment_and_cannot_be_read_is_for_a_person(string body) => Gateway.Read(body).ShouldBeOfType<UnreadableFact>();

    [Fact]
    public void A_charge_of_a_connected_account_is_not_our_money_but_its_payout_is_ours()
    {
        Gateway.Read(StripeEvent.Intent(Payment, "succeeded", 10, account: "acct_1")).ShouldBeNull();
        var payout = new PayoutId(Payment.Value);
        Gateway.Read(StripeEvent.Of("payout.paid", new { id = "po_1", @object = "payout", amount = 10, currency = "kwd", status = "paid", metadata = new { payout_id = payout.ToString(), transfer = "tr_1" } }, account: "acct_1"))
            .ShouldBe(new PayoutFact(payout, PayoutFactState.Completed, new Amount(10, MoneyWorld.Kwd), "tr_1", "po_1"));
    }
}
