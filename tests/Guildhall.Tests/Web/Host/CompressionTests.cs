namespace Guildhall.Tests.Web.Host;

[Covers("O-5")]
public sealed class CompressionTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    private static readonly (string, string) Accepts = ("Accept-Encoding", "br, gzip");

    [Theory]
    [InlineData("/api/v1/services", null, true)]
    [InlineData("/api/v1/services", "Cookie", false)]
    [InlineData("/api/v1/services", "Authorization", false)]
    [InlineData("/sign-in", null, false)]
    [InlineData("/sign-in", "Cookie", false)]
    public async Task What_may_hold_a_secret_is_never_compressed(string path, string? sent, bool compressed)
    {
        (string, string)[] headers = sent switch { null => [Accepts], "Cookie" => [Accepts, ("Cookie", "other=1")], _ => [Accepts, ("Authorization", "Basic x")] };
        var answer = await world.Visitor().Send(HttpMethod.Get, path, null, headers);
        answer.Headers.ContainsKey("Content-Encoding").ShouldBe(compressed, answer.ToString());
    }

    [Fact]
    public async Task Styles_are_compressed_for_everybody()
    {
        var page = (await world.Visitor().Get("/sign-in")).Must().Text;
        var sheet = System.Text.RegularExpressions.Regex.Match(page, "href=\"(/[^\"]+\\.css[^\"]*)\"", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)).Groups[1].Value;
        (await world.Visitor().Send(HttpMethod.Get, sheet, null, Accepts, ("Cookie", "other=1"))).Must().Headers["Content-Encoding"].ShouldBe("br");
    }
}
