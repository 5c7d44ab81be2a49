using Guildhall.Sandbox.PayPal;
using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Control;

internal static class ControlRoutes
{
    public static void Map(IEndpointRouteBuilder sandbox)
    {
        FaultRoutes.Map(sandbox);
        ClockRoutes.Map(sandbox);
        MailRoutes.Map(sandbox);
        TextRoutes.Map(sandbox);
        PushRoutes.Map(sandbox);
        StripeControlRoutes.Map(sandbox);
        MpesaControlRoutes.Map(sandbox);
        PaytmControlRoutes.Map(sandbox);
        PayPalRoutes.MapControl(sandbox);
        sandbox.MapPost("/reset", async (World world) => Control.Json(new { reset = await world.Change(Forget) }));
    }

    /// <summary>Everything but the clock, which belongs to the product as well.</summary>
    private static bool Forget(World world)
    {
        world.Forget();
        return true;
    }
}
