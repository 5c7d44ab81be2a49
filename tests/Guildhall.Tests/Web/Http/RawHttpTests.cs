using System.Text;

namespace Guildhall.Tests.Web.Http;

/// <summary>Requests made by hand: where a body ends, and bodies without an end.</summary>
public sealed class RawHttpTests(RawHttpTests.Setup world) : IClassFixture<RawHttpTests.Setup>
{
    public sealed class Setup : NodesOnly
    {
        protected override int NodeCount => 1;
    }

    private const string Head = "POST /api/v1/auth/sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

    [Theory]
    [Covers("asvs-4.2.1", "identity-49")]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /api/v1/me HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\nGET /api/v1/me HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!")]
    [InlineData("Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Content-Length: -1\r\n\r\n")]
    [InlineData("Content-Length: 1,1\r\n\r\nx")]
    [InlineData("Content-Length : 5\r\n\r\nhello")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n")]
    public async Task Asvs_4_2_1_A_body_whose_end_can_be_read_in_two_ways_is_refused_and_the_connection_closed(string rest)
    {
        var answer = await RawHttp.Ask(world.Addresses[0], Head + rest);
        answer.ShouldMatch("^HTTP/1\\.1 (?:400|411|501)");
        answer.ShouldNotContain("(still open)");
        Answers(answer).ShouldBe(1, "what was hidden behind it is not a request");
    }

    [Theory]
    [Covers("asvs-4.2.1")]
    [InlineData("GET /api/v1/services HTTP/1.1\r\n\r\n")]
    [InlineData("GET /api/v1/services HTTP/1.1\r\nHost: localhost\r\nHost: evil.test\r\n\r\n")]
    [InlineData("GET http://evil.test/api/v1/services HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET /api/v1/services HTTP/1.1\r\nHost: local host\r\n\r\n")]
    [InlineData("GET /api/v1/serv\0ices HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    public async Task A_request_that_names_no_host_or_two_is_refused(string request) =>
        (await RawHttp.Ask(world.Addresses[0], request)).ShouldMatch("^HTTP/1\\.1 (?:400|421)");

    [Fact]
    [Covers("asvs-5.2.1", "identity-49")]
    public async Task Asvs_5_2_1_A_body_of_31_megabytes_is_refused_before_it_is_sent()
    {
        foreach (var path in new[] { "/api/v1/auth/sign-in", "/sign-in", "/api/v1/webhooks/stripe" })
        {
            var answer = await RawHttp.Ask(world.Addresses[0], $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 32505856\r\nStripe-Signature: t=1,v1=x\r\n\r\n");
            answer.ShouldStartWith("HTTP/1.1 413", customMessage: path);
        }
    }

    [Fact]
    [Covers("asvs-5.2.1", "identity-49")]
    public async Task Asvs_5_2_1_A_body_without_an_end_is_cut_off_at_the_limit()
    {
        var sent = 0L;
        var answer = await RawHttp.Ask(world.Addresses[0], Head + "Transfer-Encoding: chunked\r\n\r\n", async stream =>
        {
            var chunk = Encoding.ASCII.GetBytes("4000\r\n" + new string('[', 0x4000) + "\r\n");
            for (; sent < 64_000_000; sent += 0x4000) await stream.WriteAsync(chunk);
        });
        answer.ShouldMatch("^HTTP/1\\.1 (?:413|400)");
        sent.ShouldBeLessThan(32_000_000);
    }

    [Fact]
    [Covers("identity-49")]
    public async Task Headers_without_an_end_are_cut_off_too()
    {
        (await RawHttp.Ask(world.Addresses[0], "GET / HTTP/1.1\r\nHost: localhost\r\n" + string.Concat(Enumerable.Range(0, 100).Select(i => $"X-{i}: a\r\n")) + "\r\n")).ShouldStartWith("HTTP/1.1 431");
        (await RawHttp.Ask(world.Addresses[0], $"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: {new string('a', 40_000)}\r\n\r\n")).ShouldStartWith("HTTP/1.1 431");
        (await RawHttp.Ask(world.Addresses[0], $"GET /{new string('a', 10_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n")).ShouldStartWith("HTTP/1.1 414");
    }

    private static int Answers(string text) => text.Split("HTTP/1.1 ").Length - 1;
}
