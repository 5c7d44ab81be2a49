using Guildhall.Identity.Passwords;
using Guildhall.Web.Host;
using Microsoft.Extensions.Configuration;

namespace Guildhall.Tests.Web.Host;

public sealed class HostSettingsTests
{
    private static readonly Dictionary<string, string?> Good = new(StringComparer.Ordinal)
    {
        ["GUILDHALL_URL"] = "https://guildhall.example", ["GUILDHALL_LISTEN"] = "http://0.0.0.0:8080", ["GUILDHALL_TRUSTED_PROXIES"] = "10.0.0.0/8, fd00::/8",
        ["GUILDHALL_MASTER_KEY"] = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)), ["GUILDHALL_DATABASE"] = "Host=db;Ssl Mode=VerifyFull",
        ["GUILDHALL_STRIPE_KEY"] = "sk_live_" + new string('k', 40), ["GUILDHALL_STRIPE_WEBHOOK_SECRET"] = "whsec_" + new string('s', 32),
    };

    [Fact]
    public void Behind_a_named_proxy_it_starts()
    {
        var (settings, wrong) = Read();
        wrong.ShouldBeEmpty();
        settings!.PasswordHash.ShouldBe(new HashRecipe("pbkdf2-sha512", 1, 210_000));
        settings.TrustedProxies.Select(n => n.ToString()).ShouldBe(["10.0.0.0/8", "fd00::/8"]);
    }

    [Fact]
    [Covers("identity-59")]
    public void Production_on_plain_http_without_a_list_of_proxies_does_not_start() =>
        Read(("GUILDHALL_TRUSTED_PROXIES", null)).Wrong.ShouldHaveSingleItem().ShouldStartWith("GUILDHALL_TRUSTED_PROXIES is empty");

    [Theory]
    [InlineData("https://0.0.0.0:443")]
    [InlineData(null)]
    public void Who_ends_tls_itself_needs_no_proxy(string? listen) => Read(("GUILDHALL_TRUSTED_PROXIES", null), ("GUILDHALL_LISTEN", listen),
        ("GUILDHALL_TLS_CERTIFICATE", typeof(HostSettings).Assembly.Location), ("GUILDHALL_TLS_KEY", typeof(HostSettings).Assembly.Location)).Wrong.ShouldBeEmpty();

    [Theory]
    [InlineData("0.0.0.0/0")]
    [InlineData("10.0.0.0/8,nonsense")]
    [Covers("identity-59")]
    public void Trust_in_everybody_or_in_a_word_does_not_start(string proxies) => Read(("GUILDHALL_TRUSTED_PROXIES", proxies)).Wrong.ShouldHaveSingleItem().ShouldStartWith("GUILDHALL_TRUSTED_PROXIES has");

    [Fact]
    [Covers("identity-59", "identity-23")]
    public void The_frameworks_own_trust_in_every_proxy_does_not_start() =>
        Read(("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true")).Wrong.ShouldHaveSingleItem().ShouldStartWith("ASPNETCORE_FORWARDEDHEADERS_ENABLED");

    private static (HostSettings? Settings, IReadOnlyList<string> Wrong) Read(params (string Name, string? Value)[] changes)
    {
        var values = new Dictionary<string, string?>(Good, StringComparer.Ordinal);
        foreach (var (name, value) in changes) values[name] = value;
        return HostSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build(), development: false);
    }
}
