using System.Net;
using System.Security.Cryptography;
using Guildhall.Money.Gateways.Mpesa;
using Guildhall.Web.Host.Gateways;
using Microsoft.Extensions.Configuration;

namespace Guildhall.Tests.Money.Gateways.Mpesa;

public sealed class MpesaSettingsTests
{
    private static readonly (string Name, string? Value)[] Good = [("KEY", "k"), ("SECRET", "s"), ("SHORT_CODE", "600996"), ("PASSKEY", "p")];

    private static (MpesaOptions? Options, List<string> Wrong) Read(bool sandbox, params (string Name, string? Value)[] set)
    {
        var wrong = new List<string>();
        var values = set.ToDictionary(s => "GUILDHALL_MPESA_" + s.Name, s => s.Value, StringComparer.Ordinal);
        return (MpesaSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build(), sandbox, new Uri("https://shop.test"), RandomNumberGenerator.GetBytes(32), wrong), wrong);
    }

    [Fact]
    [Covers("M-21")]
    public void Nothing_set_is_no_gateway_and_all_of_it_is_one()
    {
        Read(sandbox: false).ShouldSatisfyAllConditions(r => r.Options.ShouldBeNull(), r => r.Wrong.ShouldBeEmpty());
        var (options, wrong) = Read(sandbox: false, Good);
        wrong.ShouldBeEmpty();
        (options!.Api.Host, options.Callback.AbsoluteUri, options.IsLive, options.Initiator).ShouldBe(("api.safaricom.co.ke", "https://shop.test/api/v1/webhooks/mpesa", true, null));
        options.Senders!.Count.ShouldBe(12);
        options.Senders.ShouldContain(IPNetwork.Parse("196.201.212.69/32"));
        Read(sandbox: true, Good).Options!.Senders.ShouldBeNull();
    }

    [Theory]
    [InlineData("SECRET", null, "set all four or none"), InlineData("KEY", null, "set all four or none"), InlineData("SHORT_CODE", "12ab5", "five to seven digits"), InlineData("TILL", "1", "five to seven digits")]
    [InlineData("API", "http://api.test", "must be https"), InlineData("API", "nowhere", "absolute address"), InlineData("CALLBACK", "http://shop.test/x", "must be https")]
    [InlineData("SECRET", "guildhall_sandbox_mpesa_secret", "is the sandbox's"), InlineData("PASSKEY", "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919", "published for trying")]
    [InlineData("SENDERS", "everybody", "GUILDHALL_MPESA_SENDERS has everybody"), InlineData("PARTIAL_REVERSAL", "yes", "is true or false"), InlineData("INITIATOR", "testapi", "set all three")]
    [InlineData("SECRET_FILE", "/nowhere/secret", "cannot be read"), InlineData("PAYOUT_SHORT_CODE", "12", "five to seven digits"), InlineData("PAYOUT_SHORT_CODE", "600996", "needs GUILDHALL_MPESA_INITIATOR")]
    [InlineData("PAYOUT_COMMAND", "Gift", "is BusinessPayment, SalaryPayment or PromotionPayment")]
    [Covers("M-21", "I-14")]
    public void Half_of_it_or_nonsense_stops_the_start_with_a_sentence(string name, string? value, string sentence)
    {
        var (options, wrong) = Read(sandbox: false, [.. Good.Where(g => g.Name != name), .. value is null ? [] : new[] { (name, (string?)value) }]);
        options.ShouldBeNull();
        wrong.ShouldContain(w => w.Contains(sentence, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_is_no_certificate_is_told()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----");
            Read(false, [.. Good, ("INITIATOR", "a"), ("INITIATOR_PASSWORD", "b"), ("CERTIFICATE", file)]).Wrong.ShouldContain(w => w.Contains("no certificate in PEM", StringComparison.Ordinal));
        }
        finally { File.Delete(file); }
    }
}
