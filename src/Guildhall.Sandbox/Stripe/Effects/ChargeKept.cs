using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Objects;
using Guildhall.Sandbox.Stripe.Protocol;

namespace Guildhall.Sandbox.Stripe.Effects;

/// <summary>A kept card is charged: at once, after the bank has asked the customer who is there, or not at all.</summary>
internal static class ChargeKept
{
    public static PaymentIntent Confirm(World world, PaymentIntent intent, PaymentMethod method, bool offSession, string authenticationPage, string? returnUrl)
    {
        if (Take(world, f => f.DeclineNext, (f, left) => f with { DeclineNext = left })) throw Refuse(world, intent, Card.Declined);
        if (Take(world, f => f.AuthenticateNext, (f, left) => f with { AuthenticateNext = left }) || method.AlwaysAuthenticates && offSession)
            throw Refuse(world, intent, Card.AuthenticationRequired);
        if (!method.AlwaysAuthenticates) return ChargeCard.Succeed(world, intent, authenticated: false);

        if (returnUrl is null) throw StripeRefusal.Missing("return_url");
        var asked = intent with { Status = "requires_action", NextAction = new NextAction("redirect_to_url", new RedirectToUrl(authenticationPage, returnUrl)) };
        world.Intents.Put(asked);
        Emit.Event(world, "payment_intent.requires_action", asked);
        return asked;
    }

    /// <summary>What the customer tells the bank; null when nothing was asked.</summary>
    public static PaymentIntent? Authenticate(World world, string id, bool succeeds)
    {
        if (world.Intents.Find(id) is not { Status: "requires_action", Session: "" } intent) return null;
        if (succeeds) return ChargeCard.Succeed(world, intent, authenticated: true);
        ChargeCard.Fail(world, intent, Card.NotAuthenticated);
        return world.Intents.Find(id);
    }

    private static StripeRefusal Refuse(World world, PaymentIntent intent, Card card)
    {
        ChargeCard.Fail(world, intent, card);
        return new StripeRefusal(402, "card_error", card.Code, card.Message, pinned: true) { PaymentIntent = world.Intents.Find(intent.Id), DeclineCode = card.DeclineCode };
    }

    private static bool Take(World world, Func<Faults, int> left, Func<Faults, int, Faults> write)
    {
        if (left(world.Faults) == 0) return false;
        world.FaultSettings.Put(write(world.Faults, left(world.Faults) - 1));
        return true;
    }
}
