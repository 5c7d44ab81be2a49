using System.Text.Json;
using System.Text.Json.Nodes;
using Guildhall.Sandbox.State;
using Guildhall.Sandbox.Stripe.Effects;

namespace Guildhall.Sandbox.Stripe.Protocol;

/// <summary><c>expand[]=payment_intent.latest_charge</c>: puts the object where its id stood. At most four levels.</summary>
internal static class Expand
{
    private const int Deepest = 4;

    public static JsonNode Apply(World world, object body, string[] paths)
    {
        var node = JsonSerializer.SerializeToNode(body, body.GetType(), SandboxJson.Wire)!;
        foreach (var path in paths)
        {
            var steps = path.Split('.');
            if (steps.Length > Deepest + 1) throw CannotExpand(path);
            Walk(world, node, steps, path);
        }

        return node;
    }

    private static void Walk(World world, JsonNode? node, ReadOnlySpan<string> steps, string path)
    {
        if (steps.IsEmpty || node is null) return;
        if (node is JsonArray list)
        {
            foreach (var item in list) Walk(world, item, steps, path);
            return;
        }

        if (node is not JsonObject parent || !parent.TryGetPropertyValue(steps[0], out var child))
            throw CannotExpand(path);

        if (child is JsonValue value && value.TryGetValue<string>(out var id))
        {
            child = Find(world, id) is { } found
                ? JsonSerializer.SerializeToNode(found, found.GetType(), SandboxJson.Wire)
                : throw CannotExpand(path);
            parent[steps[0]] = child;
        }

        Walk(world, child, steps[1..], path);
    }

    /// <summary>Pinned: on a POST the effect has already happened.</summary>
    private static StripeRefusal CannotExpand(string path) =>
        StripeRefusal.State(null, $"This property cannot be expanded ({path}).", "expand");

    private static object? Find(World world, string id) => id.Split('_', 2)[0] switch
    {
        "pi" => world.Intents.Find(id),
        "pm" => world.Methods.Find(id),
        "cus" => world.Customers.Find(id),
        "ch" => world.Charges.Find(id),
        "re" => world.Refunds.Find(id),
        "tr" => world.Transfers.Find(id),
        "trr" => world.Transfers.NewestFirst().SelectMany(t => t.Reversals.Data).FirstOrDefault(r => r.Id == id),
        "po" => world.Payouts.Find(id),
        "du" => world.Disputes.Find(id),
        "acct" => world.Accounts.Find(id),
        "txn" => FindBalanceTransaction.By(world, id),
        _ => null,
    };
}
