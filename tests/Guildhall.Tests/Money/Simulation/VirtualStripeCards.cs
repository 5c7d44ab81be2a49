using System.Text.Json.Nodes;

namespace Guildhall.Tests.Money.Simulation;

/// <summary>Customers of the virtual gateway and the cards it keeps for them.</summary>
internal sealed partial class VirtualStripe
{
    /// <summary>The bank gave out a new card in place of the last one that was kept.</summary>
    public void RenewsCard()
    {
        var method = All("payment_method")[^1];
        method["card"]!["exp_year"] = 2040;
        Emit("payment_method.automatically_updated", method);
    }

    private (JsonObject, int) Cards(string method, string[] path, Dictionary<string, string> form, Dictionary<string, string> query) => (method, path) switch
    {
        ("POST", ["customers"]) => (Made("customer", form, []), 200),
        ("POST", ["payment_intents"]) => ChargeCard(form),
        ("GET", ["payment_intents"]) => (List("payment_intent", i => Text(i, "customer") == query["customer"]), 200),
        ("GET", ["payment_methods", var id]) => Find("payment_method", id) is { } m ? (m, 200) : Missing(),
        ("POST", ["payment_methods", var id, "detach"]) => Find("payment_method", id) is { } m ? Detach(m) : Missing(),
        _ => throw new InvalidOperationException($"The virtual gateway does not know {method} {string.Join('/', path)}."),
    };

    private void KeepCard(JsonObject session, JsonObject intent)
    {
        if (Text(session, "customer") is not { } customer) return;
        var card = new JsonObject { ["brand"] = "visa", ["last4"] = "4242", ["exp_month"] = 12, ["exp_year"] = 2034, ["fingerprint"] = "card of " + customer };
        intent["payment_method"] = Text(New("payment_method", new() { ["customer"] = customer, ["card"] = card }), "id");
    }

    private (JsonObject, int) ChargeCard(Dictionary<string, string> form)
    {
        if (Find("payment_method", form["payment_method"]) is not { } method || Text(method, "customer") != form["customer"]) return (Error("resource_missing", "That customer has no such card."), 400);
        var intent = Made("payment_intent", form, new() { ["customer"] = form["customer"], ["payment_method"] = form["payment_method"] });
        intent["amount_received"] = Number(intent, "amount");
        return (Set(intent, "succeeded", "payment_intent.succeeded"), 200);
    }

    private (JsonObject, int) Detach(JsonObject method)
    {
        if (Text(method, "customer") is null) return (Error("payment_method_unattached", "Nobody has it."), 400);
        method["customer"] = null;
        return (Emitted(method, "payment_method.detached"), 200);
    }
}
