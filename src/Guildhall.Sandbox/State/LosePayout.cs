namespace Guildhall.Sandbox.State;

/// <summary>The kinder of the two lost answers: the request for a payout is lost and nothing happens.</summary>
internal static class LosePayout
{
    public static bool Before(World world)
    {
        if (world.Faults.PayoutsLostBefore is not (> 0 and var left)) return false;
        world.FaultSettings.Put(world.Faults with { PayoutsLostBefore = left - 1 });
        return true;
    }
}
