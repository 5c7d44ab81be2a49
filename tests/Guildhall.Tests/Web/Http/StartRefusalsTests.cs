using System.Diagnostics;
using System.Security.Cryptography;
using Guildhall.Web.Host;
using Microsoft.Extensions.Configuration;

namespace Guildhall.Tests.Web.Http;

public sealed class StartRefusalsTests
{
    private static readonly Dictionary<string, string?> Good = new(StringComparer.Ordinal)
    {
        ["GUILDHALL_DATABASE"] = "Host=db.test;Username=guildhall_app;Database=guildhall;Ssl Mode=VerifyFull", ["GUILDHALL_URL"] = "https://guildhall.test", ["GUILDHALL_LISTEN"] = "http://10.0.0.5:8080",
        ["GUILDHALL_MASTER_KEY"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), ["GUILDHALL_STRIPE_KEY"] = "sk_live_51Nothing0fRealValue", ["GUILDHALL_TRUSTED_PROXIES"] = "10.0.0.0/24",
        ["GUILDHALL_STRIPE_WEBHOOK_SECRET"] = "whsec_51Nothing0fRealValue", ["GUILDHALL_SMTP"] = "smtps://mail.test", ["GUILDHALL_MAIL_FROM"] = "hello@guildhall.test",
    };

    private static (HostSettings? Settings, IReadOnlyList<string> Wrong) Read(bool development, params (string Name, string? Value)[] other)
    {
        var values = new Dictionary<string, string?>(Good, StringComparer.Ordinal);
        foreach (var (name, value) in other) values["GUILDHALL_" + name] = value;
        return HostSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build(), development);
    }

#if !DEBUG
    [Fact]
    public void Good_settings_start()
    {
        var (settings, wrong) = Read(development: false);
        wrong.ShouldBeEmpty();
        settings!.Https.ShouldBeTrue();
        settings.Sandbox.ShouldBeFalse();
    }
#endif

    [Theory]
    [Covers("I-14", "identity-59", "asvs-13.3.1")]
    [InlineData("DEV_SIGN_IN", "1", "developer's sign-in")]
    [InlineData("RATE_FACTOR", "1000", "weakens every limit")]
    [InlineData("SANDBOX_URL", "http://127.0.0.1:5090", "production has no sandbox")]
    [InlineData("MASTER_KEY", null, "must be 32 random bytes")]
    [InlineData("MASTER_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "is not random")]
    [InlineData("MASTER_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "is not random")]
    [InlineData("MASTER_KEY", "dGhpcyBpcyBhIHNlY3JldCBvZiB0aGlydHkgdHdvISE=", "is not random")]
    [InlineData("MASTER_KEY", "c2hvcnQ=", "must be 32 random bytes")]
    [InlineData("STRIPE_KEY", "sk_test_guildhall", "is the sandbox's")]
    [InlineData("STRIPE_KEY", "changeme", "a default that everybody knows")]
    [InlineData("STRIPE_KEY", null, "GUILDHALL_STRIPE_KEY is not set")]
    [InlineData("STRIPE_WEBHOOK_SECRET", "whsec_guildhall_sandbox", "is the sandbox's")]
    [InlineData("STRIPE_WEBHOOK_SECRET", "secret", "a default that everybody knows")]
    [InlineData("MODE", "prod", "it is `production` or `sandbox`")]
    public void Asvs_13_3_1_What_is_a_default_weak_or_for_trying_out_stops_a_production_start(string name, string? value, string sentence) => Refuses(sentence, (name, value));

    [Theory]
    [Covers("I-14", "identity-59", "asvs-12.2.1", "asvs-12.3.1")]
    [InlineData("URL", "http://guildhall.test", "must be https")]
    [InlineData("URL", "http://localhost:5080", "must be https")]
    [InlineData("DATABASE", "Host=db.test;Username=app;Database=guildhall", "Ssl Mode=VerifyFull")]
    [InlineData("DATABASE", "Host=db.test;Username=app;Database=guildhall;Ssl Mode=Require", "Ssl Mode=VerifyFull")]
    [InlineData("DATABASE_OWNER", "Host=db.test;Username=owner;Database=guildhall", "GUILDHALL_DATABASE_OWNER must say")]
    [InlineData("TRUSTED_PROXIES", ",", "GUILDHALL_TRUSTED_PROXIES is empty")]
    [InlineData("STRIPE_API", "http://stripe.test", "must be https")]
    [InlineData("SMTP", "http://mail.test", "GUILDHALL_SMTP is smtps://")]
    [InlineData("LISTEN", "https://0.0.0.0:443", "has no certificate")]
    [InlineData("TLS_KEY", "/nowhere/key.pem", "go together")]
    public void Asvs_12_2_1_A_connection_that_others_could_read_stops_a_production_start(string name, string value, string sentence) => Refuses(sentence, (name, value));

    [Fact]
    [Covers("I-14", "asvs-12.2.1")]
    public void A_certificate_that_is_not_there_stops_it_too() =>
        Refuses("cannot be read", ("LISTEN", "https://0.0.0.0:443"), ("TLS_CERTIFICATE", "/nowhere/cert.pem"), ("TLS_KEY", "/nowhere/key.pem"));

    [Fact]
    [Covers("I-14", "identity-59", "asvs-15.2.3")]
    public void Asvs_15_2_3_The_development_environment_does_not_start_in_production() =>
        Read(development: true).Wrong.ShouldContain(w => w.Contains("Unset ASPNETCORE_ENVIRONMENT", StringComparison.Ordinal));

    [Fact]
    [Covers("I-14", "asvs-15.2.3")]
    public async Task Asvs_15_2_3_The_developers_sign_in_is_in_no_release_build()
    {
        var compiled = Product.Modules["Identity"].GetTypes().Any(t => t.Name.Contains("DevSignIn", StringComparison.Ordinal));
#if DEBUG
        compiled.ShouldBeTrue();
#else
        compiled.ShouldBeFalse("whoever publishes this build publishes a way in");
#endif
        await using var app = Product.NotStarted();
        RouteCall.Of(app).ShouldNotContain(r => r.Pattern.StartsWith("/dev", StringComparison.Ordinal));
    }

    [Fact]
    [Covers("I-14", "identity-59")]
    public void The_sandbox_on_this_machine_starts_with_everything_that_is_for_trying_out() =>
        Read(false, ("MODE", "sandbox"), ("URL", "http://localhost:5080"), ("LISTEN", null), ("STRIPE_KEY", "sk_test_guildhall"), ("STRIPE_WEBHOOK_SECRET", "whsec_guildhall_sandbox"),
            ("DATABASE", "Host=127.0.0.1;Username=app;Database=guildhall"), ("RATE_FACTOR", "10"), ("STRIPE_API", "http://127.0.0.1:5090"), ("SMTP", "smtp://127.0.0.1:5091")).Wrong.ShouldBeEmpty();

    [Fact]
    [Covers("I-14", "identity-59")]
    public async Task The_program_itself_says_every_reason_and_ends()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "guildhall.dll"), "serve"]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["GUILDHALL_DEV_SIGN_IN"] = "1";
        start.Environment["GUILDHALL_URL"] = "http://guildhall.test";
        start.Environment["GUILDHALL_MASTER_KEY"] = Convert.ToBase64String(new byte[32]);
        using var process = Process.Start(start)!;
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(2);
        foreach (var sentence in new[] { "developer's sign-in", "must be https", "GUILDHALL_DATABASE is not set", "GUILDHALL_STRIPE_KEY is not set" }) said.ShouldContain(sentence);
        said.ShouldNotContain("   at ");
    }

    private static void Refuses(string sentence, params (string, string?)[] other)
    {
        var (settings, wrong) = Read(development: false, other);
        settings.ShouldBeNull();
        wrong.ShouldContain(w => w.Contains(sentence, StringComparison.Ordinal), string.Join('\n', wrong));
    }
}
