namespace Guildhall.Tests.Web.Http;

public sealed class FrontDoorTests(ProductionWorld world) : IClassFixture<ProductionWorld>
{
    private readonly Visitor _visitor = world.Visitor();

    private Task<Answer> Plain(string method, string path) => As("plain", method, path, "guildhall.test");

    private Task<Answer> As(string arrives, string method, string path, string host) =>
        _visitor.Send(new HttpMethod(method), path, null, (ProductionWorld.Arrives, arrives), ("Host", host));

    [Theory]
    [Covers("asvs-4.1.2", "I-14", "O-5")]
    [InlineData("GET", "/api/v1/services")]
    [InlineData("POST", "/api/v1/auth/sign-in")]
    [InlineData("GET", "/api/nothing")]
    [InlineData("POST", "/sign-in")]
    public async Task Asvs_4_1_2_A_program_that_comes_unencrypted_is_refused_and_not_led_on(string method, string path)
    {
        var answer = (await Plain(method, path)).MustRefuse(FoundationRefusals.HttpsRequired);
        answer.Headers.ShouldNotContainKey("Location");
        (await As("https", method, path, "guildhall.test")).Status.ShouldNotBe(421);
    }

    [Fact]
    [Covers("asvs-4.1.2")]
    public async Task Asvs_4_1_2_A_person_who_typed_the_address_is_led_to_https_on_our_own_host_only()
    {
        (await Plain("GET", "/services?q=a&b=c")).Must(308).Headers["Location"].ShouldBe("https://guildhall.test/services?q=a&b=c");
        (await Plain("GET", "/%2F%2Fevil.test/x")).Must(308).Headers["Location"].ShouldStartWith("https://guildhall.test/");
        (await Plain("GET", "/health/live")).Must();
        (await _visitor.Send(HttpMethod.Get, "/api/v1/services", null, (ProductionWorld.Arrives, "plain"), ("Host", "guildhall.test"), ("X-Forwarded-Proto", "https")))
            .MustRefuse(FoundationRefusals.HttpsRequired);
    }

    [Theory]
    [Covers("I-14", "identity-44")]
    [InlineData("evil.test")]
    [InlineData("guildhall.test.evil.test")]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("xguildhall.test")]
    public async Task Another_host_is_not_answered_for(string host)
    {
        foreach (var path in new[] { "/", "/sign-in", "/api/v1/services", "/nothing" }) (await As("https", "GET", path, host)).MustRefuse(FoundationRefusals.WrongHost).Text.ShouldNotContain(host);
        (await As("https", "GET", "/health/live", host)).Must();
    }

    [Fact]
    [Covers("I-14")]
    public async Task The_products_own_host_is_answered_for_in_any_case_and_with_its_port()
    {
        foreach (var host in new[] { "guildhall.test", "GUILDHALL.test", "guildhall.test:443" }) (await As("https", "GET", "/api/v1/services", host)).Must();
    }

    [Theory]
    [Covers("asvs-3.4.1", "asvs-3.4.3", "asvs-3.4.4", "asvs-3.4.5", "asvs-3.4.6", "asvs-3.4.8", "identity-60", "asvs-16.5.1")]
    [InlineData("GET", "/", 200)]
    [InlineData("GET", "/health/live", 200)]
    [InlineData("GET", "/api/v1/services", 200)]
    [InlineData("GET", "/api/nothing", 404)]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("DELETE", "/api/v1/services", 405)]
    [InlineData("TRACE", "/", 405)]
    [InlineData("GET", "/api/test/bug", 500)]
    [InlineData("GET", "/bug", 500)]
    [InlineData("GET", "/account", 302)]
    [InlineData("GET", "/api/v1/me", 401)]
    [InlineData("POST", "/api/v1/auth/sign-in", 400)]
    public async Task Asvs_3_4_1_Every_answer_says_that_this_host_is_https_for_two_years_and_carries_the_other_headers(string method, string path, int status)
    {
        foreach (var accept in new[] { "text/html", "application/json" })
        {
            var answer = (await _visitor.Send(new HttpMethod(method), path, null, ("Accept", accept))).Must(status);
            answer.Headers["Strict-Transport-Security"].ShouldBe("max-age=63072000; includeSubDomains");
            answer.Headers["Content-Security-Policy"].ShouldContain("object-src 'none'");
            answer.Headers["Content-Security-Policy"].ShouldContain("base-uri 'none'");
            answer.Headers["Content-Security-Policy"].ShouldContain("frame-ancestors 'none'");
            answer.Headers["X-Content-Type-Options"].ShouldBe("nosniff");
            answer.Headers["Referrer-Policy"].ShouldBe("no-referrer");
            answer.Headers["Cross-Origin-Opener-Policy"].ShouldBe("same-origin");
            answer.Headers["X-Request-Id"].ShouldStartWith("req_");
            answer.Headers.ShouldNotContainKey("Server");
            answer.Text.ShouldNotContain("hunter2");
            answer.Text.ShouldNotContain("InvalidOperation");
            answer.Text.ShouldNotContain("   at ");
            answer.Text.ShouldNotContain("Kestrel");
        }
    }

    [Theory]
    [Covers("asvs-3.4.1")]
    [InlineData("plain", "guildhall.test", 403)]
    [InlineData("https", "evil.test", 421)]
    public async Task Asvs_3_4_1_So_do_the_refusals_of_the_door_itself(string arrives, string host, int status) =>
        (await As(arrives, "GET", "/api/v1/services", host)).Must(status).Headers["Strict-Transport-Security"].ShouldStartWith("max-age=63072000");

    [Theory]
    [Covers("asvs-4.1.4")]
    [InlineData("TRACE")]
    [InlineData("TRACK")]
    [InlineData("PROPFIND")]
    [InlineData("PATCH")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    [InlineData("BREW")]
    public async Task Asvs_4_1_4_A_method_that_the_route_does_not_list_is_refused(string method)
    {
        foreach (var path in new[] { "/api/v1/services", "/api/v1/auth/sign-in", "/sign-in" })
        {
            var answer = (await _visitor.Send(new HttpMethod(method), path)).Must(405);
            answer.Headers["X-Request-Id"].ShouldStartWith("req_");
        }
        (await _visitor.Send(HttpMethod.Post, "/api/v1/services", null, ("X-HTTP-Method-Override", "GET"))).Must(405);
    }

    [Theory]
    [Covers("asvs-13.4.2", "asvs-13.4.5")]
    [InlineData("/openapi/v1.json", 302)]
    [InlineData("/metrics", 404)]
    [InlineData("/swagger", 404)]
    [InlineData("/design", 404)]
    [InlineData("/dev/sign-in", 404)]
    [InlineData("/debug", 404)]
    [InlineData("/.git/config", 404)]
    [InlineData("/appsettings.json", 404)]
    [InlineData("/api/v1/sandbox/clock", 404)]
    [InlineData("/api/v1/admin/health", 401)]
    public async Task Asvs_13_4_2_What_is_for_those_who_run_it_is_not_public_in_production(string path, int status) =>
        (await _visitor.Get(path)).Must(status).Text.ShouldNotContain("openapi");
}
