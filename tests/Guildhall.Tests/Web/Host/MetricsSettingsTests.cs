using Guildhall.Operations.Metrics;
using Guildhall.Web.Host;

namespace Guildhall.Tests.Web.Host;

[Covers("O-3")]
public sealed class MetricsSettingsTests
{
    private static readonly string Token = new('t', 32);

    [Theory]
    [InlineData("http://127.0.0.1:9464", null)]
    [InlineData("http://[::1]:9464", null)]
    [InlineData("http://0.0.0.0:9464", "t")]
    [InlineData(null, "t")]
    [InlineData(null, null)]
    public void An_address_of_this_machine_or_a_token_will_do(string? listen, string? token)
    {
        var (options, where) = Read(listen, token, out var wrong);
        wrong.ShouldBeEmpty();
        where.ShouldBe(listen);
        options.ShouldBe(new MetricsOptions(listen is null ? null : 9464, token is null ? null : Token));
    }

    [Theory]
    [InlineData("http://0.0.0.0:9464", null, "GUILDHALL_METRICS_LISTEN is not an address of this machine alone")]
    [InlineData("http://10.1.2.3:9464", null, "GUILDHALL_METRICS_LISTEN is not an address of this machine alone")]
    [InlineData("http://metrics.example.com:9464", "t", "GUILDHALL_METRICS_LISTEN is like")]
    [InlineData("http://127.0.0.1:9464/metrics", null, "GUILDHALL_METRICS_LISTEN is like")]
    [InlineData("http://127.0.0.1:8080", null, "GUILDHALL_METRICS_LISTEN has the port")]
    public void What_would_show_them_to_everybody_does_not_start(string listen, string? token, string sentence)
    {
        Read(listen, token, out var wrong);
        wrong.ShouldHaveSingleItem().ShouldStartWith(sentence);
    }

    [Fact]
    public void A_token_that_can_be_guessed_does_not_start()
    {
        List<string> wrong = [];
        MetricsSettings.Read(null, "short", "http://0.0.0.0:8080", wrong);
        wrong.ShouldHaveSingleItem().ShouldStartWith("GUILDHALL_METRICS_TOKEN is shorter than 32");
    }

    [Theory]
    [InlineData("http://127.0.0.1:4318", true)]
    [InlineData("http://collector:4318", true)]
    [InlineData("http://10.0.0.5:4318", true)]
    [InlineData("https://otlp.example.com", true)]
    [InlineData("http://otlp.example.com", false)]
    [InlineData("http://203.0.113.9:4318", false)]
    [InlineData("nonsense", false)]
    public void Traces_go_by_https_or_to_a_machine_of_our_own(string endpoint, bool allowed)
    {
        List<string> wrong = [];
        Telemetry.Read(endpoint, wrong);
        wrong.Count.ShouldBe(allowed ? 0 : 1);
    }

    private static (MetricsOptions Options, string? Listen) Read(string? listen, string? token, out List<string> wrong)
    {
        wrong = [];
        return MetricsSettings.Read(listen, token is null ? null : Token, "http://0.0.0.0:8080", wrong);
    }
}
