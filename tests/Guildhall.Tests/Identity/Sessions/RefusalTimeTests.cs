using System.Diagnostics;
using Guildhall.Identity.Passwords;
using Guildhall.Web.Host;

namespace Guildhall.Tests.Identity.Sessions;

/// <summary>What a refused sign-in takes hides what was found. How alike the times are is measured by the drill of answer times.</summary>
public sealed class RefusalTimeTests(RefusalTimeTests.FullCost world) : IClassFixture<RefusalTimeTests.FullCost>
{
    [Fact]
    [Covers("asvs-6.3.8", "I-7")]
    public async Task A_sign_in_is_refused_no_sooner_than_twice_the_hash_takes()
    {
        var least = world.Everywhere<PasswordHash>().Min(p => p.RefusesAfter);
        least.ShouldBeGreaterThan(TimeSpan.Zero);
        for (var i = 0; i < 3; i++)
        {
            var start = Stopwatch.GetTimestamp();
            (await world.Visitor().Post("auth/sign-in", new { email = "nobody@guildhall.test", password = "a guess of a stranger" })).MustRefuse(IdentityRefusals.SignInFailed);
            Stopwatch.GetElapsedTime(start).ShouldBeGreaterThanOrEqualTo(least);
        }
    }

    public sealed class FullCost : NodesOnly
    {
        internal override HostSettings Configure(HostSettings settings, int node) => base.Configure(settings, node) with { PasswordHash = HashRecipe.Default };
    }
}
