using System.Net;
using System.Text;
using System.Text.Json;
using Guildhall.Money;
using Guildhall.Money.Gateways;
using Guildhall.Money.Gateways.Paytm;
using Microsoft.AspNetCore.Http;

namespace Guildhall.Tests.Money.Gateways.Paytm;

public sealed class PaytmReadingTests
{
    private const string Key = "vEcToRkEy#2026@k";
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 9, 0, 0, TimeSpan.Zero);
    private static readonly PaytmOptions Options = new(new Uri("https://securestage.paytmpayments.com"), "MID1", Key, "WEBSTAGING", new Uri("https://shop.test"));
    private static readonly PaytmGateway Gateway = new(new PaytmApi(new GatewayHttp("paytm", new GatewayCalls()), Options, TimeProvider.System), Options, TimeProvider.System);
    private static readonly PaymentId Payment = new(Guid.CreateVersion7());
    private static readonly RefundId Refund = new(Guid.CreateVersion7());

    private static Heard Hears(byte[] body, string type = "application/x-www-form-urlencoded") =>
        Gateway.Hear(new Message(new HeaderDictionary { ["Content-Type"] = type }, new QueryCollection(), body, IPAddress.Loopback), Now);

    private static byte[] Form(Dictionary<string, string?> fields, string key = Key)
    {
        fields["CHECKSUMHASH"] = PaytmSignature.Make(PaytmSignature.Join(fields), key);
        return Encoding.ASCII.GetBytes(string.Join('&', fields.Select(f => $"{f.Key}={WebUtility.UrlEncode(f.Value)}")));
    }

    private static Dictionary<string, string?> Fields(string mid = "MID1") => new(StringComparer.Ordinal)
    {
        ["MID"] = mid, ["ORDERID"] = Payment.ToString(), ["TXNAMOUNT"] = "100.00", ["STATUS"] = "TXN_SUCCESS", ["RESPMSG"] = "Txn Success & more", ["BANKNAME"] = "",
    };

    [Fact]
    [Covers("M-5", "M-6", "money-80")]
    public void A_signed_message_is_a_hint_and_nothing_else_is_heard()
    {
        Hears(Form(Fields())).ShouldBeOfType<Heard.Hint>().Payment.ShouldBe(Payment);
        Hears(Form(Fields(), "another key 2026")).ShouldBeOfType<Heard.Refused>();
        Hears(Form(Fields(mid: "MID2"))).ShouldBeOfType<Heard.Refused>();
        var text = Encoding.ASCII.GetString(Form(Fields()));
        foreach (var changed in new[] { text.Replace("100.00", "100.01", StringComparison.Ordinal), text + "&EXTRA=1", text + "&MID=MID1",
            text.Replace("BANKNAME=", "BANKNAME=x", StringComparison.Ordinal), text.Split("&CHECKSUMHASH")[0] })
            Hears(Encoding.ASCII.GetBytes(changed)).ShouldBeOfType<Heard.Refused>(changed);

        var sealedBody = PaytmEnvelope.Seal(new { orderId = Payment.ToString(), refId = Refund.ToString() }, Key, Now);
        Hears(sealedBody, "application/json; charset=utf-8").ShouldBeOfType<Heard.Hint>().Payment.ShouldBe(Payment);
        Hears(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(sealedBody).Replace("orderId", "orderid", StringComparison.Ordinal)), "application/json").ShouldBeOfType<Heard.Refused>();
        Hears(sealedBody).ShouldBeOfType<Heard.Refused>();
        Gateway.ReadWebhook(sealedBody).ShouldBeNull();
    }

    [Theory]
    [InlineData(""), InlineData("&&&="), InlineData("CHECKSUMHASH=x"), InlineData("ORDERID=1&CHECKSUMHASH=%%%"), InlineData("null"), InlineData("[]")]
    [InlineData("{\"head\":1,\"body\":2}"), InlineData("{\"head\":{\"signature\":7},\"body\":{}}")]
    [InlineData("{\"head\":{\"signature\":\"\\ud800\"},\"body\":{\"orderId\":\"\\ud800\"}}")]
    [Covers("money-88")]
    public void What_is_no_message_is_refused_and_never_an_exception(string body)
    {
        foreach (var type in new[] { "application/json", "application/x-www-form-urlencoded", "" }) Hears(Encoding.UTF8.GetBytes(body), type).ShouldBeOfType<Heard.Refused>();
        Hears([0xff, 0xfe, (byte)'=', 0xff]).ShouldBeOfType<Heard.Refused>();
        Hears(Encoding.ASCII.GetBytes(string.Join('&', Enumerable.Range(0, 5_000).Select(i => $"f{i}=1")))).ShouldBeOfType<Heard.Refused>();
        Hears(Encoding.ASCII.GetBytes(new string('[', 50_000)), "application/json").ShouldBeOfType<Heard.Refused>();
    }

    private static PaytmAnswer.Said Said(string status, string code, object body) => new(status, code, "?", JsonSerializer.SerializeToElement(body));

    private static PaymentFact? Order(string status, string code, object body, int minutes = 0) =>
        PaytmReading.Order(Payment, PaytmNames.Reference(Payment, Now), Said(status, code, body), Now.AddMinutes(minutes));

    [Theory]
    [InlineData("100.00", 10_000L), InlineData("100", 10_000L), InlineData("0.01", 1L), InlineData("100.001", 0L), InlineData("1,00", 0L), InlineData("1e2", 0L), InlineData("-1.00", 0L), InlineData("", 0L), InlineData(null, 0L)]
    public void Money_is_told_as_what_it_is(string? amount, long minor)
    {
        var fact = Order("TXN_SUCCESS", "01", new { orderId = Payment.ToString(), txnId = "TXN1", txnAmount = amount })!;
        (fact.State, fact.Amount, fact.GatewayPayment).ShouldBe((FactState.Captured, new Amount(minor, PaytmAmounts.Inr), $"{Payment}/TXN1"));
    }

    [Fact]
    [Covers("money-20")]
    public void An_answer_about_something_else_says_nothing()
    {
        Order("TXN_SUCCESS", "01", new { orderId = new PaymentId(Guid.NewGuid()).ToString(), txnId = "TXN1", txnAmount = "1.00" }).ShouldBeNull();
        Order("TXN_SUCCESS", "01", new { txnId = "TXN1", txnAmount = "1.00" }).ShouldBeNull();
        Order("TXN_SUCCESS", "01", new { orderId = Payment.ToString(), txnId = "a/b", txnAmount = "1.00" }).ShouldBeNull();
        Order("NO_SUCH", "01", new { orderId = Payment.ToString() }).ShouldBeNull();
        PaytmReading.Refund(Refund, Said("TXN_SUCCESS", "10", new { refId = "another", refundAmount = "1.00" })).ShouldBeNull();
        PaytmReading.Refund(Refund, Said("TXN_SUCCESS", "10", new { refId = Refund.ToString(), refundAmount = "much" })).ShouldBeNull();
        PaytmReading.Refund(Refund, Said("TXN_FAILURE", "629", new { refId = Refund.ToString() }))!.State.ShouldBe(RefundFactState.Failed);
    }

    [Theory]
    [InlineData("PENDING", "402", 0, FactState.Open), InlineData("PENDING", "402", 999, FactState.Open), InlineData("TXN_FAILURE", "227", 0, FactState.Failed), InlineData("TXN_FAILURE", "141", 0, FactState.Cancelled)]
    [InlineData("TXN_FAILURE", "331", 0, FactState.Open), InlineData("TXN_FAILURE", "334", 39, FactState.Open), InlineData("TXN_FAILURE", "331", 41, FactState.Expired)]
    public void What_was_not_paid_is_told_as_what_it_is(string status, string code, int minutes, FactState state) => Order(status, code, new { }, minutes)!.State.ShouldBe(state);

    [Theory, InlineData("KWD", 1_000, null), InlineData("JPY", 100, null), InlineData("USD", 100, null), InlineData("INR", 0, null)]
    [InlineData("INR", -1, null), InlineData("INR", 1, "0.01"), InlineData("INR", long.MaxValue, "92233720368547758.07")]
    public void Only_rupees_are_written_always_with_two_decimals(string currency, long minor, string? text) => PaytmAmounts.Write(new Amount(minor, Currency.Of(currency))).ShouldBe(text);

    [Fact]
    public void An_envelope_is_signed_over_its_body_as_it_stands_there()
    {
        var text = Encoding.UTF8.GetString(PaytmEnvelope.Seal(new { note = "₹ <&> \"x\"" }, Key, Now));
        PaytmEnvelope.Open(Encoding.UTF8.GetBytes(text), Key)!.Signed.ShouldBeTrue();
        var body = text[(text.IndexOf("\"body\":", StringComparison.Ordinal) + 7)..^1];
        PaytmSignature.Holds(body, Key, JsonDocument.Parse(text).RootElement.GetProperty("head").GetProperty("signature").GetString()).ShouldBeTrue();
        PaytmEnvelope.Open(Encoding.UTF8.GetBytes(text.Replace("\"body\":{", "\"body\":{ ", StringComparison.Ordinal)), Key)!.Signed.ShouldBeFalse();
    }

    [Fact]
    public void It_says_what_it_can_do_and_whether_the_money_is_real()
    {
        (Gateway.Name, Gateway.Live, Gateway.Pages!.AbsoluteUri).ShouldBe(("paytm", false, "https://securestage.paytmpayments.com/"));
        new PaytmGateway(null!, Options with { Api = new Uri("https://secure.paytmpayments.com") }, TimeProvider.System).Live.ShouldBeTrue();
        (Gateway.Can.Refund, Gateway.Can.PartialRefund, Gateway.Can.Close, Gateway.Can.ManualCapture, Gateway.Can.Takes(Currency.Of("KWD"))).ShouldBe((true, true, false, false, false));
    }
}
