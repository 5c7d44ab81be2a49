using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Objects;

namespace Guildhall.Sandbox.Stripe.Effects;

internal enum CardOutcome
{
    Success,
    Decline,
    ThreeDSecure,
    ThreeDSecureAuthenticate,
    ThreeDSecureFail,
    TimeoutButCharged,
    LateSuccess,
    Abandon,
}

internal enum PayAnswer { Paid, Declined, NeedsAuthentication, NoAnswer, Processing, Abandoned, AlreadyPaid, Expired }

/// <summary>The customer submits the hosted page. This is what its form does; tests may call it without the page.</summary>
internal static class PaySession
{
    private const int LateSeconds = 20;
    private const int SilenceSeconds = 4;

    public static PayAnswer Submit(World world, CheckoutSession session, CardOutcome outcome, string pageAddress)
    {
        if (session.Status == "complete") return PayAnswer.AlreadyPaid;
        if (!session.IsOpen || session.ExpiresAt <= world.UnixNow) return PayAnswer.Expired;
        if (outcome == CardOutcome.Abandon) return PayAnswer.Abandoned;

        var intent = session.PaymentIntent is { } known ? world.Intents.Find(known)! : MakeIntent.For(world, session);
        session = session with { PaymentIntent = intent.Id };
        if (outcome != CardOutcome.ThreeDSecureAuthenticate || intent.PaymentMethod is null)
            intent = intent with { PaymentMethod = MakeMethod.Typed(world, outcome is CardOutcome.ThreeDSecure or CardOutcome.ThreeDSecureAuthenticate or CardOutcome.ThreeDSecureFail).Id };

        return outcome switch
        {
            CardOutcome.Decline => Decline(world, session, intent, Card.Declined),
            CardOutcome.ThreeDSecure => AskToAuthenticate(world, session, intent, pageAddress),
            CardOutcome.ThreeDSecureFail => Decline(world, session, intent, Card.NotAuthenticated),
            CardOutcome.LateSuccess => Wait(world, session, intent),
            CardOutcome.Success or CardOutcome.ThreeDSecureAuthenticate or CardOutcome.TimeoutButCharged => TakeDecline(world)
                ? Decline(world, session, intent, Card.Declined)
                : Charge(world, session, intent, outcome, outcome == CardOutcome.TimeoutButCharged ? SilenceSeconds : 0),
            CardOutcome.Abandon => PayAnswer.Abandoned,
        };
    }

    private static PayAnswer Charge(World world, CheckoutSession session, PaymentIntent intent, CardOutcome outcome, int silence)
    {
        var complete = Complete(world, session);
        ChargeCard.Succeed(world, intent, outcome == CardOutcome.ThreeDSecureAuthenticate, silence);
        complete = complete with { PaymentStatus = world.Intents.Find(intent.Id)!.Status == "succeeded" ? "paid" : "unpaid" };
        world.Sessions.Put(complete);
        Emit.Event(world, "checkout.session.completed", complete, delaySeconds: silence);
        return silence > 0 ? PayAnswer.NoAnswer : PayAnswer.Paid;
    }

    private static PayAnswer Decline(World world, CheckoutSession session, PaymentIntent intent, Card card)
    {
        world.Sessions.Put(session);
        ChargeCard.Fail(world, intent, card);
        return PayAnswer.Declined;
    }

    private static PayAnswer AskToAuthenticate(World world, CheckoutSession session, PaymentIntent intent, string pageAddress)
    {
        world.Sessions.Put(session);
        var asked = intent with
        {
            Status = "requires_action",
            NextAction = new NextAction("redirect_to_url", new RedirectToUrl(pageAddress, session.SuccessUrl)),
        };
        world.Intents.Put(asked);
        Emit.Event(world, "payment_intent.requires_action", asked);
        return PayAnswer.NeedsAuthentication;
    }

    private static PayAnswer Wait(World world, CheckoutSession session, PaymentIntent intent)
    {
        var complete = Complete(world, session);
        world.Sessions.Put(complete);
        var waiting = intent with { Status = "processing", NextAction = null };
        world.Intents.Put(waiting);
        world.Agenda.Set(new(TimerKind.SettleLate, intent.Id, world.Now.AddSeconds(LateSeconds).ToUnixTimeMilliseconds()));
        Emit.Event(world, "payment_intent.processing", waiting);
        Emit.Event(world, "checkout.session.completed", complete);
        return PayAnswer.Processing;
    }

    private static CheckoutSession Complete(World world, CheckoutSession session)
    {
        world.Agenda.Cancel(TimerKind.ExpireSession, session.Id);
        return session with
        {
            Status = "complete",
            Url = null,
            CustomerDetails = new CustomerDetails(session.CustomerEmail ?? "customer@example.test", "Sandbox Customer"),
        };
    }

    private static bool TakeDecline(World world)
    {
        if (world.Faults.DeclineNext == 0) return false;
        world.FaultSettings.Put(world.Faults with { DeclineNext = world.Faults.DeclineNext - 1 });
        return true;
    }
}
