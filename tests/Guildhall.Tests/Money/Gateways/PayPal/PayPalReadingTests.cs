using System.Text.Json;
using Guildhall.Money;
using Guildhall.Money.Gateways;
using Guildhall.Money.Gateways.PayPal;

namespace Guildhall.Tests.Money.Gateways.PayPal;

public sealed class PayPalReadingTests
{
    private static readonly PaymentId Payment = new(Guid.Parse("01a208e2-838b-75c1-8c03-eb39d931fb1a"));
    private static readonly PayPalGateway Gateway = new(null!, null!, new PayPalOptions(new Uri("http://x"), "", "", [], new Uri("http://x")));
    private static readonly Amount Ten = new(1_000, MoneyWorld.Usd);

    [Theory]
    [InlineData("JPY", 1_250, "1250", 1)]
    [InlineData("USD", 1_250, "12.50", 1)]
    [InlineData("USD", 5, "0.05", 1)]
    [InlineData("HUF", 125_000, "1250", 100)]
    [InlineData("TWD", 125_000, "1250", 100)]
    [Covers("money-51", "money-52")]
    public void Amounts_are_written_as_paypal_wants_them_and_read_back_the_same(string currency, long minor, string theirs, long step)
    {
        var amount = new Amount(minor, Currency.Of(currency));
        PayPalAmounts.Text(amount).ShouldBe(theirs);
        PayPalAmounts.Step(amount.Currency).ShouldBe(step);
        PayPalAmounts.TryRead(Money(currency, theirs), out var read).ShouldBeTrue();
        read.ShouldBe(amount);
    }

    [Fact]
    [Covers("money-51")]
    public void What_paypal_cannot_move_is_never_rounded() => Should.Throw<InvalidOperationException>(() => PayPalAmounts.Text(new Amount(125_050, Currency.Of("HUF"))));

    [Theory]
    [InlineData("USD", "12.5", 1_250)]
    [InlineData("USD", "12.500", 1_250)]
    [InlineData("USD", "12", 1_200)]
    [InlineData("USD", ".5", 50)]
    [InlineData("KWD", "12.500", 12_500)]
    [InlineData("JPY", "1250.0", 1_250)]
    [InlineData("USD", "0.00", 0)]
    [InlineData("USD", "12.505", null)]
    [InlineData("KWD", "12.5005", null)]
    [InlineData("JPY", "12.5", null)]
    [InlineData("USD", "-12.50", null)]
    [InlineData("USD", "+12.50", null)]
    [InlineData("USD", "12.", null)]
    [InlineData("USD", ".", null)]
    [InlineData("USD", "", null)]
    [InlineData("USD", "1,250.00", null)]
    [InlineData("USD", "1e3", null)]
    [InlineData("USD", " 12", null)]
    [InlineData("USD", "١٢", null)]
    [InlineData("USD", "99999999999999999999.00", null)]
    [InlineData("USD", "1000000000000000.00", null)]
    [InlineData("ZZZ", "12.50", null)]
    [InlineData("", "12.50", null)]
    [Covers("money-49", "money-51")]
    public void A_text_that_is_no_exact_amount_is_not_read(string currency, string value, int? minor)
    {
        PayPalAmounts.TryRead(Money(currency, value), out var amount).ShouldBe(minor is not null);
        if (minor is { } exact) amount.Minor.ShouldBe(exact);
    }

    [Fact]
    [Covers("money-52")]
    public void Dinars_are_not_taken_at_all()
    {
        Gateway.Can.Takes(MoneyWorld.Kwd).ShouldBeFalse();
        Gateway.Can.Takes(MoneyWorld.Usd).ShouldBeTrue();
    }

    private static JsonElement Money(string currency, string value) => JsonSerializer.SerializeToElement(new { currency_code = currency, value });

    private static JsonElement Order(string status, object? payments = null) => JsonSerializer.SerializeToElement(new
    {
        id = "5O190127TN364715T", status, intent = "CAPTURE", purchase_units = new[] { new { custom_id = Payment.ToString(), amount = new { currency_code = "USD", value = "10.00" }, payments } },
    });

    private static object Part(string status, string value = "10.00", string? custom = null, string id = "3C679366HH908993F") => new { id, status, amount = new { currency_code = "USD", value }, custom_id = custom ?? Payment.ToString() };

    [Theory]
    [InlineData("CREATED")]
    [InlineData("SAVED")]
    [InlineData("APPROVED")]
    [InlineData("PAYER_ACTION_REQUIRED")]
    public void An_order_that_was_not_taken_is_open(string status) => PayPalReading.Order(Order(status)).ShouldBe(new PaymentFact(Payment, FactState.Open, Ten));

    [Fact]
    public void An_order_that_was_voided_has_ended() => PayPalReading.Order(Order("VOIDED"))!.State.ShouldBe(FactState.Expired);

    [Theory, InlineData("COMPLETED"), InlineData("A_STATE_OF_TOMORROW")]
    public void An_order_that_does_not_say_what_was_taken_tells_nothing(string status) => PayPalReading.Order(Order(status)).ShouldBeNull();

    [Theory]
    [InlineData("COMPLETED", FactState.Captured)]
    [InlineData("REFUNDED", FactState.Captured)]
    [InlineData("PARTIALLY_REFUNDED", FactState.Captured)]
    [InlineData("PENDING", FactState.Open)]
    [InlineData("A_STATE_OF_TOMORROW", FactState.Open)]
    [InlineData("DECLINED", FactState.Failed)]
    [InlineData("FAILED", FactState.Failed)]
    public void A_capture_means(string status, FactState state)
    {
        var fact = PayPalReading.Order(Order("COMPLETED", new { captures = new[] { Part(status) } }))!;
        (fact.State, fact.Amount, fact.GatewayPayment).ShouldBe((state, Ten, "3C679366HH908993F"));
    }

    [Theory]
    [InlineData("CREATED", FactState.Authorized)]
    [InlineData("PENDING", FactState.Open)]
    [InlineData("DENIED", FactState.Failed)]
    [InlineData("VOIDED", FactState.Cancelled)]
    [InlineData("EXPIRED", FactState.Expired)]
    [InlineData("CAPTURED", null)]
    public void An_authorization_means(string status, FactState? state) => (PayPalReading.Order(Order("COMPLETED", new { authorizations = new[] { Part(status) } }))?.State).ShouldBe(state);

    [Fact]
    public void Of_held_money_what_was_taken_counts_and_a_refused_try_leaves_it_held()
    {
        PayPalReading.Order(Order("COMPLETED", new { authorizations = new[] { Part("CAPTURED") }, captures = new[] { Part("COMPLETED", "4.00") } }))!.Amount.Minor.ShouldBe(400);
        PayPalReading.Order(Order("COMPLETED", new { authorizations = new[] { Part("CREATED", id: "AUTH1") }, captures = new[] { Part("DECLINED") } })).ShouldBe(new PaymentFact(Payment, FactState.Authorized, Ten, "AUTH1"));
        PayPalReading.Order(Order("COMPLETED", new { captures = new[] { Part("COMPLETED", "4.00", id: "A"), Part("COMPLETED", "5.00", id: "B") } }))!.Amount.Minor.ShouldBe(900);
    }

    [Fact]
    [Covers("money-20")]
    public void A_part_that_names_another_payment_than_its_order_tells_nothing() =>
        PayPalReading.Order(Order("COMPLETED", new { captures = new[] { Part("COMPLETED", custom: new PaymentId(Guid.Empty).ToString()) } })).ShouldBeNull();

    [Theory]
    [InlineData("""{"id":"WH-1"}""")]
    [InlineData("""[]""")]
    [InlineData("""7""")]
    [InlineData("""{"id":"WH-1","event_type":"PAYMENT.CAPTURE.COMPLETED"}""")]
    [InlineData("""{"id":"WH-1","event_type":"PAYMENT.CAPTURE.COMPLETED","resource":null}""")]
    [InlineData("""{"id":"WH-1","event_type":7,"resource":{"custom_id":"pay_01m81r93nqfn0bf22ww68nxqgf"}}""")]
    [InlineData("""{"id":"WH-1","event_type":"PAYMENT.CAPTURE.COMPLETED","resource":{"id":"X","status":"COMPLETED","amount":{"currency_code":"USD","value":"10.00"}}}""")]
    [InlineData("""{"id":"WH-1","event_type":"PAYMENT.CAPTURE.COMPLETED","resource":{"id":"X","status":"COMPLETED","amount":{"currency_code":"USD","value":"10.00"},"custom_id":"pay_1' or 1=1"}}""")]
    [InlineData("""{"id":"WH-1","event_type":"CUSTOMER.DISPUTE.CREATED","resource":{"dispute_id":"PP-D-1"}}""")]
    [Covers("money-89")]
    public void What_names_nothing_of_ours_tells_nothing(string body) => Gateway.Read(body).ShouldBeNull();

    [Theory]
    [InlineData("PAYMENT.CAPTURE.COMPLETED", """{"currency_code":"USD","value":10}""")]
    [InlineData("PAYMENT.CAPTURE.COMPLETED", """{"currency_code":"ZZZ","value":"10.00"}""")]
    [InlineData("PAYMENT.CAPTURE.COMPLETED", """{"currency_code":"USD","value":"10.001"}""")]
    [InlineData("PAYMENT.CAPTURE.COMPLETED", """null""")]
    [InlineData("PAYMENT.CAPTURE.REVERSED", """{"currency_code":"USD","value":"10.00"}""")]
    [InlineData("PAYMENT.CAPTURE.REFUNDED", """{"currency_code":"USD","value":"10.00"}""")]
    [Covers("money-19")]
    public void What_tells_of_our_payment_and_cannot_be_booked_is_for_a_person(string type, string amount) =>
        Gateway.Read($$$"""{"id":"WH-1","event_type":"{{{type}}}","resource":{"id":"X","status":"COMPLETED","amount":{{{amount}}},"custom_id":"{{{Payment}}}"}}""").ShouldBeOfType<UnreadableFact>().Payment.ShouldBe(Payment);

    [Theory]
    [InlineData("COMPLETED", RefundFactState.Completed)]
    [InlineData("PENDING", RefundFactState.Pending)]
    [InlineData("FAILED", RefundFactState.Failed)]
    [InlineData("CANCELLED", RefundFactState.Failed)]
    public void A_refund_means(string status, RefundFactState state)
    {
        var refund = new RefundId(Payment.Value);
        var fact = Gateway.Read(PayPalEvent.Refund(refund.ToString(), "10.00", status)).ShouldBeOfType<RefundFact>();
        (fact.Refund, fact.State, fact.Amount).ShouldBe((refund, state, Ten));
    }
}
