using System.Net;
using System.Text;
using System.Text.Json;
using Guildhall.Money;
using Guildhall.Money.Gateways;
using Guildhall.Money.Gateways.Mpesa;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Guildhall.Tests.Money.Gateways.Mpesa;

public sealed class MpesaReadingTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 9, 0, 0, TimeSpan.Zero);
    private static readonly MpesaOptions Options = new(new Uri("https://sandbox.safaricom.co.ke"), "key", "secret", "174379", "passkey", new Uri("https://shop.test/api/v1/webhooks/mpesa"), "a key"u8.ToArray())
    {
        Initiator = new MpesaInitiator("testapi", "password", "certificate"), Senders = [IPNetwork.Parse("196.201.214.200/32")],
    };
    private static readonly PaymentId Payment = new(Guid.CreateVersion7());
    private static readonly RefundId Refund = new(Guid.CreateVersion7(Now));
    private static readonly Amount Asked = new(15_000, MpesaAmounts.Kes);
    private static readonly MpesaGateway Gateway = new(new MpesaApi(new GatewayHttp("mpesa", new GatewayCalls()), Options, TimeProvider.System), Options, TimeProvider.System);

    private static Heard Hears(string address, string body, DateTimeOffset? now = null) =>
        Gateway.Hear(new Message(new HeaderDictionary(), new QueryCollection(QueryHelpers.ParseQuery(new Uri(address).Query)), Encoding.UTF8.GetBytes(body), IPAddress.Loopback), now ?? Now);

    private static string OfPayment => MpesaAddress.OfPayment(Options, Payment, Asked, Now);
    private static string OfRefund(string what, RefundId? refund = null) => MpesaAddress.OfRefund(Options, what, refund ?? Refund, Asked);

    private static string Callback(string amount = "150", string code = "0", string checkout = "ws_CO_1", string receipt = "\"SAE3YULR0Y\"") =>
        """{"Body":{"stkCallback":{"CheckoutRequestID":"ws_CO","ResultCode":CODE,"ResultDesc":"?","CallbackMetadata":{"Item":[{"Name":"Amount","Value":MUCH},{"Name":"MpesaReceiptNumber","Value":RECEIPT},{"Name":"Balance"}]}}}}"""
            .Replace("ws_CO", checkout, StringComparison.Ordinal).Replace("CODE", code, StringComparison.Ordinal).Replace("MUCH", amount, StringComparison.Ordinal).Replace("RECEIPT", receipt, StringComparison.Ordinal);

    [Theory]
    [InlineData("150", "0", "15000 SAE3YULR0Y"), InlineData("150.00", "\"0\"", "15000 SAE3YULR0Y"), InlineData("\"150\"", "0", "15000 SAE3YULR0Y"), InlineData("1.5", "0", "150 SAE3YULR0Y")]
    [InlineData("\"much\"", "0", "0 SAE3YULR0Y"), InlineData("-5", "0", "0 SAE3YULR0Y"), InlineData("150", "1032", null)]
    [Covers("M-5", "M-6")]
    public void A_callback_is_a_hint_that_says_by_what_to_ask(string amount, string code, string? told)
    {
        var hint = Hears(OfPayment, Callback(amount, code)).ShouldBeOfType<Heard.Hint>();
        hint.Payment.ShouldBe(Payment);
        hint.Reference.ShouldBe($"ws_CO_1 15000 {Now.ToUnixTimeSeconds()}" + (told is null ? "" : " " + told));
        hint.Answer!.Body.ShouldBe("""{"ResultCode":0,"ResultDesc":"Accepted"}""");
        MpesaReference.Of(hint.Reference!)!.ToString().ShouldBe(hint.Reference);
    }

    [Theory, InlineData("\"A B\""), InlineData("\"-\""), InlineData("7"), InlineData("null"), InlineData("{}")]
    public void A_receipt_that_is_no_name_is_left_out_or_kept_as_one_word(string receipt) =>
        MpesaReference.Of(Hears(OfPayment, Callback(receipt: receipt)).ShouldBeOfType<Heard.Hint>().Reference!)!.Receipt.ShouldBe(receipt is "7" ? "7" : null);

    [Fact]
    [Covers("money-80")]
    public void An_address_that_was_changed_or_made_up_is_not_listened_to()
    {
        Hears(OfPayment, Callback()).ShouldBeOfType<Heard.Hint>();
        var other = new PaymentId(Guid.CreateVersion7()).ToString();
        string[] forged =
        [
            "https://shop.test/api/v1/webhooks/mpesa", OfPayment.Replace(Payment.ToString(), other, StringComparison.Ordinal), OfPayment.Replace("minor=15000", "minor=15001", StringComparison.Ordinal),
            OfPayment.Replace("what=payment", "what=reversal", StringComparison.Ordinal), OfPayment[..^1], OfPayment + "&what=payment", OfPayment.Split("&key")[0],
            OfPayment.Replace("&key=", "&key=&other=", StringComparison.Ordinal), MpesaAddress.OfPayment(Options with { CallbackKey = "another"u8.ToArray() }, Payment, Asked, Now),
        ];
        foreach (var address in forged) Hears(address, Callback()).ShouldBeOfType<Heard.Refused>(address);
    }

    public static TheoryData<string> Odd =>
    [
        "", "null", "1", "[]", "{}", "not json", "\0", "{\"Body\":null}", "{\"Body\":[]}", "{\"Body\":{\"stkCallback\":7}}", "{\"Body\":{\"stkCallback\":{}}}",
        "{\"Body\":{\"stkCallback\":{\"CheckoutRequestID\":\"a b\",\"ResultCode\":0}}}",
        "{\"Body\":{\"stkCallback\":{\"CheckoutRequestID\":7}}}",
        "{\"Body\":{\"stkCallback\":{\"CheckoutRequestID\":\"\\ud800\",\"ResultCode\":0}}}", "{\"Body\":{\"stkCallback\":{\"CheckoutRequestID\":\"" + new string('x', 101) + "\",\"ResultCode\":0}}}",
        new string('[', 5000), "{\"a\":" + new string('9', 100_000) + "}",
    ];

    [Theory, MemberData(nameof(Odd))]
    [Covers("money-88")]
    public void What_is_no_callback_is_refused_and_never_an_exception(string body) => Hears(OfPayment, body).ShouldBeOfType<Heard.Refused>();

    [Theory, MemberData(nameof(Odd))]
    [Covers("money-88")]
    public void A_result_that_cannot_be_read_tells_nothing(string body)
    {
        foreach (var what in new[] { "reversal", "status", "timeout" })
        {
            if (Hears(OfRefund(what), body) is Heard.Proven { Kept: { } kept }) Gateway.ReadWebhook(kept).ShouldBeNull(body);
        }
    }

    [Theory]
    [InlineData("0", FactState.Captured), InlineData("1032", FactState.Cancelled), InlineData("1037", FactState.Expired), InlineData("1019", FactState.Expired), InlineData("1", FactState.Failed), InlineData("2001", FactState.Failed)]
    [InlineData("4999", FactState.Open), InlineData("", FactState.Open), InlineData("00", FactState.Open)]
    public void What_the_question_is_answered_counts(string code, FactState state)
    {
        var reference = new MpesaReference("ws_CO_1", Asked, Now);
        foreach (var written in new[] { $"\"{code}\"", code is "" or "00" ? $"\"{code}\"" : code })
        {
            var answer = new MpesaAnswer.Said(JsonSerializer.Deserialize<JsonElement>($$"""{"ResponseCode":"0","CheckoutRequestID":"ws_CO_1","ResultCode":{{written}},"ResultDesc":"?"}"""));
            MpesaReading.Prompt(Payment, reference, answer, Now)!.State.ShouldBe(state);
            MpesaReading.Prompt(Payment, reference with { Checkout = "ws_CO_2" }, answer, Now).ShouldBeNull();
            MpesaReading.Prompt(Payment, reference, answer, Now.AddHours(2))!.State.ShouldBe(state is FactState.Open ? FactState.Expired : state);
        }
        MpesaReading.Prompt(Payment, reference, new MpesaAnswer.Fault(500, "500.001.1001", "The transaction is being processed"), Now)!.State.ShouldBe(FactState.Open);
        MpesaReading.Prompt(Payment, reference, new MpesaAnswer.Fault(500, "500.001.1001", "Wrong credentials"), Now.AddDays(9)).ShouldBeNull();
        MpesaReading.Prompt(Payment, reference, new MpesaAnswer.Lost("?", false), Now.AddDays(9)).ShouldBeNull();
    }

    [Fact]
    public void What_a_callback_told_is_what_was_paid()
    {
        var paid = new MpesaAnswer.Said(JsonSerializer.Deserialize<JsonElement>("""{"ResultCode":"0"}"""));
        MpesaReading.Prompt(Payment, MpesaReference.Of("ws_CO_1 15000 1760000000")!, paid, Now).ShouldBe(new PaymentFact(Payment, FactState.Captured, Asked));
        MpesaReading.Prompt(Payment, MpesaReference.Of("ws_CO_1 15000 1760000000 100 SAE")!, paid, Now).ShouldBe(new PaymentFact(Payment, FactState.Captured, new Amount(100, MpesaAmounts.Kes), "SAE"));
        foreach (var odd in new[] { "", "ws_CO_1", "a b c", "a 1 2 3", "a 1 -2", "a 1 99999999999999", "é 1 2", "a 1 2 x y", "pi_1 1 2 3 4 5" }) MpesaReference.Of(odd).ShouldBeNull(odd);
    }

    private static RefundFact? Told(string what, string result, TimeSpan after = default, RefundId? refund = null) =>
        Gateway.ReadWebhook(Hears(OfRefund(what, refund), result, Now + after).ShouldBeOfType<Heard.Proven>().Kept!.Value) as RefundFact;

    [Theory]
    [InlineData("0", "The service request is processed successfully.", RefundFactState.Completed), InlineData("\"0\"", "?", RefundFactState.Completed)]
    [InlineData("\"21\"", "The service request is processed successfully.", RefundFactState.Pending), InlineData("\"R000001\"", "The transaction has already been reversed.", RefundFactState.Pending)]
    [InlineData("1", "The balance is insufficient for the transaction.", RefundFactState.Failed), InlineData("2001", "The initiator information is invalid.", RefundFactState.Failed)]
    [Covers("M-6")]
    public void Only_zero_is_a_reversal_and_what_contradicts_itself_is_asked_about(string code, string text, RefundFactState state)
    {
        var fact = Told("reversal", $$$"""{"Result":{"ResultCode":{{{code}}},"ResultDesc":"{{{text}}}","TransactionID":"SKE52PAWR9"}}""")!;
        (fact.Refund, fact.State, fact.Amount, fact.Reference).ShouldBe((Refund, state, Asked, "SKE52PAWR9"));
    }

    [Fact]
    public void A_reversal_of_another_amount_is_told_as_what_it_is() =>
        Told("reversal", """{"Result":{"ResultCode":0,"ResultParameters":{"ResultParameter":[{"Key":"Amount","Value":"149.00"}]}}}""")!.Amount.Minor.ShouldBe(14_900);

    [Theory]
    [InlineData("Reversed", 0, RefundFactState.Completed), InlineData("Completed", 1, null), InlineData("Completed", 25, RefundFactState.Failed), InlineData("Whatever", 99, null)]
    public void A_payment_that_was_not_reversed_within_a_day_is_taken_not_to_be(string status, int hours, RefundFactState? state)
    {
        var result = """{"Result":{"ResultCode":"0","ResultParameters":{"ResultParameter":[{"Key":"TransactionStatus","Value":"STATE"},{"Key":"Amount","Value":150}]}}}""".Replace("STATE", status, StringComparison.Ordinal);
        var fact = Told("status", result, hours.Hours());
        fact?.State.ShouldBe(state!.Value);
        (fact is null).ShouldBe(state is null);
        Told("status", result.Replace("150", "\"?\"", StringComparison.Ordinal), hours.Hours()).ShouldBeNull();
        if (status is "Completed") Told("status", result, hours.Hours(), new RefundId(Guid.NewGuid())).ShouldBeNull(); // its age is not known
    }

    [Fact]
    public void It_says_what_it_can_do_and_whether_the_money_is_real()
    {
        (Gateway.Name, Gateway.Live, Gateway.Pages).ShouldBe(("mpesa", false, null));
        (Gateway.Can.NeedsPhone, Gateway.Can.OpensOnce, Gateway.Can.Refund, Gateway.Can.PartialRefund, Gateway.Can.Close, Gateway.Can.ManualCapture).ShouldBe((true, true, true, false, false, false));
        (Gateway.Can.Takes(MpesaAmounts.Kes), Gateway.Can.Takes(Currency.Of("KWD")), Gateway.Can.Step(MpesaAmounts.Kes)).ShouldBe((true, false, 100));
        (Gateway.Can.Hears(IPAddress.Parse("196.201.214.200")), Gateway.Can.Hears(IPAddress.Parse("196.201.214.201"))).ShouldBe((true, false));
        var live = new MpesaGateway(null!, Options with { Initiator = null, Api = new Uri("https://api.safaricom.co.ke") }, TimeProvider.System);
        (live.Live, live.Can.Refund).ShouldBe((true, false));
    }
}
