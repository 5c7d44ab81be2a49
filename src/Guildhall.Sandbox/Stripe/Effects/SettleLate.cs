using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Stripe.Effects;

/// <summary>What was left processing when the customer came back is decided after all.</summary>
internal static class SettleLate
{
    public static bool Run(World world, string intentId, bool succeeds)
    {
        if (world.Intents.Find(intentId) is not { Status: "processing" } intent) return false;
        world.Agenda.Cancel(TimerKind.SettleLate, intentId);
        var session = world.Sessions.Find(intent.Session);

        if (!succeeds)
        {
            ChargeCard.Fail(world, intent, Card.Declined);
            if (session is not null) Emit.Event(world, "checkout.session.async_payment_failed", session);
            return true;
        }

        var paid = ChargeCard.Succeed(world, intent, authenticated: false);
        if (session is null) return true;
        session = session with { PaymentStatus = paid.Status == "succeeded" ? "paid" : "unpaid" };
        world.Sessions.Put(session);
        Emit.Event(world, "checkout.session.async_payment_succeeded", session);
        return true;
    }
}
