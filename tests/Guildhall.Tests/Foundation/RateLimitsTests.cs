using System.Globalization;
using System.Net;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Tests.Foundation;

[Covers("I-10")]
public sealed class RateLimitsTests(RateLimitsTests.Setup world) : IClassFixture<RateLimitsTests.Setup>
{
    public sealed class Setup : NodesOnly
    {
        protected override int RateFactor => 1;
        protected override void Adjust(WebApplicationBuilder builder, int node) => builder.Services.AddSingleton<IStartupFilter, TestCallers>();
        protected override void MapRoutes(IEndpointRouteBuilder routes) => routes.MapPost("/test/code", () => Results.Ok()).ForAnyone().Limited(RateClass.Code);
    }

    private readonly string _key = Guid.NewGuid().ToString("n");

    [Fact]
    public async Task Of_forty_at_once_on_two_nodes_exactly_five_are_let_through()
    {
        var (visitor, person) = (world.Visitor(), Guid.NewGuid().ToString());
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => visitor.Send(HttpMethod.Post, "/test/code", null, (TestCallers.Header, person))));
        answers.Count(a => a.Status == 200).ShouldBe(5);
        answers.Where(a => a.Status != 200).ShouldAllBe(a => a.MustRefuse(FoundationRefusals.RateLimited) != null);
        answers.Where(a => a.Status != 200).Select(a => int.Parse(a.Headers["Retry-After"], CultureInfo.InvariantCulture)).ShouldAllBe(s => s >= 50 && s <= 60);
    }

    [Fact]
    public async Task Who_waits_as_long_as_told_is_let_through_and_who_comes_earlier_is_not()
    {
        for (var i = 0; i < 3; i++) (await Limits(i % 2).Hit(_key, 3, 3, default)).ShouldBeNull();
        var told = (await Limits(0).Hit(_key, 3, 3, default)).ShouldNotBeNull();
        told.ShouldBeInRange(1, 3);
        var first = await world.Database.Value<DateTime>("select hits[1] from foundation.rate_hits where key = $1", _key);

        await Task.Delay(TimeSpan.FromSeconds(told - 1.5)); // real time is what a limit counts
        (await Limits(1).Hit(_key, 3, 3, default)).ShouldNotBeNull();
        var wait = first.AddSeconds(3.02) - DateTime.UtcNow;
        if (wait > TimeSpan.Zero) await Task.Delay(wait);
        (await Limits(1).Hit(_key, 3, 3, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_refused_request_is_not_counted()
    {
        for (var i = 0; i < 20; i++) await Limits(i % 2).Hit(_key, 4, 60, default);
        (await world.Database.Value<int>("select cardinality(hits) from foundation.rate_hits where key = $1", _key)).ShouldBe(4);
    }

    [Fact]
    public async Task General_traffic_overshoots_by_no_more_than_a_block_per_node()
    {
        var limit = RateLimits.All[RateClass.General].SignedIn;
        var caller = new Caller { Kind = CallerKind.Person, AccountId = Guid.NewGuid() };
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var window = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / limit.Seconds;
            var let = 0;
            await Parallel.ForEachAsync(Enumerable.Range(0, limit.Hits * 2), async (i, _) =>
            {
                if (await Limits(i % 2).Check(new DefaultHttpContext(), caller, RateClass.General) is null) Interlocked.Increment(ref let);
            });
            if (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / limit.Seconds != window) continue; // the minute turned: count again
            let.ShouldBeInRange(limit.Hits, limit.Hits + (2 * limit.Hits / 10));
            return;
        }
        Assert.Fail("three times a minute turned while counting");
    }

    [Fact]
    public async Task Two_people_behind_one_address_are_counted_apart()
    {
        var visitor = world.Visitor();
        for (var i = 0; i < 5; i++) (await visitor.Send(HttpMethod.Post, "/test/code", null, (TestCallers.Header, Guid.NewGuid().ToString()))).Must();
    }

    [Theory]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:3::1", "2001:db8:1:3::/64")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("203.0.113.7", "203.0.113.7")]
    public void An_ipv6_network_is_one_address(string address, string key) => RateLimits.AddressKey(IPAddress.Parse(address)).ShouldBe(key);

    private RateLimits Limits(int node) => world.Get<RateLimits>(node);
}
