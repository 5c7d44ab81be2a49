using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Objects;
using Guildhall.Sandbox.Stripe.Protocol;

namespace Guildhall.Sandbox.Stripe.Effects;

/// <summary>Releases whatever was held; nothing is captured, so no balance moves.</summary>
internal static class CancelIntent
{
    public static PaymentIntent Run(World world, PaymentIntent intent, string? reason, StripeCall? cause = null)
    {
        var canceled = intent with
        {
            Status = "canceled", AmountCapturable = 0, CanceledAt = world.UnixNow, CancellationReason = reason, NextAction = null,
        };
        world.Intents.Put(canceled);
        world.Agenda.Cancel(TimerKind.CancelUncaptured, intent.Id);
        Emit.Event(world, "payment_intent.canceled", canceled, cause: cause);
        return canceled;
    }
}
