using System.Text;
using System.Text.Json;
using Guildhall.Money;
using Guildhall.Money.Gateways;
using Guildhall.Money.Gateways.MyFatoorah;
using Microsoft.AspNetCore.Http;

namespace Guildhall.Tests.Money.Gateways.MyFatoorah;

public sealed class MyFatoorahReadingTests
{
    private static readonly PaymentId Payment = new(Guid.Parse("01a208e2-838b-75c1-8c03-eb39d931fb1a"));
    private static readonly RefundId Refund = new(Payment.Value);
    private static readonly Currency Kwd = Currency.Of("KWD");
    private static readonly MyFatoorahReference Asked = new("640", "0707", 0);
    private static readonly MyFatoorahOptions Options = new(new Uri("https://apitest.myfatoorah.com"), new Uri("https://demo.myfatoorah.com"), "token", [MyFatoorahWorld.Secret], Kwd, new Uri("https://shop.test"));
    private static readonly MyFatoorahGateway Gateway = new(null!, Options, TimeProvider.System);

    private static JsonElement Json(string text) => JsonDocument.Parse(text.Replace("PAYMENT", Payment.ToString(), StringComparison.Ordinal).Replace("REFUND_ID", Refund.ToString(), StringComparison.Ordinal)).RootElement;

    private static PaymentFact? Says(string invoice, string transaction, string? amount = "\"25.000\"", string currency = "KWD", PageEnd end = PageEnd.Ahead, string id = "\"640\"", string ours = "\"PAYMENT\"") =>
        MyFatoorahReading.Payment(Json($$$"""
            {"Invoice":{"Id":{{{id}}},"Status":"{{{invoice}}}","ExternalIdentifier":{{{ours}}}},"Transaction":{"Status":"{{{transaction}}}","Error":{"Code":"MF002","Message":"Declined"}},
             "Amount":{"BaseCurrency":"{{{currency}}}","ValueInBaseCurrency":{{{amount}}},"DisplayCurrency":"USD","ValueInDisplayCurrency":"1.00"}}
            """), Payment, Asked, end);

    [Theory]
    [InlineData("PAID", "SUCCESS", FactState.Captured)]
    [InlineData("PAID", "FAILED", FactState.Captured)]
    [InlineData("Paid", "Succss", FactState.Captured)]
    [InlineData("CANCELED", "CANCELED", FactState.Cancelled)]
    [InlineData("PENDING", "FAILED", FactState.Open)]
    [InlineData("PENDING", "INPROGRESS", FactState.Open)]
    [InlineData("PENDING", "CANCELED", FactState.Open)]
    [InlineData("PENDING", "AUTHORIZE", FactState.Open)]
    [InlineData("A_STATE_OF_TOMORROW", "", FactState.Open)]
    public void An_invoice_means(string invoice, string transaction, FactState state) => Says(invoice, transaction)!.State.ShouldBe(state);

    [Theory]
    [InlineData("PENDING", "FAILED", FactState.Expired)]
    [InlineData("PENDING", "", FactState.Expired)]
    [InlineData("PENDING", "INPROGRESS", FactState.Open)]
    [InlineData("PAID", "SUCCESS", FactState.Captured)]
    public void When_its_time_is_over_only_what_is_under_way_may_still_come(string invoice, string transaction, FactState state) => Says(invoice, transaction, end: PageEnd.Past)!.State.ShouldBe(state);

    [Theory, InlineData("PENDING", "INPROGRESS", FactState.Expired), InlineData("PAID", "INPROGRESS", FactState.Captured)]
    public void Long_after_its_time_nothing_is_under_way_any_more(string invoice, string transaction, FactState state) => Says(invoice, transaction, end: PageEnd.LongAgo)!.State.ShouldBe(state);

    [Fact]
    public void A_refused_try_is_told_and_leaves_the_page_open()
    {
        var fact = Says("PENDING", "FAILED")!;
        (fact.Declined, fact.Code, fact.Text).ShouldBe((true, "MF002", "Declined"));
        Says("PENDING", "CANCELED")!.Declined.ShouldBeFalse();
    }

    [Theory]
    [InlineData("\"25.000\"", "KWD", 25_000)]
    [InlineData("25.000", "KWD", 25_000)]
    [InlineData("\"25\"", "KWD", 25_000)]
    [InlineData("\"25.0000\"", "KWD", 25_000)]
    [InlineData("\"1250\"", "JPY", 1_250)]
    [InlineData("\"12.5\"", "USD", 1_250)]
    [InlineData("\"9223372036854775.807\"", "KWD", long.MaxValue)]
    [Covers("money-51", "money-52")]
    public void The_amount_is_told_exactly_and_in_the_currency_that_they_say(string amount, string currency, long minor) =>
        Says("PAID", "SUCCESS", amount, currency)!.Amount.ShouldBe(new Amount(minor, Currency.Of(currency)));

    [Theory]
    [InlineData("null", "KWD")]
    [InlineData("\"\"", "KWD")]
    [InlineData("\"25,000\"", "KWD")]
    [InlineData("\"-1\"", "KWD")]
    [InlineData("\"1e3\"", "KWD")]
    [InlineData("1e3", "KWD")]
    [InlineData("\"٢٥\"", "KWD")]
    [InlineData("\"25.0001\"", "KWD")]
    [InlineData("\"25.\"", "KWD")]
    [InlineData("\".5\"", "KWD")]
    [InlineData("\"1.5\"", "JPY")]
    [InlineData("\"9223372036854775.808\"", "KWD")]
    [InlineData("\"25.000\"", "ZZZ")]
    [Covers("money-49", "money-89")]
    public void Money_that_cannot_be_read_is_never_guessed(string amount, string currency) => Says("PAID", "SUCCESS", amount, currency).ShouldBeNull();

    [Fact]
    [Covers("money-20")]
    public void What_is_about_another_payment_or_invoice_is_no_answer()
    {
        Says("PAID", "SUCCESS", id: "\"641\"").ShouldBeNull();
        Says("PAID", "SUCCESS", id: "640").ShouldNotBeNull();
        Says("PAID", "SUCCESS", ours: "\"pay_01m81r93nqfn0bf22ww68nxqgg\"").ShouldBeNull();
        Says("PAID", "SUCCESS", ours: "null").ShouldNotBeNull();
        foreach (var odd in new[] { "1", "[]", "{}", "null", "{\"Invoice\":1,\"Transaction\":[]}" }) MyFatoorahReading.Payment(Json(odd), Payment, Asked, PageEnd.Ahead).ShouldBeNull();
    }

    [Theory]
    [InlineData("Paid", """[{"TransactionStatus":"Failed"},{"TransactionStatus":"Succss","TransationValue":"25.000"}]""", FactState.Captured, false)]
    [InlineData("Pending", """[{"TransactionStatus":"Failed","ErrorCode":"MF002","Error":"Declined"}]""", FactState.Open, true)]
    [InlineData("Pending", """[{"TransactionStatus":"Failed"},{"TransactionStatus":"InProgress"}]""", FactState.Open, false)]
    [InlineData("Pending", "null", FactState.Open, false)]
    [InlineData("Canceled", "[]", FactState.Cancelled, false)]
    public void The_older_question_means_the_same_in_its_own_spelling(string status, string tries, FactState state, bool declined)
    {
        var fact = MyFatoorahReading.PaymentV2(Json($$"""{"InvoiceId":640,"InvoiceStatus":"{{status}}","CustomerReference":"PAYMENT","InvoiceValue":25.000,"InvoiceTransactions":{{tries}}}"""), Payment, Asked, PageEnd.Ahead, Kwd)!;
        (fact.State, fact.Declined).ShouldBe((state, declined));
        if (state == FactState.Captured) fact.Amount.ShouldBe(new Amount(25_000, Kwd));
    }

    [Theory]
    [InlineData("""{"RefundId":7,"RefundStatus":"Refunded","RefundAmount":5.0}""", RefundFactState.Completed)]
    [InlineData("""{"RefundId":7,"RefundStatus":"Pending","RefundAmount":"5.000"}""", RefundFactState.Pending)]
    [InlineData("""{"RefundId":"7","RefundStatus":"Canceled","RefundAmount":5}""", RefundFactState.Failed)]
    [InlineData("""{"RefundId":"7","RefundStatus":"Tomorrow","RefundAmount":5}""", RefundFactState.Pending)]
    public void A_refund_means(string row, RefundFactState state)
    {
        var fact = MyFatoorahReading.Refund(Json(row), Refund, Kwd)!;
        (fact.State, fact.Amount, fact.Reference).ShouldBe((state, new Amount(5_000, Kwd), "7"));
    }

    [Fact]
    public void A_row_that_names_our_refund_is_known()
    {
        MyFatoorahReading.Named(Json("""{"Comment":"REFUND_ID"}""")).ShouldBe(Refund);
        MyFatoorahReading.Named(Json("""{"ExternalIdentifier":"REFUND_ID","Comments":1}""")).ShouldBe(Refund);
        MyFatoorahReading.Named(Json("""{"Comment":"by hand"}""")).ShouldBeNull();
    }

    private static Heard Hears(string body, string signature) =>
        Gateway.Hear(new Message(new HeaderDictionary { ["myfatoorah-signature"] = signature }, new QueryCollection(), Encoding.UTF8.GetBytes(body), null), DateTimeOffset.UnixEpoch);

    [Fact]
    [Covers("M-5", "M-21")]
    public void A_signed_message_about_a_payment_makes_us_ask_since_the_amount_is_not_signed()
    {
        var signature = MyFatoorahWorld.Sign($"Invoice.Id=640,Invoice.Status=PAID,Transaction.Status=SUCCESS,Transaction.PaymentId=0707,Invoice.ExternalIdentifier={Payment}");
        var body = $$$"""
            {"Event":{"Code":1,"Reference":"WH-1"},"Data":{"Invoice":{"Id":"640","Status":"PAID","ExternalIdentifier":"{{{Payment}}}"},
             "Transaction":{"Status":"SUCCESS","PaymentId":"0707"},"Amount":{"ValueInBaseCurrency":"1"} } }
            """;
        Hears(body, signature).ShouldBeOfType<Heard.Hint>().Payment.ShouldBe(Payment);
        Hears(body.Replace("SUCCESS", "FAILED", StringComparison.Ordinal), signature).ShouldBe(new Heard.Refused());
        Hears($$$"""{"EventType":1,"Data":{"CustomerReference":"{{{Payment}}}"}}""", MyFatoorahWorld.Sign($"CustomerReference={Payment}")).ShouldBeOfType<Heard.Hint>().Payment.ShouldBe(Payment);
    }

    [Fact]
    [Covers("M-5")]
    public void A_signed_message_about_a_refund_names_their_number_and_nobody_can_use_up_the_number_of_another()
    {
        const string signed = "Refund.Id=7,Refund.Status=REFUNDED,Amount.ValueInBaseCurrency=5.000,ReferencedInvoice.Id=640";
        const string body = """{"Event":{"Code":2,"Reference":"WH-2"},"Data":{"Refund":{"Id":7,"Status":"REFUNDED"},"Amount":{"ValueInBaseCurrency":"5.000"},"ReferencedInvoice":{"Id":"640"}}}""";
        var proven = Hears(body, MyFatoorahWorld.Sign(signed)).ShouldBeOfType<Heard.Proven>();
        proven.EventId.ShouldBe($"WH-2:{MyFatoorahWorld.Sign(signed)}");
        Gateway.ReadWebhook(Encoding.UTF8.GetBytes(body)).ShouldBe(new RefundHint("7"));
        Gateway.ReadWebhook("""{"EventType":2,"Data":{"RefundId":8}}"""u8.ToArray()).ShouldBe(new RefundHint("8"));
        foreach (var other in new[] { """{"Event":{"Code":4},"Data":{"Supplier":{"Code":279}}}""", "{}", "[]", """{"Event":{"Code":2},"Data":null}""" }) Gateway.ReadWebhook(Encoding.UTF8.GetBytes(other)).ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("no json")]
    [InlineData("[1]")]
    [InlineData("{\"Event\":{\"Code\":1},\"Data\":{\"Invoice\":{\"Id\":\"\\ud800\"}}}")]
    [InlineData("{\"EventType\":1,\"Data\":{\"\\ud800\":1,\"a\":\"\\ud800\"}}")]
    [InlineData("{\"Event\":{\"Code\":1,\"Code\":[]},\"Data\":{}}")]
    [Covers("money-80", "money-89")]
    public void What_is_malformed_is_refused_and_never_an_exception(string body)
    {
        Hears(body, MyFatoorahWorld.Sign("x")).ShouldBe(new Heard.Refused());
        Hears(body, "").ShouldBe(new Heard.Refused());
        Hears(string.Concat(Enumerable.Repeat("[", 5_000)), "x").ShouldBe(new Heard.Refused());
        Gateway.Hear(new Message(new HeaderDictionary(), new QueryCollection(), new byte[] { 0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d }, null), default).ShouldBe(new Heard.Refused());
    }

    [Theory]
    [InlineData("https://api.myfatoorah.com", true)]
    [InlineData("https://api-sa.myfatoorah.com", true)]
    [InlineData("https://apitest.myfatoorah.com", false)]
    [InlineData("http://127.0.0.1:5090", false)]
    public void Only_a_live_host_is_live(string api, bool live)
    {
        var gateway = new MyFatoorahGateway(null!, Options with { Api = new Uri(api) }, TimeProvider.System);
        (gateway.Live, gateway.Pages, gateway.Can.Takes(Kwd), gateway.Can.Takes(Currency.Of("USD"))).ShouldBe((live, new Uri("https://demo.myfatoorah.com"), true, false));
        Options.ToString().ShouldNotContain("token");
    }
}
