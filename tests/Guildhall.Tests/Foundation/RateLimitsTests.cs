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

        protected override void MapRoutes(IEndpointRouteBuilder routes)
        {
            routes.MapPost("/test/code", () => Results.Ok()).ForAnyone().Limited(RateClass.Code);
            routes.MapGet("/api/test/open", () => Results.Ok()).ForAnyone();
        }
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
    [Covers("identity-27")]
    public async Task The_headers_say_what_is_left_and_when_there_is_more()
    {
        var person = Guid.NewGuid().ToString();
        for (var left = 4; left >= 0; left--)
        {
            var answer = (await world.Visitor().Send(HttpMethod.Post, "/test/code", null, (TestCallers.Header, person))).Must();
            answer.Headers["RateLimit-Policy"].ShouldBe("\"code\";q=5;w=60");
            answer.Headers["RateLimit"].ShouldStartWith($"\"code\";r={left};t=");
            answer.Headers.ShouldNotContainKey("Retry-After");
        }
        var refused = (await world.Visitor().Send(HttpMethod.Post, "/test/code", null, (TestCallers.Header, person))).MustRefuse(FoundationRefusals.RateLimited);
        refused.Headers["RateLimit"].ShouldBe($"\"code\";r=0;t={refused.Headers["Retry-After"]}");
    }

    [Fact]
    public async Task Who_is_not_signed_in_may_ask_the_api_sixty_times_a_minute_and_for_a_token_ten_times()
    {
        RateLimits.All[RateClass.General].Anonymous.ShouldBe(new RateLimits.Limit(60, 60));
        RateLimits.All[RateClass.Auth].Anonymous.ShouldBe(new RateLimits.Limit(10, 60));
        var answer = (await world.Visitor().Send(HttpMethod.Get, "/api/test/open")).Must();
        answer.Headers["RateLimit-Policy"].ShouldBe("\"general\";q=60;w=60");
        (await world.Visitor().Send(HttpMethod.Get, "/api/test/open", null, (TestCallers.Header, Guid.NewGuid().ToString()))).Must().Headers["RateLimit-Policy"].ShouldBe("\"general\";q=1200;w=60");
        (await world.Visitor().Get("/health/live")).Must().Headers.ShouldNotContainKey("RateLimit");
        (await world.Visitor().Send(HttpMethod.Post, "/api/v1/auth/verify-email", System.Net.Http.Json.JsonContent.Create(new { token = "x" }))).Headers["RateLimit-Policy"].ShouldBe("\"auth\";q=10;w=60");
    }

    [Theory]
    [InlineData(60, 60, 0)]
    [InlineData(60, 60, 17_345)]
    [InlineData(20, 4, 3_999)]
    [InlineData(7, 60, 31_001)]
    [InlineData(1, 60, 59_000)]
    [InlineData(1200, 60, 45_678)]
    [Covers("identity-27")]
    public async Task A_drawn_limit_frees_when_it_said_and_not_a_second_earlier(int hits, int seconds, int phase)
    {
        var clock = new SetClock(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000 / seconds * seconds).AddMilliseconds(phase));
        var blocks = new RateBlocks(world.Data(), clock: clock);
        for (var i = 0; i < hits; i++) (await blocks.Take(_key, hits, seconds, default)).Allowed.ShouldBeTrue();
        for (var round = 0; round < 4; round++)
        {
            var told = await blocks.Take(_key, hits, seconds, default);
            (told.Allowed, told.Left).ShouldBe((false, 0));
            told.Seconds.ShouldBeInRange(1, 2 * seconds);
            var another = new RateBlocks(world.Data(), clock: clock); // a node that was not there
            clock.Now += TimeSpan.FromSeconds(told.Seconds - 1);
            (await blocks.Take(_key, hits, seconds, default)).Allowed.ShouldBeFalse();
            (await another.Take(_key, hits, seconds, default)).Allowed.ShouldBeFalse();
            clock.Now += TimeSpan.FromSeconds(1);
            var let = 0;
            while ((await (let % 2 == 0 ? blocks : another).Take(_key, hits, seconds, default)).Allowed) let++;
            let.ShouldBeGreaterThan(0);
            while ((await blocks.Take(_key, hits, seconds, default)).Allowed) { } // what it had drawn
            while ((await another.Take(_key, hits, seconds, default)).Allowed) { }
        }
    }

    [Fact]
    public async Task What_was_used_shortly_before_the_minute_turned_still_counts_after_it()
    {
        var clock = new SetClock(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000).AddSeconds(59));
        var blocks = new RateBlocks(world.Data(), clock: clock);
        for (var i = 0; i < 100; i++) (await blocks.Take(_key, 100, 60, default)).Allowed.ShouldBeTrue();
        clock.Now += TimeSpan.FromSeconds(2);
        var let = 0;
        for (var i = 0; i < 100; i++) if ((await blocks.Take(_key, 100, 60, default)).Allowed) let++;
        let.ShouldBe(1, "of the minute before, 59 in 60 are still inside");
        clock.Now += TimeSpan.FromSeconds(29);
        for (var i = 0; i < 100; i++) if ((await blocks.Take(_key, 100, 60, default)).Allowed) let++;
        let.ShouldBe(50);
    }

    private sealed class SetClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;
        public override DateTimeOffset GetUtcNow() => Now;
    }

    [Fact]
    [Covers("identity-25")]
    public async Task Two_hundred_thousand_keys_take_bounded_memory_and_nobody_who_is_refused_is_let_in_by_it()
    {
        // PostgreSQL does not answer, so that memory alone decides.
        var blocks = new RateBlocks(Unreachable(), maxKeys: 5000);
        for (var i = 0; i < 30; i++) await blocks.Take("offender", 30, 3600, default);
        (await blocks.Take("offender", 30, 3600, default)).Allowed.ShouldBeFalse();
        for (var i = 0; i < 200_000; i++)
        {
            await blocks.Take("key" + i, 30, 3600, default);
            if (i % 1000 == 0) blocks.Keys.ShouldBeLessThanOrEqualTo(11_000);
        }
        (await blocks.Take("offender", 30, 3600, default)).Allowed.ShouldBeFalse();
    }

    [Fact]
    [Covers("identity-25")]
    public async Task A_key_that_a_node_forgot_is_counted_on_where_postgresql_has_it()
    {
        var blocks = new RateBlocks(world.Data(), maxKeys: 50);
        for (var i = 0; i < 30; i++) (await blocks.Take(_key, 30, 3600, default)).Allowed.ShouldBeTrue();
        for (var i = 0; i < 300; i++) await blocks.Take($"{_key}-{i}", 30, 3600, default);
        for (var i = 0; i < 3; i++) (await new RateBlocks(world.Data()).Take(_key, 30, 3600, default)).Allowed.ShouldBeFalse();
    }

    [Fact]
    [Covers("asvs-16.5.2")]
    public async Task Asvs_16_5_2_Without_postgresql_exact_limits_let_nothing_through_and_traffic_goes_on_by_the_nodes_own_count()
    {
        var limits = new RateLimits(Unreachable());
        var nobody = new Caller { Kind = CallerKind.Anonymous, Address = IPAddress.Parse("203.0.113.80") };
        foreach (var rate in RateLimits.All.Where(r => r.Value.Exact).Select(r => r.Key))
            Problems.Of(await Should.ThrowAsync<Exception>(async () => await limits.Check(new DefaultHttpContext(), nobody, rate))).Status.ShouldBe(503, rate.ToString());
        Problems.Of(await Should.ThrowAsync<Exception>(() => new Quotas(Unreachable()).Take(Quotas.Exports, "x", default))).Status.ShouldBe(503);

        var let = 0;
        for (var i = 0; i < 100; i++) if (await limits.Check(new DefaultHttpContext(), nobody, RateClass.General) is null) let++;
        let.ShouldBeInRange(60, 120); // 120 when the minute turned meanwhile
    }

    private Guildhall.Foundation.Data.Database Unreachable() => new(Npgsql.NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=nobody;Database=none;Timeout=2"), new Guildhall.Foundation.Facts.FactBook([]),
        world.Get<Guildhall.Foundation.Jobs.JobBook>(), world.Get<StreamHints>(), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<Guildhall.Foundation.Data.Database>.Instance);

    [Fact]
    public async Task Two_nodes_together_let_no_more_general_traffic_through_than_the_limit()
    {
        var limit = RateLimits.All[RateClass.General].SignedIn;
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var caller = new Caller { Kind = CallerKind.Person, AccountId = Guid.NewGuid() }; // what the last one used in the minute before counts
            var window = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / limit.Seconds;
            var let = 0;
            await Parallel.ForEachAsync(Enumerable.Range(0, limit.Hits * 2), async (i, _) =>
            {
                if (await Limits(i % 2).Check(new DefaultHttpContext(), caller, RateClass.General) is null) Interlocked.Increment(ref let);
            });
            if (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / limit.Seconds != window) continue; // the minute turned: count again
            let.ShouldBe(limit.Hits);
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
