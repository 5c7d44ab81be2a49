using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Stripe.Protocol;

/// <summary>The worst answer there is: the effect has happened and the caller never hears of it.</summary>
internal static class TakeTimeoutFault
{
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(2);

    public static bool From(World world)
    {
        var fault = world.Faults.TimeoutAfterEffect;
        if (fault.Next == 0) return world.Chance.Hits(fault.Percent);
        world.FaultSettings.Put(world.Faults with { TimeoutAfterEffect = fault with { Next = fault.Next - 1 } });
        return true;
    }

    public static async Task HoldAndClose(HttpContext context)
    {
        try
        {
            await Task.Delay(Hold, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        context.Abort();
    }
}
