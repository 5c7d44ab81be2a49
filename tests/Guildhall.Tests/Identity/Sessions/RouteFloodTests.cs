using System.Globalization;
using System.Net.Http.Json;
using Guildhall.Foundation.Http;

namespace Guildhall.Tests.Identity.Sessions;

/// <summary>Routes that guessers and flooders want, each asked until it says no. A new such route is a new line.</summary>
public sealed class RouteFloodTests(RouteFloodTests.Strict world) : IClassFixture<RouteFloodTests.Strict>
{
    public sealed class Strict : NodesOnly
    {
        protected override int RateFactor => 1;
    }

    public static TheoryData<string, string, string, int> Routes => new()
    {
        { "login", "POST", "auth/sign-in", 10 },
        { "register", "POST", "auth/register", 10 },
        { "otp", "POST", "auth/verify-email", 10 },
        { "otp", "POST", "auth/resend-verification", 10 },
        { "otp", "POST", "auth/challenges/chl_00000000000000000000000000/password", 10 },
        { "step-up", "POST", "auth/step-ups", 10 },
        { "export", "GET", "admin/payments.csv", 200 },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    [Covers("asvs-2.4.1", "identity-29")]
    public async Task Asvs_2_4_1_Past_the_documented_limit_the_answer_is_429_with_retry_after(string what, string method, string path, int limit)
    {
        await world.Database.Execute("delete from foundation.rate_hits");
        var staff = await world.Person("admin");
        if (limit > 50) await world.Database.Execute("insert into foundation.rate_windows (key, window_no, taken, expires_at) values ($1, $2, $3, 'infinity')",
            $"quota:exports:{staff.Id:n}", (long)DateOnly.FromDateTime(world.Clock.Now.UtcDateTime).DayNumber, limit - 2);
        for (var i = limit > 50 ? limit - 2 : 0; i < limit; i++) (await Asks(staff, method, path)).Status.ShouldNotBe(429, $"{what}: request {i + 1}");
        var refused = await Asks(staff, method, path);
        refused.Status.ShouldBe(429, what);
        refused.Code.ShouldBeOneOf("RATE_LIMITED", "quota_used_up");
        int.Parse(refused.Headers["Retry-After"], CultureInfo.InvariantCulture).ShouldBeGreaterThan(0);
        Tree.Read("docs/limits.md").ShouldContain(limit > 50 ? $"{limit} a day" : $"{limit} per address in 60 seconds");
    }

    [Fact]
    [Covers("asvs-2.4.1", "I-10")]
    public async Task Every_route_of_signing_in_is_counted_exactly_and_by_address()
    {
        await using var app = Product.NotStarted();
        var open = Product.Routes(app).Where(r => r.RoutePattern.RawText!.StartsWith("/api/v1/auth/", StringComparison.Ordinal)
            && RequestPipeline.RuleOf(r)!.Access is RouteAccess.Anyone && RequestPipeline.RateOf(r) is not (RateClass.Auth or RateClass.Code or RateClass.Refresh)).Select(r => r.RoutePattern.RawText);
        open.Order(StringComparer.Ordinal).ShouldBe(["/api/v1/auth/password-strength", "/api/v1/auth/sign-out"], ignoreOrder: false, "nothing can be guessed there");
        RateLimits.All[RateClass.Auth].ShouldSatisfyAllConditions(l => l.Exact.ShouldBeTrue(), l => l.ByAddress.ShouldBeTrue());
    }

    private static Task<Answer> Asks(Person staff, string method, string path) => method == "GET" ? staff.Get(path) : staff.Send(new HttpMethod(method), path, JsonContent.Create(Body(path)));

    private static object Body(string path) => path switch
    {
        "auth/sign-in" => new { email = "x", password = new string('x', 600) }, // refused before the slow hash
        "auth/register" => new { email = "x", password = "x", displayName = "" },
        "auth/verify-email" => new { token = "x" },
        "auth/resend-verification" => new { email = "x" },
        "auth/step-ups" => new { },
        _ => new { challengeToken = "x", password = new string('x', 600) },
    };
}
