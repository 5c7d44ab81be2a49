using System.Diagnostics;
using Guildhall.Identity.Passwords;
using Guildhall.Identity.Sessions;
using Guildhall.Web.Host;

namespace Guildhall.Tests.Identity.Sessions;

/// <summary>What a refused sign-in takes hides what was found. How alike the times are is measured by the drill of answer times.</summary>
public sealed class RefusalTimeTests(RefusalTimeTests.FullCost world) : IClassFixture<RefusalTimeTests.FullCost>
{
    [Fact]
    [Covers("asvs-6.3.8", "I-7")]
    public async Task A_sign_in_is_refused_no_sooner_than_twice_the_hash_takes()
    {
        for (var i = 0; i < 3; i++) await IsRefusedLate(IdentityRefusals.SignInFailed, "nobody@guildhall.test");
    }

    [Fact]
    [Covers("identity-29", "I-7")]
    public async Task Who_has_to_wait_or_finds_no_room_is_refused_no_sooner_either()
    {
        for (var i = 0; i < SignIn.Attempts; i++) await IsRefusedLate(IdentityRefusals.SignInFailed, "waits@guildhall.test");
        await IsRefusedLate(IdentityRefusals.SignInLocked, "waits@guildhall.test");

        using var hold = new ManualResetEventSlim();
        var taken = new List<Task>();
        try
        {
            foreach (var hashing in world.Everywhere<HashingThreads>())
            {
                using var started = new CountdownEvent(Environment.ProcessorCount);
                for (var i = 0; i < Environment.ProcessorCount; i++) taken.Add(hashing.TryRun(() => { started.Signal(); hold.Wait(TimeSpan.FromSeconds(20)); return 0; }, default)!);
                started.Wait(TimeSpan.FromSeconds(10)).ShouldBeTrue();
                while (hashing.TryRun(() => 0, default) is { } waits) taken.Add(waits);
            }
            await IsRefusedLate(IdentityRefusals.Busy, "other@guildhall.test");
        }
        finally { hold.Set(); }
        await Task.WhenAll(taken);
    }

    private async Task IsRefusedLate(Refusal refusal, string email)
    {
        var least = world.Everywhere<PasswordHash>().Min(p => p.RefusesAfter);
        least.ShouldBeGreaterThan(TimeSpan.Zero);
        var start = Stopwatch.GetTimestamp();
        (await world.Visitor().Post("auth/sign-in", new { email, password = "a guess of a stranger" })).MustRefuse(refusal);
        Stopwatch.GetElapsedTime(start).ShouldBeGreaterThanOrEqualTo(least);
    }

    public sealed class FullCost : NodesOnly
    {
        internal override HostSettings Configure(HostSettings settings, int node) => base.Configure(settings, node) with { PasswordHash = HashRecipe.Default };
    }
}
