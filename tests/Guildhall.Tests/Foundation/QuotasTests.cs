using System.Globalization;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Tests.Foundation;

[Covers("I-10", "identity-52")]
public sealed class QuotasTests(QuotasTests.Setup world) : IClassFixture<QuotasTests.Setup>
{
    private static readonly Quota Daily = new("test_daily", 3, QuotaPeriod.Day, "");

    public sealed class Setup : NodesOnly
    {
        protected override void Adjust(WebApplicationBuilder builder, int node) => builder.Services.AddSingleton<IStartupFilter, TestCallers>();

        protected override void MapRoutes(IEndpointRouteBuilder routes)
        {
            routes.MapGet("/api/test/export", () => Results.Ok()).RequiresSignIn().UnderQuota(Daily);
            routes.MapGet("/api/test/free", () => Results.Ok()).RequiresSignIn();
        }
    }

    private readonly string _subject = Guid.NewGuid().ToString();

    [Theory]
    [InlineData(QuotaPeriod.Day)]
    [InlineData(QuotaPeriod.Month)]
    public async Task Of_a_thousand_at_once_exactly_a_hundred_are_let_through_and_again_after_the_turn(QuotaPeriod period)
    {
        var quota = new Quota("test_race", 100, period, "");
        (await AtOnce(quota)).ShouldBe(100);
        (await AtOnce(quota)).ShouldBe(0);
        await world.Clock.Passes(UntilTurn(period) - TimeSpan.FromSeconds(5));
        (await AtOnce(quota, 20)).ShouldBe(0);
        await world.Clock.Passes(TimeSpan.FromSeconds(10));
        (await AtOnce(quota)).ShouldBe(100);
        (await AtOnce(quota)).ShouldBe(0);
    }

    [Fact]
    public async Task A_node_that_is_ahead_or_behind_at_midnight_takes_nothing_from_the_other_day()
    {
        for (var i = 0; i < 2; i++) (await Quotas(i).Take(Daily, _subject, default)).ShouldBeNull();
        await world.Database.Execute("insert into foundation.rate_windows (key, window_no, taken, expires_at) select key, window_no + 1, 3, expires_at from foundation.rate_windows where key = $1", "quota:test_daily:" + _subject);
        (await Quotas(0).Take(Daily, _subject, default)).ShouldBeNull();
        (await Quotas(1).Take(Daily, _subject, default)).ShouldNotBeNull();
        await world.Clock.Passes(UntilTurn(QuotaPeriod.Day) + TimeSpan.FromSeconds(1));
        (await Quotas(0).Take(Daily, _subject, default)).ShouldNotBeNull("the node that was ahead had let three through for this day");
    }

    [Fact]
    public async Task A_route_under_a_quota_says_when_it_begins_anew()
    {
        var person = Guid.NewGuid().ToString();
        for (var i = 0; i < 3; i++) (await Gets("/api/test/export", person)).Must();
        var refused = (await Gets("/api/test/export", person)).MustRefuse(FoundationRefusals.QuotaUsedUp);
        refused.Word("quota").ShouldBe("test_daily");
        int.Parse(refused.Headers["Retry-After"], CultureInfo.InvariantCulture).ShouldBeInRange((int)UntilTurn(QuotaPeriod.Day).TotalSeconds - 5, (int)UntilTurn(QuotaPeriod.Day).TotalSeconds + 5);
        (await Gets("/api/test/free", person)).Must();
        (await Gets("/api/test/export", Guid.NewGuid().ToString())).Must();
        (await world.Visitor().Send(HttpMethod.Get, "/api/test/export")).MustRefuse(FoundationRefusals.SignInFirst);
    }

    [Fact]
    public async Task Requests_to_the_api_are_counted_by_day_when_staff_say_so()
    {
        await using var another = new Apart();
        await another.InitializeAsync();
        await another.Database.Execute("insert into foundation.settings (key, value, version, changed_at) values ('foundation.api_calls_per_day', '4', 1, now())");
        var person = Guid.NewGuid().ToString();
        for (var i = 0; i < 4; i++) (await another.Visitor().Send(HttpMethod.Get, "/api/test/free", null, (TestCallers.Header, person))).Must();
        (await another.Visitor().Send(HttpMethod.Get, "/api/test/free", null, (TestCallers.Header, person))).MustRefuse(FoundationRefusals.QuotaUsedUp).Word("quota").ShouldBe("api_calls");
        (await another.Visitor().Send(HttpMethod.Get, "/api/v1/services", null)).Must();
        global::Guildhall.Foundation.Http.Quotas.ApiCallsPerDay.Check(-1).ShouldNotBeNull();
    }

    private sealed class Apart : NodesOnly
    {
        protected override void Adjust(WebApplicationBuilder builder, int node) => builder.Services.AddSingleton<IStartupFilter, TestCallers>();
        protected override void MapRoutes(IEndpointRouteBuilder routes) => routes.MapGet("/api/test/free", () => Results.Ok()).RequiresSignIn();
    }

    private Task<Answer> Gets(string path, string person) => world.Visitor().Send(HttpMethod.Get, path, null, (TestCallers.Header, person));

    private async Task<int> AtOnce(Quota quota, int count = 1000)
    {
        var let = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 24 }, async (i, stop) =>
        {
            if (await Quotas(i % 2).Take(quota, _subject, stop) is null) Interlocked.Increment(ref let);
        });
        return let;
    }

    private TimeSpan UntilTurn(QuotaPeriod period)
    {
        var now = world.Clock.Now.UtcDateTime;
        return (period is QuotaPeriod.Day ? now.Date.AddDays(1) : new DateTime(now.Year, now.Month, 1).AddMonths(1)) - now;
    }

    private Quotas Quotas(int node) => world.Get<Quotas>(node);
}
