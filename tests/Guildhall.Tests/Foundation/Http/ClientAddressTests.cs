using System.Net;
using System.Net.Http.Json;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Web.Host;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Tests.Foundation.Http;

/// <summary>Node 0 stands behind a proxy on this machine, node 1 behind none.</summary>
[Covers("identity-23", "asvs-15.3.4")]
public sealed class ClientAddressTests(ClientAddressTests.Setup world) : IClassFixture<ClientAddressTests.Setup>
{
    public sealed class Setup : NodesOnly
    {
        protected override int RateFactor => 1;

        internal override HostSettings Configure(HostSettings settings, int node) =>
            node == 0 ? settings with { TrustedProxies = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("fd00::/8")] } : settings;

        protected override void MapRoutes(IEndpointRouteBuilder routes)
        {
            routes.MapGet("/api/test/who", (Caller caller, HttpContext http) => $"{caller.Address} {http.Request.Scheme} {caller.AccountId}").ForAnyone().Limited(RateClass.None);
            routes.MapGet("/api/test/limited", (Caller caller) => caller.Address!.ToString()).ForAnyone().Limited(RateClass.Code);
        }
    }

    private static readonly IPNetwork[] Trusted = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("fd00::/8")];

    [Theory]
    [InlineData("203.0.113.9", "198.51.100.1", "203.0.113.9", "the socket is no proxy of ours: its words count for nothing")]
    [InlineData("10.0.0.1", "198.51.100.1", "198.51.100.1", "one hop")]
    [InlineData("10.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1", "the client wrote the first entry itself")]
    [InlineData("10.0.0.1", "6.6.6.6, 198.51.100.1, 10.2.0.1, 10.3.0.1", "198.51.100.1", "three proxies of ours")]
    [InlineData("10.0.0.1", "1.1.1.1, 2.2.2.2, 3.3.3.3, 4.4.4.4, 5.5.5.5, 6.6.6.6, 7.7.7.7, 8.8.8.8, 9.9.9.9, 198.51.100.1", "198.51.100.1", "a chain of ten hops, nine of them invented")]
    [InlineData("10.0.0.1", "10.9.9.9, 10.8.8.8", "10.9.9.9", "everybody is inside")]
    [InlineData("::ffff:10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1", "IPv4 in the shape of IPv6, on both sides")]
    [InlineData("::ffff:203.0.113.9", "198.51.100.1", "203.0.113.9", "the shape does not make it trusted")]
    [InlineData("fd00::1%7", "2001:db8::5", "2001:db8::5", "a zone at the socket")]
    [InlineData("10.0.0.1", "fe80::9%eth0", "fe80::9", "a zone in the header")]
    [InlineData("10.0.0.1", "198.51.100.1:4711", "198.51.100.1", "a port")]
    [InlineData("10.0.0.1", "[2001:db8::5]:4711", "2001:db8::5", "a port after IPv6")]
    [InlineData("10.0.0.1", "", "10.0.0.1", "nothing said")]
    [InlineData("10.0.0.1", "unknown", "10.0.0.1", "a word")]
    [InlineData("10.0.0.1", "198.51.100.1, _hidden, 10.2.0.1", "10.2.0.1", "what cannot be read ends the chain at the last that was")]
    [InlineData("10.0.0.1", "198.51.100.1,", "10.0.0.1", "an empty entry")]
    [InlineData("10.0.0.1", "1", "10.0.0.1", "a number is no address")]
    [InlineData("10.0.0.1", "0x7f.1", "10.0.0.1", "nor is this")]
    public void The_client_is_the_socket_or_what_a_proxy_of_ours_says(string socket, string forwarded, string client, string why) =>
        ClientAddress.Of(IPAddress.Parse(socket), forwarded, Trusted).Client.ToString().ShouldBe(client, why);

    [Fact]
    public void Several_header_lines_are_one_chain() =>
        ClientAddress.Of(IPAddress.Parse("10.0.0.1"), new([ "6.6.6.6, 198.51.100.1", "10.2.0.1" ]), Trusted).Client.ToString().ShouldBe("198.51.100.1");

    [Fact]
    public void Without_proxies_no_header_counts() => ClientAddress.Of(IPAddress.Parse("127.0.0.1"), "198.51.100.1", []).Client.ToString().ShouldBe("127.0.0.1");

    [Fact]
    public void A_chain_is_read_for_thirty_two_hops() =>
        ClientAddress.Of(IPAddress.Parse("10.0.0.1"), string.Join(", ", Enumerable.Range(1, 5000).Select(i => $"10.0.{i / 250}.{i % 250}")), Trusted).Hops.ShouldBe(32);

    [Theory]
    [InlineData("0.0.0.0/0")]
    [InlineData("::/0")]
    [InlineData("proxy.example")]
    public void Trust_in_everybody_or_in_a_name_is_no_network(string text) => ClientAddress.TryNetwork(text, leastBits: 7, out _).ShouldBeFalse();

    [Fact]
    [Covers("asvs-4.1.3")]
    public async Task Asvs_4_1_3_Headers_that_a_client_sends_about_itself_have_no_effect()
    {
        (string, string)[] lies =
        [
            ("X-Forwarded-For", "198.51.100.1"), ("X-Forwarded-Host", "evil.test"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Port", "1"), ("X-Real-IP", "198.51.100.1"), ("X-User-Id", Guid.NewGuid().ToString()),
            ("Forwarded", "for=198.51.100.1;proto=https"), ("True-Client-IP", "198.51.100.1"), ("X-Client-IP", "198.51.100.1"), ("CF-Connecting-IP", "198.51.100.1"), ("X-Original-URL", "/admin"),
        ];
        var direct = world.Visitor();
        direct.OnlyNode = 1;
        (await direct.Send(HttpMethod.Get, "/api/test/who", null, lies)).Must().Text.ShouldBe("127.0.0.1 http ");

        // The proxy's own words are the two it is there for.
        var proxied = world.Visitor();
        proxied.OnlyNode = 0;
        (await proxied.Send(HttpMethod.Get, "/api/test/who", null, lies)).Must().Text.ShouldBe("198.51.100.1 https ");
        (await proxied.Send(HttpMethod.Get, "/api/test/who", null, [.. lies.Skip(1)])).Must().Text.ShouldBe("127.0.0.1 http ");
    }

    [Fact]
    [Covers("asvs-15.3.4")]
    public async Task Asvs_15_3_4_The_limiter_counts_the_address_of_the_trusted_chain()
    {
        var proxied = world.Visitor();
        proxied.OnlyNode = 0;
        for (var i = 0; i < 5; i++) (await proxied.Send(HttpMethod.Get, "/api/test/limited", null, ("X-Forwarded-For", $"203.0.113.{i}, 198.51.100.77"))).Must();
        (await proxied.Send(HttpMethod.Get, "/api/test/limited", null, ("X-Forwarded-For", "203.0.113.99, 198.51.100.77"))).MustRefuse(FoundationRefusals.RateLimited);
        (await proxied.Send(HttpMethod.Get, "/api/test/limited", null, ("X-Forwarded-For", "198.51.100.78"))).Must();

        var direct = world.Visitor();
        direct.OnlyNode = 1;
        for (var i = 0; i < 5; i++) (await direct.Send(HttpMethod.Get, "/api/test/limited", null, ("X-Forwarded-For", $"203.0.113.{i}"))).Must();
        (await direct.Send(HttpMethod.Get, "/api/test/limited", null, ("X-Forwarded-For", "203.0.113.50"))).MustRefuse(FoundationRefusals.RateLimited);
    }

    [Fact]
    public async Task The_audit_has_the_address_of_the_trusted_chain()
    {
        var person = await world.NotYetSignedIn();
        var proxied = world.Visitor();
        proxied.OnlyNode = 0;
        (await proxied.Send(HttpMethod.Post, "auth/sign-in", JsonContent.Create(new { email = person.Email, password = Person.Password }), ("X-Forwarded-For", "6.6.6.6, 198.51.100.9"), ("X-Real-IP", "6.6.6.6"))).Must();
        (await world.Database.Value<string>("select host(address) from identity.sessions where account_id = $1", person.Id)).ShouldBe("198.51.100.9");
    }
}
