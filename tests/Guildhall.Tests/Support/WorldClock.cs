using Guildhall.Foundation.Data;
using Guildhall.Foundation.Time;

namespace Guildhall.Tests.Support;

/// <summary>Business time of a world; it only moves forward, on every node and in the sandbox.</summary>
public readonly record struct WorldClock(World World)
{
    public DateTimeOffset Now => World.Data().Clock.GetUtcNow();

    public async Task Passes(TimeSpan time)
    {
        var (world, seconds) = (World, await SandboxClock.Advance(World.Data(), World.Get<NodeChannel>(), World.Get<GuildhallClock>(), time));
        // On a busy machine a node may follow after the two seconds that a broadcast waits.
        await Eventually.True(() => Task.FromResult(world.Everywhere<GuildhallClock>().All(c => c.Offset.TotalSeconds >= seconds)), "A node does not follow the clock.");
        if (World.HasOutside) await World.Sandbox.Post("/sandbox/clock", new { offsetSeconds = (long)World.Get<GuildhallClock>().Offset.TotalSeconds });
    }
}

/// <summary>Lengths of time as sentences say them.</summary>
public static class Spans
{
    public static TimeSpan Minutes(this int count) => TimeSpan.FromMinutes(count);
    public static TimeSpan Hours(this int count) => TimeSpan.FromHours(count);
    public static TimeSpan Days(this int count) => TimeSpan.FromDays(count);
}
