using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Objects;

namespace Guildhall.Sandbox.Stripe.Effects;

/// <summary>The card that a customer types in, and keeping it for the customer when the merchant asked for that.</summary>
internal static class MakeMethod
{
    public static PaymentMethod Typed(World world, bool authenticates)
    {
        var last4 = authenticates ? PaymentMethod.Always : PaymentMethod.Never;
        var method = new PaymentMethod
        {
            Id = Ids.New("pm_"), Card = new CardOfMethod("visa", "US", 12, 2034, "sandbox" + last4, "credit", last4), Created = world.UnixNow,
        };
        world.Methods.Put(method);
        return method;
    }

    public static void Keep(World world, PaymentIntent intent)
    {
        if (intent is not { Customer: { } customer, SetupFutureUsage: not null, PaymentMethod: { } id }) return;
        if (world.Methods.Find(id) is not { Customer: null } method) return;
        var kept = method with { Customer = customer };
        world.Methods.Put(kept);
        Emit.Event(world, "payment_method.attached", kept);
    }

    /// <summary>False when it belongs to nobody.</summary>
    public static bool Detach(World world, string id)
    {
        if (world.Methods.Find(id) is not { Customer: not null } method) return false;
        var detached = method with { Customer = null };
        world.Methods.Put(detached);
        Emit.Event(world, "payment_method.detached", detached);
        return true;
    }

    /// <summary>The bank gave out a new card for it, as card networks tell.</summary>
    public static bool Renew(World world, string id, long month, long year)
    {
        if (world.Methods.Find(id) is not { } method) return false;
        var renewed = method with { Card = method.Card with { ExpMonth = month, ExpYear = year } };
        world.Methods.Put(renewed);
        Emit.Event(world, "payment_method.automatically_updated", renewed);
        return true;
    }
}
