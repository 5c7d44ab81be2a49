using Guildhall.Money.Gateways.Paytm;
using Guildhall.Web.Host.Gateways;
using Microsoft.Extensions.Configuration;

namespace Guildhall.Tests.Money.Gateways.Paytm;

public sealed class PaytmSettingsTests
{
    private static readonly (string Name, string? Value)[] Good = [("MID", "MID1"), ("KEY", "0123456789abcdef")];

    private static (PaytmOptions? Options, List<string> Wrong) Read(params (string Name, string? Value)[] set)
    {
        var wrong = new List<string>();
        var values = set.ToDictionary(s => "GUILDHALL_PAYTM_" + s.Name, s => s.Value, StringComparer.Ordinal);
        return (PaytmSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build(), sandbox: false, new Uri("https://shop.test"), wrong), wrong);
    }

    [Fact]
    [Covers("M-21")]
    public void Nothing_set_is_no_gateway_and_all_of_it_is_one()
    {
        Read().ShouldSatisfyAllConditions(r => r.Options.ShouldBeNull(), r => r.Wrong.ShouldBeEmpty());
        var (options, wrong) = Read(Good);
        wrong.ShouldBeEmpty();
        (options!.Api.AbsoluteUri, options.Website, options.IsLive, options.Senders).ShouldBe(("https://secure.paytmpayments.com/", "DEFAULT", true, null));
    }

    [Theory]
    [InlineData("MID", null, "belong together"), InlineData("KEY", null, "belong together"), InlineData("KEY", "short", "16, 24 or 32"), InlineData("KEY", "guildhallSandbox", "is the sandbox's")]
    [InlineData("KEY_FILE", "/nowhere/key", "cannot be read")]
    [InlineData("API", "http://api.test", "must be https"), InlineData("SENDERS", "everybody", "GUILDHALL_PAYTM_SENDERS has everybody")]
    [Covers("M-21", "I-14")]
    public void Half_of_it_or_nonsense_stops_the_start_with_a_sentence(string name, string? value, string sentence)
    {
        var (options, wrong) = Read([.. Good.Where(g => g.Name != name), .. value is null ? [] : new[] { (name, (string?)value) }]);
        options.ShouldBeNull();
        wrong.ShouldContain(w => w.Contains(sentence, StringComparison.Ordinal));
    }
}
