using System.Net;
using Guildhall.Foundation.Http;
using Guildhall.Tests.Operations.Webhooks;

namespace Guildhall.Tests.Foundation.Http;

public sealed class PublicConnectTests
{
    [Theory]
    [Covers("money-92")]
    [InlineData("127.0.0.1"), InlineData("127.8.9.10"), InlineData("0.0.0.0"), InlineData("10.1.2.3"), InlineData("172.31.255.255"), InlineData("192.168.0.1")]
    [InlineData("169.254.169.254"), InlineData("100.64.0.1"), InlineData("100.100.100.200"), InlineData("168.63.129.16"), InlineData("192.0.0.192"), InlineData("198.19.0.1")]
    [InlineData("224.0.0.1"), InlineData("239.255.255.255"), InlineData("255.255.255.255"), InlineData("240.0.0.1"), InlineData("203.0.113.7")]
    [InlineData("::"), InlineData("::1"), InlineData("::ffff:127.0.0.1"), InlineData("::ffff:10.0.0.1"), InlineData("::127.0.0.1"), InlineData("64:ff9b::7f00:1"), InlineData("64:ff9b:1::1")]
    [InlineData("fc00::1"), InlineData("fd00:ec2::254"), InlineData("fe80::1"), InlineData("ff02::1"), InlineData("2002:7f00:1::"), InlineData("2001::1"), InlineData("2001:db8::1")]
    public void An_inside_address_is_not_public(string address) => PublicConnect.IsPublic(IPAddress.Parse(address)).ShouldBeFalse();

    [Theory]
    [InlineData("1.1.1.1"), InlineData("172.32.0.1"), InlineData("100.128.0.1"), InlineData("2606:4700::1111"), InlineData("::ffff:1.1.1.1"), InlineData("64:ff9b::101:101")]
    public void An_outside_address_is(string address) => PublicConnect.IsPublic(IPAddress.Parse(address)).ShouldBeTrue();

    [Fact]
    [Covers("money-92", "asvs-1.3.6")]
    public async Task Asvs_1_3_6_A_name_that_changes_its_mind_after_the_check_is_judged_by_where_it_leads_when_connecting()
    {
        await using var inside = new Consumer();
        AllowedTarget.TryParse("127.0.0.1", out var allowed);
        var leads = "127.0.0.1";
        var connect = new PublicConnect([allowed!], plainHttp: true, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(leads)]));
        using var http = new HttpClient(connect.Handler());
        var address = new Uri($"http://rebinds.example:{inside.Port}/");
        (await http.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.OK);

        leads = "127.0.0.2"; // now it leads to where nobody is allowed
        using var later = new HttpClient(connect.Handler());
        (await Should.ThrowAsync<HttpRequestException>(() => later.GetAsync(address))).InnerException.ShouldBeOfType<NotPublicException>();
        leads = "::ffff:127.0.0.2";
        (await Should.ThrowAsync<HttpRequestException>(() => later.GetAsync(address))).InnerException.ShouldBeOfType<NotPublicException>();
        inside.Messages.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("10.1.0.0/16:8443", "10.1.200.3", 8443, true), InlineData("10.1.0.0/16:8443", "10.1.200.3", 443, false), InlineData("10.1.0.0/16", "10.2.0.1", 443, false)]
    [InlineData("[::1]:5090", "::1", 5090, true), InlineData("::1", "::1", 5090, true), InlineData("127.0.0.1", "127.0.0.1", 1, true)]
    public void What_the_operator_allows_is_allowed_and_no_more(string text, string address, int port, bool covered)
    {
        AllowedTarget.TryParse(text, out var target).ShouldBeTrue();
        target!.Covers(IPAddress.Parse(address), port).ShouldBe(covered);
    }

    [Theory, InlineData("example.com"), InlineData("10.0.0.1:99999"), InlineData("10.0.0.0/40"), InlineData("")]
    public void What_is_no_address_is_not_understood(string text) => AllowedTarget.TryParse(text, out _).ShouldBeFalse();
}
