using Guildhall.Money.Gateways.MyFatoorah;
using Guildhall.Web.Host.Gateways;
using Microsoft.Extensions.Configuration;

namespace Guildhall.Tests.Money.Gateways.MyFatoorah;

public sealed class MyFatoorahSettingsTests
{
    private static (MyFatoorahOptions? Options, List<string> Wrong) Read(bool sandbox, params (string Name, string? Value)[] other)
    {
        var values = new Dictionary<string, string?>(StringComparer.Ordinal) { ["GUILDHALL_MYFATOORAH_TOKEN"] = "a-token", ["GUILDHALL_MYFATOORAH_WEBHOOK_SECRET"] = "one==, two/+" };
        foreach (var (name, value) in other) values["GUILDHALL_MYFATOORAH_" + name] = value;
        var wrong = new List<string>();
        return (MyFatoorahSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build(), sandbox, new Uri("https://guildhall.test"), wrong), wrong);
    }

    [Fact]
    public void Token_and_secret_are_enough_and_none_is_no_myfatoorah()
    {
        var (options, wrong) = Read(sandbox: false);
        wrong.ShouldBeEmpty();
        (options!.Api, options.PagesAt, options.Currency.Code, options.Language).ShouldBe((new Uri("https://api.myfatoorah.com"), new Uri("https://portal.myfatoorah.com"), "KWD", "EN"));
        options.WebhookSecrets.ShouldBe(["one==", "two/+"]);
        Read(false, ("TOKEN", null), ("WEBHOOK_SECRET", null)).Options.ShouldBeNull();
    }

    [Theory]
    [InlineData("https://apitest.myfatoorah.com", "https://demo.myfatoorah.com", "KWD")]
    [InlineData("https://api-sa.myfatoorah.com", "https://sa.myfatoorah.com", "SAR")]
    [InlineData("https://api-eg.myfatoorah.com", "https://eg.myfatoorah.com", "EGP")]
    public void The_country_s_host_says_currency_and_pages(string api, string pages, string currency)
    {
        var options = Read(false, ("API", api)).Options!;
        (options.PagesAt, options.Currency.Code).ShouldBe((new Uri(pages), currency));
    }

    [Theory]
    [InlineData("TOKEN", null, "belong together")]
    [InlineData("WEBHOOK_SECRET", " , ", "belong together")]
    [InlineData("TOKEN", "guildhall_sandbox_myfatoorah_token", "is the sandbox's")]
    [InlineData("WEBHOOK_SECRET", "x,guildhall_sandbox_myfatoorah_secret", "is the sandbox's")]
    [InlineData("TOKEN", "two lines\nof it", "one line")]
    [InlineData("API", "http://mf.test", "must be https")]
    [InlineData("PAGES", "http://127.0.0.1:5090", "must be https")]
    [InlineData("CURRENCY", "KWT", "base currency")]
    [InlineData("LANGUAGE", "FR", "EN or AR")]
    public void What_is_half_or_unsafe_stops_the_start_and_says_what_to_set(string name, string? value, string sentence)
    {
        var (options, wrong) = Read(sandbox: false, (name, value));
        options.ShouldBeNull();
        wrong.ShouldHaveSingleItem().ShouldContain(sentence);
    }

    [Fact]
    public void The_sandbox_may_be_plain_http_on_this_machine_only()
    {
        Read(true, ("API", "http://127.0.0.1:5090"), ("TOKEN", "guildhall_sandbox_myfatoorah_token")).Options!.PagesAt.ShouldBe(new Uri("http://127.0.0.1:5090"));
        Read(true, ("API", "http://10.0.0.1:5090")).Wrong.ShouldNotBeEmpty();
    }
}
