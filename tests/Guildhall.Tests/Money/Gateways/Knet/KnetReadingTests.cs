using System.Text;
using Guildhall.Money;
using Guildhall.Money.Gateways;
using Guildhall.Money.Gateways.Knet;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Guildhall.Tests.Money.Gateways.Knet;

public sealed class KnetReadingTests
{
    private static readonly PaymentId Payment = new(Guid.Parse("01a208e2-838b-75c1-8c03-eb39d931fb1a"));
    private static readonly Currency Kwd = Currency.Of("KWD");
    private static readonly KnetReference Asked = KnetReference.Of(Payment, new Amount(25_000, Kwd), DateTimeOffset.UnixEpoch);
    private static readonly KnetOptions Options = KnetWorld.Options(new Uri("https://kpaytest.com.kw"), new Uri("https://www.kpaytest.com.kw"), new Uri("https://shop.test"));
    private static readonly KnetGateway Gateway = new(null!, Options, TimeProvider.System);

    private static PaymentFact? Says(string answer, bool over = false) =>
        KnetReading.Payment(KnetAnswer.Read(answer.Replace("TRACK", Asked.Track, StringComparison.Ordinal)), Payment, Asked, over) is GatewayAnswer<PaymentFact>.Accepted(var fact) ? fact : null;

    [Fact]
    public void A_track_id_is_letters_and_digits_and_leads_back_to_the_payment()
    {
        Asked.Track.ShouldMatch("^[0-9a-z]{26}$");
        KnetReference.PaymentOf(Asked.Track).ShouldBe(Payment);
        KnetReference.PaymentOf(Asked.Track.ToUpperInvariant()).ShouldBe(Payment);
        KnetReference.Parse(Asked.ToString()).ShouldBe(Asked);
        foreach (var odd in new[] { null, "", "ORD1001A1", Payment.ToString(), Asked.Track + "x", "' or 1=1" }) KnetReference.PaymentOf(odd).ShouldBeNull();
        foreach (var odd in new[] { "", "/", "a/b", "a/b/c", "a/b/1/2" }) KnetReference.Parse(odd).ShouldBeNull();
    }

    [Theory]
    [InlineData("<result>CAPTURED</result><trackid>TRACK</trackid><amt>25.000</amt>", FactState.Captured)]
    [InlineData("<result>SUCCESS</result>\n<trackid>\nTRACK\n</trackid><amt>25.000</amt>", FactState.Captured)]
    [InlineData("<response><result>captured</result><trackid>TRACK</trackid><amt>25.000</amt></response>", FactState.Captured)]
    [InlineData("<result>NOT CAPTURED</result><trackid>TRACK</trackid><amt>25.000</amt>", FactState.Failed)]
    [InlineData("<result>CANCELED</result><trackid>TRACK</trackid>", FactState.Cancelled)]
    [InlineData("<result>FAILURE</result><trackid>TRACK</trackid><tranid>2026</tranid>", FactState.Failed)]
    [InlineData("<result>SUSPECTED</result><trackid>TRACK</trackid><payid>1002</payid>", FactState.Failed)]
    [InlineData("<result>FAILURE</result>", FactState.Open)]
    [InlineData("<result>HOST TIMEOUT</result><tranid>1</tranid>", FactState.Open)]
    [InlineData("<result>!ERROR!-IPAY0100263-Transaction details not available.</result>", FactState.Open)]
    [InlineData("!ERROR!-IPAY0100263-Transaction & details not available.", FactState.Open)]
    [InlineData("<result>A WORD OF TOMORROW</result>", FactState.Open)]
    public void An_inquiry_means(string answer, FactState state) => Says(answer)!.State.ShouldBe(state);

    [Theory]
    [InlineData("<result>!ERROR!-IPAY0100263-Transaction details not available.</result>", FactState.Expired)]
    [InlineData("<result>HOST TIMEOUT</result>", FactState.Failed)]
    [InlineData("<result>FAILURE</result>", FactState.Expired)]
    public void What_knet_does_not_know_when_the_page_is_over_will_not_come(string answer, FactState state) => Says(answer, over: true)!.State.ShouldBe(state);

    [Theory]
    [InlineData("")]
    [InlineData("<")]
    [InlineData("<html>Service unavailable</html>")]
    [InlineData("<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><result>&x;</result>")]
    [InlineData("<result>CAPTURED</result>")]
    [InlineData("<result>CAPTURED</result><amt>25.000</amt>")]
    [InlineData("<result>CAPTURED</result><trackid>TRACK</trackid>")]
    [InlineData("<result>CAPTURED</result><trackid>TRACK</trackid><amt>25,000</amt>")]
    [InlineData("<result>CAPTURED</result><trackid>TRACK</trackid><amt>-25.000</amt>")]
    [InlineData("<result>CAPTURED</result><trackid>TRACK</trackid><amt>25.0001</amt>")]
    [InlineData("<result>CAPTURED</result><trackid>TRACK</trackid><amt>99999999999999999999.000</amt>")]
    [InlineData("<result>CAPTURED</result><trackid>another0000000000000000000</trackid><amt>25.000</amt>")]
    [InlineData("<result>NOT CAPTURED</result><trackid>another0000000000000000000</trackid>")]
    [InlineData("<result>!ERROR!-IPAY0100015-Invalid Tranportal password.</result>")]
    [InlineData("<result>!ERROR!-IPAY0100018-Password expired.</result>")]
    [Covers("money-89")]
    public void An_answer_that_says_nothing_about_this_payment_changes_nothing_even_when_the_page_is_over(string answer)
    {
        Says(answer).ShouldBeNull();
        Says(answer, over: true).ShouldBeNull();
    }

    [Fact]
    [Covers("money-19")]
    public void The_amount_is_told_as_knet_tells_it()
    {
        Says("<result>CAPTURED</result><trackid>TRACK</trackid><amt>24.999</amt><tranid>1</tranid>")!.Amount.ShouldBe(new Amount(24_999, Kwd));
        Says("<result>CAPTURED</result><trackid>TRACK</trackid><amt>25</amt><payid>P1</payid><tranid>T1</tranid><ref>R1</ref><auth>A1</auth>")!
            .ShouldBe(new PaymentFact(Payment, FactState.Captured, new Amount(25_000, Kwd), $"{Asked.Track}/P1/T1/R1/A1"));
    }

    [Theory]
    [InlineData("<result>CAPTURED</result><amt>5.000</amt><tranid>T2</tranid>", "completed")]
    [InlineData("<result>CAPTURED</result>", "completed")]
    [InlineData("<result>NOT CAPTURED</result>", "refused")]
    [InlineData("<result>!ERROR!-IPAY0100025-Invalid Amount</result>", "refused")]
    [InlineData("<result>HOST TIMEOUT</result>", "unknown")]
    [InlineData("<result>!ERROR!-IPAY0100158-Host timeout</result>", "unknown")]
    [InlineData("<result>SUCCESS</result>", "unknown")]
    [InlineData("", "unknown")]
    public void A_refund_is_only_what_is_captured(string answer, string means)
    {
        var refund = new RefundId(Payment.Value);
        var read = KnetReading.Refund(KnetAnswer.Read(answer), refund, new Amount(5_000, Kwd));
        (read switch { GatewayAnswer<RefundFact>.Accepted => "completed", GatewayAnswer<RefundFact>.Refused => "refused", _ => "unknown" }).ShouldBe(means);
        if (read is GatewayAnswer<RefundFact>.Accepted(var fact)) (fact.State, fact.Amount).ShouldBe((RefundFactState.Completed, new Amount(5_000, Kwd)));
    }

    private static Heard Hears(string body) => Gateway.Hear(new Message(new HeaderDictionary(), new QueryCollection(), Encoding.UTF8.GetBytes(body), null), DateTimeOffset.UnixEpoch);

    [Fact]
    [Covers("M-5", "M-21")]
    public void A_callback_is_a_hint_and_is_answered_with_where_the_browser_goes()
    {
        foreach (var body in new[]
        {
            "trandata=" + KnetWorld.Seal($"paymentid=1&result=NOT+CAPTURED&trackid={Asked.Track}&amt=25.000&authRespCode=05"),
            "trandata=" + KnetWorld.Seal($"paymentid=1&result=CAPTURED&trackid={Asked.Track.ToUpperInvariant()}&amt=25.000&authResponseCode=00").ToUpperInvariant(),
            $"Error=IPAY0100042&ErrorText=Time+limit&paymentid=1&trackid={Asked.Track}&amt=25.000",
            $"errortext=x&TrackID={Asked.Track}",
        })
        {
            var hint = Hears(body).ShouldBeOfType<Heard.Hint>();
            hint.Payment.ShouldBe(Payment);
            hint.Answer.ShouldBe(new Reply("text/plain", $"REDIRECT=https://shop.test/return/knet/{Payment}"));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("&&&===")]
    [InlineData("trandata=")]
    [InlineData("trandata=zz")]
    [InlineData("trandata=00112233445566778899aabbccddeeff")]
    [InlineData("{\"trandata\":1}")]
    [InlineData("trackid=01m81r93nqfn0bf22ww68nxqgf")]
    [InlineData("Error=x&trackid=nothing")]
    [InlineData("Error=%zz%00&trackid=%ff%fe")]
    [Covers("money-80", "money-89")]
    public void What_is_no_callback_is_refused_alike(string body) => Hears(body).ShouldBe(new Heard.Refused());

    [Fact]
    [Covers("money-80")]
    public void The_request_that_every_customer_has_is_no_callback_and_a_huge_body_is_none()
    {
        Hears("trandata=" + KnetWorld.Seal($"id=1&password=p&action=1&trackid={Asked.Track}")).ShouldBe(new Heard.Refused());
        Hears("trandata=" + new string('a', 120_000)).ShouldBe(new Heard.Refused());
        Hears(string.Join('&', Enumerable.Repeat("trandata=00", 10_000))).ShouldBe(new Heard.Refused());
    }

    [Fact]
    public void A_browser_that_comes_back_is_known_by_the_track_id_alone()
    {
        PaymentId? Comes(string query) => Gateway.ReadReturn(new Message(new HeaderDictionary(),
            new QueryCollection(new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase) { ["trackid"] = query }), ReadOnlyMemory<byte>.Empty, null));
        Comes(Asked.Track).ShouldBe(Payment);
        Comes("x").ShouldBeNull();
    }

    [Theory]
    [InlineData("KWD", 1, "0.001")]
    [InlineData("KWD", 25_000, "25.000")]
    [InlineData("KWD", 999_999_999, "999999.999")]
    [InlineData("KWD", 1_000_000_000, null)]
    [InlineData("USD", 1_250, null)]
    [InlineData("JPY", 1_250, null)]
    [Covers("money-51", "money-52")]
    public async Task Dinars_are_written_with_three_decimals_and_nothing_else_is_taken(string currency, long minor, string? text)
    {
        var request = new GatewayPaymentRequest(Payment, new OrderId(Payment.Value), new Amount(minor, Currency.Of(currency)), [], DateTimeOffset.UnixEpoch);
        var opened = await Gateway.Create(request, default);
        if (text is null)
        {
            opened.ShouldBeOfType<GatewayAnswer<Opening>.Refused>();
            return;
        }
        var page = new Uri(opened.ShouldBeOfType<GatewayAnswer<Opening>.Accepted>().Value.Page!);
        KnetTrandata.Decrypt(System.Web.HttpUtility.ParseQueryString(page.Query)["trandata"], KnetWorld.Key)!.ShouldContain($"&currencycode=414&amt={text}&");
        (await Gateway.Create(request, default)).ShouldBe(opened); // asked again it is the same page
    }

    [Theory]
    [InlineData("https://www.kpay.com.kw", true)]
    [InlineData("https://kpaytest.com.kw", false)]
    [InlineData("http://127.0.0.1:5090", false)]
    public async Task Only_the_live_host_is_live(string page, bool live)
    {
        var gateway = new KnetGateway(null!, Options with { PageAt = new Uri(page) }, TimeProvider.System);
        (gateway.Live, gateway.Pages).ShouldBe((live, new Uri(page)));
        var manual = new KnetGateway(null!, Options with { Refunds = false }, TimeProvider.System);
        manual.Can.Refund.ShouldBeFalse();
        (await manual.Refund(new RefundId(Payment.Value), "x", new Amount(1, Kwd), default)).ShouldBeOfType<GatewayAnswer<RefundFact>.Refused>(); // no call is made
        Options.ToString().ShouldNotContain("knetsandbox");
    }
}
