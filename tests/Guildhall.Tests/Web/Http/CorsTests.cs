using Guildhall.Web.Host;

namespace Guildhall.Tests.Web.Http;

public sealed class CorsTests(ProductionWorld world) : IClassFixture<ProductionWorld>
{
    private readonly Visitor _visitor = world.Visitor();

    private Task<Answer> From(string origin, string method = "GET", string path = "/api/v1/services", params (string, string)[] also) =>
        _visitor.Send(new HttpMethod(method), path, null, [("Origin", origin), .. also]);

    [Theory]
    [Covers("asvs-3.4.2", "O-5")]
    [InlineData("https://shop.test")]
    [InlineData("https://shop.test:8443")]
    [InlineData("https://portal.test")]
    public async Task Asvs_3_4_2_A_listed_site_reads_the_api_without_cookies(string origin)
    {
        var answer = (await From(origin)).Must();
        answer.Headers["Access-Control-Allow-Origin"].ShouldBe(origin);
        answer.Headers["Vary"].ShouldContain("Origin");
        answer.Headers.ShouldNotContainKey("Access-Control-Allow-Credentials");
        answer.Headers["Access-Control-Expose-Headers"].ShouldContain("Retry-After");
        (await From(origin, path: "/api/v1/me")).Must(401).Headers["Access-Control-Allow-Origin"].ShouldBe(origin);

        var asked = (await From(origin, "OPTIONS", "/api/v1/auth/sign-in", ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "content-type"))).Must(204);
        asked.Headers["Access-Control-Allow-Origin"].ShouldBe(origin);
        asked.Headers["Access-Control-Allow-Methods"].ShouldContain("POST");
        asked.Headers["Access-Control-Allow-Headers"].ShouldContain("Authorization");
        asked.Headers.ShouldNotContainKey("Access-Control-Allow-Credentials");
        asked.Headers["X-Content-Type-Options"].ShouldBe("nosniff");
    }

    [Theory]
    [Covers("asvs-3.4.2")]
    [InlineData("https://evil.test")]
    [InlineData("http://shop.test")]
    [InlineData("https://shop.test.evil.test")]
    [InlineData("https://evilshop.test")]
    [InlineData("https://shop.test:9443")]
    [InlineData("https://SHOP.test")]
    [InlineData("http://portal.test")]
    [InlineData("https://sub.portal.test")]
    [InlineData("null")]
    [InlineData("*")]
    [InlineData("https://shop.test, https://evil.test")]
    public async Task Asvs_3_4_2_An_unlisted_one_is_never_reflected(string origin)
    {
        var answer = (await From(origin)).Must();
        answer.Headers.ShouldNotContainKey("Access-Control-Allow-Origin");
        answer.Headers["Vary"].ShouldContain("Origin");
        var asked = await From(origin, "OPTIONS", "/api/v1/auth/sign-in", ("Access-Control-Request-Method", "POST"));
        asked.Headers.ShouldNotContainKey("Access-Control-Allow-Origin");
        asked.Status.ShouldBe(405);
    }

    [Fact]
    [Covers("asvs-3.4.2")]
    public async Task Asvs_3_4_2_Pages_are_for_no_other_site()
    {
        foreach (var path in new[] { "/", "/sign-in", "/health/live", "/.well-known/jwks.json" })
            (await From("https://shop.test", path: path)).Headers.ShouldNotContainKey("Access-Control-Allow-Origin");
    }

    [Theory]
    [Covers("asvs-3.4.2", "O-5")]
    [InlineData("portal.test", false, new[] { "https://portal.test" })]
    [InlineData("portal.test:8443", false, new[] { "https://portal.test:8443" })]
    [InlineData("portal.test", true, new[] { "https://portal.test", "http://portal.test" })]
    public void The_portal_is_let_in_by_https_and_in_development_by_http_too(string domain, bool development, string[] expected)
    {
        var wrong = new List<string>();
        AllowedOrigins.Read(null, domain, development, wrong).ShouldBe(expected, ignoreOrder: true);
        wrong.ShouldBeEmpty();
    }

    [Theory]
    [Covers("asvs-3.4.2")]
    [InlineData("*", null)]
    [InlineData("https://*.shop.test", null)]
    [InlineData("https://shop.test/path", null)]
    [InlineData("https://shop.test/", null)]
    [InlineData("http://shop.test", null)]
    [InlineData("shop.test", null)]
    [InlineData("null", null)]
    [InlineData("https://user@shop.test", null)]
    [InlineData(null, "https://portal.test")]
    [InlineData(null, "portal.test/path")]
    [InlineData(null, "*.portal.test")]
    public void What_is_no_single_origin_stops_the_start(string? listed, string? portal)
    {
        var wrong = new List<string>();
        AllowedOrigins.Read(listed, portal, development: false, wrong);
        wrong.ShouldHaveSingleItem().ShouldStartWith(listed is null ? "GUILDHALL_PORTAL_DOMAIN" : "GUILDHALL_CORS");
    }
}
