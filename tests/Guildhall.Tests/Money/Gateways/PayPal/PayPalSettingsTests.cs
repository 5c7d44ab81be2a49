using System.Security.Cryptography;
using Guildhall.Money.Gateways.PayPal;
using Guildhall.Web.Host;
using Microsoft.Extensions.Configuration;

namespace Guildhall.Tests.Money.Gateways.PayPal;

[Covers("M-21", "O-1")]
public sealed class PayPalSettingsTests
{
    private static readonly Dictionary<string, string?> Good = new(StringComparer.Ordinal)
    {
        ["GUILDHALL_DATABASE"] = "Host=db.test;Username=guildhall_app;Database=guildhall;Ssl Mode=VerifyFull", ["GUILDHALL_URL"] = "https://guildhall.test", ["GUILDHALL_LISTEN"] = "http://10.0.0.5:8080",
        ["GUILDHALL_MASTER_KEY"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), ["GUILDHALL_STRIPE_KEY"] = "sk_live_51Nothing0fRealValue", ["GUILDHALL_TRUSTED_PROXIES"] = "10.0.0.0/24",
        ["GUILDHALL_STRIPE_WEBHOOK_SECRET"] = "whsec_51Nothing0fRealValue", ["GUILDHALL_PAYPAL_CLIENT_ID"] = "AXs0meClient", ["GUILDHALL_PAYPAL_SECRET"] = "EPs0meSecret", ["GUILDHALL_PAYPAL_WEBHOOK_ID"] = "1JE4291016473214C, 9AB",
    };

    private static (PayPalOptions? PayPal, string[] Wrong) Read(params (string Name, string? Value)[] other)
    {
        var values = new Dictionary<string, string?>(Good, StringComparer.Ordinal);
        foreach (var (name, value) in other) values["GUILDHALL_" + name] = value;
        var (settings, wrong) = HostSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build(), development: false);
        return (settings?.PayPal, [.. wrong.Where(w => w.Contains("PAYPAL", StringComparison.Ordinal))]);
    }

    // Only a Release build starts in production: the sentences are the same in every build.
    [Fact]
    public void Set_up_whole_it_is_there_and_live()
    {
        var (paypal, wrong) = Read(("MODE", "sandbox"), ("URL", "http://localhost:5080"));
        wrong.ShouldBeEmpty();
        (paypal!.Api.Host, paypal.Pages.AbsoluteUri, paypal.IsLive).ShouldBe(("api-m.paypal.com", "https://www.paypal.com/", true));
        paypal.WebhookIds.ShouldBe(["1JE4291016473214C", "9AB"]);
        (paypal.Payouts, Read(("MODE", "sandbox"), ("URL", "http://localhost:5080"), ("PAYPAL_PAYOUTS", "true")).PayPal!.Payouts).ShouldBe((false, true));
        Read().Wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Paypals_own_sandbox_is_no_live_set_up()
    {
        var (paypal, _) = Read(("MODE", "sandbox"), ("URL", "http://localhost:5080"), ("PAYPAL_API", "https://api-m.sandbox.paypal.com"));
        (paypal!.Pages.AbsoluteUri, paypal.IsLive).ShouldBe(("https://www.sandbox.paypal.com/", false));
        var (here, _) = Read(("MODE", "sandbox"), ("URL", "http://localhost:5080"), ("PAYPAL_API", "http://127.0.0.1:5090"));
        (here!.Pages.AbsoluteUri, here.IsLive).ShouldBe(("http://127.0.0.1:5090/", false));
    }

    [Fact]
    public void Without_any_of_it_there_is_no_paypal()
    {
        var (paypal, wrong) = Read(("PAYPAL_CLIENT_ID", null), ("PAYPAL_SECRET", null), ("PAYPAL_WEBHOOK_ID", null), ("MODE", "sandbox"), ("URL", "http://localhost:5080"));
        (paypal, wrong.Length).ShouldBe((null, 0));
    }

    [Theory]
    [InlineData("PAYPAL_CLIENT_ID", null, "belong together")]
    [InlineData("PAYPAL_SECRET", null, "belong together")]
    [InlineData("PAYPAL_WEBHOOK_ID", null, "belong together")]
    [InlineData("PAYPAL_WEBHOOK_ID", " , ", "belong together")]
    [InlineData("PAYPAL_SECRET", "guildhall_sandbox_paypal_secret", "is the sandbox's")]
    [InlineData("PAYPAL_CLIENT_ID", "guildhall_sandbox_paypal", "is the sandbox's")]
    [InlineData("PAYPAL_WEBHOOK_ID", "WEBHOOK_ID", "simulator")]
    [InlineData("PAYPAL_WEBHOOK_ID", "1JE4291016473214C,WHGUILDHALLSANDBOX", "simulator")]
    [InlineData("PAYPAL_API", "http://api-m.paypal.com", "must be https")]
    [InlineData("PAYPAL_PAYOUTS", "yes", "is true or false")]
    [InlineData("PAYPAL_API", "http://127.0.0.1:5090", "must be https")]
    [InlineData("PAYPAL_API", "api-m.paypal.com", "absolute address")]
    public void Set_up_in_part_or_with_what_everybody_knows_it_stops_a_production_start(string name, string? value, string sentence) => Read((name, value)).Wrong.ShouldHaveSingleItem().ShouldContain(sentence);
}
