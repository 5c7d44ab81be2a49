using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Effects;

namespace Guildhall.Sandbox.Control;

internal static class ClockRoutes
{
    private const long Furthest = 10L * 366 * 24 * 60 * 60;

    public static void Map(IEndpointRouteBuilder sandbox)
    {
        sandbox.MapGet("/clock", (World world) => Control.Json(Show(world.Read(w => w.Clock))));
        sandbox.MapPost("/clock", async (World world, Move move) =>
        {
            var now = world.Read(w => w.Clock.OffsetSeconds);
            var offset = move.OffsetSeconds ?? now + (move.AdvanceSeconds ?? 0);
            return Math.Abs(offset) > Furthest
                ? Control.Refuse("The clock moves at most ten years.")
                : Control.Json(Show(await world.Change(w => Set(w, offset))));
        });
    }

    /// <summary>What the move makes due happens in the same change, up to a batch; the timers' own loop does the rest.</summary>
    public static ClockState Set(World world, long offsetSeconds)
    {
        world.Clocks.Put(new ClockState(offsetSeconds));
        RunTimers.RunDue(world);
        return world.Clock;
    }

    private static object Show(ClockState clock) => new { clock.OffsetSeconds, clock.Now };

    internal sealed record Move(long? AdvanceSeconds, long? OffsetSeconds);
}
