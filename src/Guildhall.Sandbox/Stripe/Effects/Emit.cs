using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Objects;
using Guildhall.Sandbox.Stripe.Protocol;

namespace Guildhall.Sandbox.Stripe.Effects;

/// <summary>Records an event and queues its delivery, in the change that caused it.</summary>
internal static class Emit
{
    public static void Event(World world, string type, object about, string? account = null, int delaySeconds = 0, StripeCall? cause = null)
    {
        var happened = Objects.Event.Of(
            type, world.UnixNow, string.IsNullOrEmpty(account) ? null : account, about, cause?.RequestId, cause?.IdempotencyKey);
        world.Events.Put(happened);
        var notBefore = DateTimeOffset.UtcNow.AddSeconds(delaySeconds).ToUnixTimeMilliseconds();
        world.Announce(new Delivery(happened.Id, DeliveryState.Waiting, 0, notBefore, null));
    }
}
