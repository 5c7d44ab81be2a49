using Guildhall.Foundation.Http;

namespace Guildhall.Tests.Identity.Sessions;

/// <summary>Every way in is written down, and leads into one deployment only.</summary>
public sealed class WaysInTests(NodesOnly world, WaysInTests.Elsewhere elsewhere) : IClassFixture<NodesOnly>, IClassFixture<WaysInTests.Elsewhere>
{
    /// <summary>Another deployment on the same PostgreSQL server.</summary>
    public sealed class Elsewhere : NodesOnly;

    [Fact]
    [Covers("asvs-6.1.3")]
    public async Task Asvs_6_1_3_Every_way_of_signing_in_stands_in_the_document()
    {
        await using var app = Product.NotStarted();
        var document = Tree.Read("docs/security.md");
        var ways = Product.Routes(app).Where(r => r.RoutePattern.RawText!.StartsWith("/api/v1/auth/", StringComparison.Ordinal) && RequestPipeline.RuleOf(r)!.Access is RouteAccess.Anyone)
            .Select(r => "`/auth/" + r.RoutePattern.RawText!.Split('/')[4]).Distinct(StringComparer.Ordinal).Except(["`/auth/password-strength", "`/auth/sign-out"], StringComparer.Ordinal).ToArray();
        ways.Length.ShouldBeGreaterThan(8);
        ways.Where(way => !document.Contains(way, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    [Covers("asvs-8.4.1")]
    public async Task Asvs_8_4_1_What_one_deployment_gave_opens_nothing_in_another_and_ends_nothing_there()
    {
        var (here, there) = (await world.Person(), await elsewhere.Person());
        (await elsewhere.Visitor().Send(HttpMethod.Get, "me", null, ("Authorization", $"Bearer {here.Token}"))).MustRefuse(IdentityRefusals.InvalidToken);
        (await elsewhere.Visitor().Post("auth/refresh", new { refreshToken = here.RefreshToken })).MustRefuse(IdentityRefusals.InvalidToken);
        (await here.Post("sessions/actions/end-all")).Must(204, 200);
        (await here.Get("me")).Must(401);
        for (var node = 0; node < 2; node++) { there.OnlyNode = node; (await there.Get("me")).Must(); }
    }
}
