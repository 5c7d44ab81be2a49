using Guildhall.Sandbox.Pages;
using Guildhall.Sandbox.Paytm;
using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Control;

/// <summary>What a test may look at and do in the customer's place, without a token.</summary>
internal static class PaytmControlRoutes
{
    private const int Most = 1000;

    public static void Map(IEndpointRouteBuilder sandbox)
    {
        sandbox.MapGet("/paytm/orders", (World world) => Control.Json(world.Read(w => w.PaytmOrders.NewestFirst().Take(Most).ToArray())));
        sandbox.MapGet("/paytm/refunds", (World world) => Control.Json(world.Read(w => w.PaytmRefunds.NewestFirst().Take(Most).ToArray())));
        sandbox.MapPost("/paytm/orders/{id}/{outcome}", async (World world, SandboxOptions options, string id, string outcome) =>
            !Enum.TryParse<PaytmOutcome>(outcome, ignoreCase: true, out var chosen) || !Enum.IsDefined(chosen) ? Control.Refuse("outcome is pay, decline, pending or leave.")
            : await world.Change(w => PaytmEffects.Pay(w, id, chosen, PaytmPage.Webhook(options))) is { } order ? Control.Json(PaytmEffects.Fields(order)) : Control.Refuse("This order cannot be paid.", 409));
    }
}
