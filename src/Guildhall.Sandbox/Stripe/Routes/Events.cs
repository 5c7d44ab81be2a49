using System.Text.Json.Nodes;
using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Objects;
using Guildhall.Sandbox.Stripe.Protocol;

namespace Guildhall.Sandbox.Stripe.Routes;

internal static class Events
{
    public static void Map(StripeApi api)
    {
        api.Get("/v1/events", List);
        api.Get("/v1/events/{id}", call =>
            call.World.Events.Find(call.Id) is { } found ? AsJson(call.World, found) : throw StripeRefusal.NoSuch("event", call.Id));
    }

    public static JsonNode AsJson(World world, Event happened)
    {
        var json = JsonNode.Parse(happened.Body)!;
        json["pending_webhooks"] = world.Deliveries.Find(happened.Id) is { State: DeliveryState.Waiting } ? 1 : 0;
        return json;
    }

    private static object List(StripeCall call)
    {
        var type = call.Form.Text("type");
        var page = Page.Of(
            call.Form, "/v1/events", after => call.World.Events.NewestFirst(null, after), happened => happened.Created,
            happened => type is null || IsOf(type, happened.Type));
        return page with { Data = [.. page.Data.Cast<Event>().Select(happened => AsJson(call.World, happened))] };
    }

    private static bool IsOf(string asked, string type) =>
        asked == type || (asked.EndsWith(".*", StringComparison.Ordinal) && type.StartsWith(asked[..^1], StringComparison.Ordinal));
}
