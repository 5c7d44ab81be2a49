using Guildhall.Money.Gateways.Knet;
using Guildhall.Web.Host.Gateways;
using Microsoft.Extensions.Configuration;

namespace Guildhall.Tests.Money.Gateways.Knet;

public sealed class KnetSettingsTests
{
    private static (KnetOptions? Options, List<string> Wrong) Read(bool sandbox, params (string Name, string? Value)[] other)
    {
        var values = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["GUILDHALL_KNET_TRANPORTAL_ID"] = "123456", ["GUILDHALL_KNET_TRANPORTAL_PASSWORD"] = "p!w-of_shop", ["GUILDHALL_KNET_RESOURCE_KEY"] = "A1B2C3D4E5F6G7H8",
        };
        foreach (var (name, value) in other) values["GUILDHALL_KNET_" + name] = value;
        var wrong = new List<string>();
        return (KnetSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build(), sandbox, new Uri("https://guildhall.test"), wrong), wrong);
    }

    [Fact]
    public void Three_values_are_enough_and_none_is_no_knet()
    {
        var (options, wrong) = Read(sandbox: false);
        wrong.ShouldBeEmpty();
        (options!.PageAt, options.Api, options.Refunds, options.Language, options.PageLasts).ShouldBe((new Uri("https://www.kpay.com.kw"), new Uri("https://www.kpay.com.kw"), false, "EN", 20.Minutes()));
        Read(false, ("TRANPORTAL_ID", null), ("TRANPORTAL_PASSWORD", null), ("RESOURCE_KEY", null)).Options.ShouldBeNull();
    }

    [Theory]
    [InlineData("TRANPORTAL_PASSWORD", null, "belong together")]
    [InlineData("RESOURCE_KEY", "", "belong together")]
    [InlineData("RESOURCE_KEY", "short", "16 characters")]
    [InlineData("TRANPORTAL_PASSWORD", "a&action=2", "but & %")]
    [InlineData("RESOURCE_KEY", "KnetSandboxKey16", "is the sandbox's")]
    [InlineData("TRANPORTAL_PASSWORD", "knetsandbox", "is the sandbox's")]
    [InlineData("API", "http://knet.test", "must be https")]
    [InlineData("PAGE", "http://127.0.0.1:5090", "must be https")]
    [InlineData("LANGUAGE", "FR", "EN or AR")]
    [InlineData("REFUNDS", "yes", "`on` or `off`")]
    [InlineData("PAGE_MINUTES", "0", "5 to 1440")]
    public void What_is_half_or_unsafe_stops_the_start_and_says_what_to_set(string name, string? value, string sentence)
    {
        var (options, wrong) = Read(sandbox: false, (name, value));
        options.ShouldBeNull();
        wrong.ShouldHaveSingleItem().ShouldContain(sentence);
    }

    [Fact]
    public void The_sandbox_may_be_plain_http_on_this_machine_only()
    {
        Read(true, ("API", "http://127.0.0.1:5090"), ("RESOURCE_KEY", "KnetSandboxKey16")).Options!.PageAt.ShouldBe(new Uri("http://127.0.0.1:5090"));
        Read(true, ("API", "http://10.0.0.1:5090")).Wrong.ShouldNotBeEmpty();
    }
}
