using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Objects;
using Guildhall.Sandbox.Stripe.Protocol;

namespace Guildhall.Sandbox.Stripe.Effects;

internal static class ExpireSession
{
    public static CheckoutSession Run(World world, CheckoutSession session, StripeCall? cause = null)
    {
        var expired = session with { Status = "expired", Url = null };
        world.Sessions.Put(expired);
        world.Agenda.Cancel(TimerKind.ExpireSession, session.Id);
        if (session.PaymentIntent is { } id && world.Intents.Find(id) is { } intent) CancelIntent.Run(world, intent, "abandoned", cause);
        Emit.Event(world, "checkout.session.expired", expired, cause: cause);
        return expired;
    }
}
