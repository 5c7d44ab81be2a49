using System.Text.Json.Nodes;
using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Objects;
using Guildhall.Sandbox.Webhooks;

namespace Guildhall.Sandbox.PayPal;

/// <summary>Records an event and queues its delivery, in the change that caused it.</summary>
internal static class PayPalTells
{
    public static void Of(World world, PayPalOrder order, PayPalPart part, string type) => Tell(world, type, part.Kind, PayPalWire.Part(order, part, whole: true));

    public static void OfOrder(World world, PayPalOrder order, string type) => Tell(world, type, "checkout-order", PayPalWire.Order(order));

    public static void OfPayout(World world, PayPalPayout payout, string type) => Tell(world, type, "payouts_item", PayPalPayoutWire.Item(payout));

    private static void Tell(World world, string type, string kind, JsonObject resource)
    {
        var id = PayPalIds.Event();
        var body = new JsonObject
        {
            ["id"] = id, ["event_version"] = "1.0", ["create_time"] = PayPalWire.Time(world.Now), ["resource_type"] = kind, ["resource_version"] = "2.0", ["event_type"] = type,
            ["summary"] = $"Sandbox: {type}", ["resource"] = resource, ["links"] = new JsonArray(),
        };
        world.PartyEvents.Put(new PartyEvent(id, PartyEvent.PayPal, null, body.ToJsonString(SandboxJson.Wire)));
        world.Announce(new Delivery(id, DeliveryState.Waiting, 0, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), null));
    }
}
