using System.Text.Json.Nodes;

namespace Guildhall.Sandbox.PayPal;

/// <summary>Orders and their parts as they are shown.</summary>
internal static class PayPalWire
{
    public static JsonObject Order(PayPalOrder order)
    {
        var unit = new JsonObject
        {
            ["reference_id"] = "default", ["amount"] = PayPalMoney.Of(order.Currency, order.Value), ["payee"] = new JsonObject { ["email_address"] = "merchant@example.test", ["merchant_id"] = "SANDBXMERCHAN" },
            ["custom_id"] = order.CustomId, ["description"] = order.Description,
        };
        if (order.Captures.Count + order.Authorizations.Count > 0)
        {
            var payments = new JsonObject();
            if (order.Authorizations.Count > 0) payments["authorizations"] = Parts(order, order.Authorizations);
            if (order.Captures.Count > 0) payments["captures"] = Parts(order, order.Captures);
            if (order.Refunds.Count > 0) payments["refunds"] = Parts(order, order.Refunds);
            unit["payments"] = payments;
        }
        var all = Minimal(order);
        all["intent"] = order.Intent;
        all["purchase_units"] = new JsonArray(Clean(unit));
        all["create_time"] = Time(order.Created);
        all["update_time"] = Time(order.Updated);
        return all;
    }

    public static JsonObject Minimal(PayPalOrder order)
    {
        var self = $"{order.Base}/v2/checkout/orders/{order.Id}";
        var links = new JsonArray(Link(self, "self", "GET"));
        if (order.Status == "PAYER_ACTION_REQUIRED") links.Add(Link(order.Page, "payer-action", "GET"));
        if (order.Status == "APPROVED") links.Add(order.Intent == "CAPTURE" ? Link(self + "/capture", "capture", "POST") : Link(self + "/authorize", "authorize", "POST"));
        return new JsonObject { ["id"] = order.Id, ["status"] = order.Status, ["payment_source"] = new JsonObject { ["paypal"] = new JsonObject() }, ["links"] = links };
    }

    /// <param name="whole">With what it belongs to, as when it is read by itself or told.</param>
    public static JsonObject Part(PayPalOrder order, PayPalPart part, bool whole)
    {
        var self = $"{order.Base}/v2/payments/{part.Kind}s/{part.Id}";
        var up = part.Of is null ? $"{order.Base}/v2/checkout/orders/{order.Id}" : $"{order.Base}/v2/payments/{(part.Kind == "refund" ? "captures" : "authorizations")}/{part.Of}";
        var shown = new JsonObject
        {
            ["id"] = part.Id, ["status"] = part.Status, ["amount"] = PayPalMoney.Of(order.Currency, part.Value), ["custom_id"] = part.CustomId, ["create_time"] = Time(part.Created), ["update_time"] = Time(part.Updated),
            ["links"] = new JsonArray(Link(self, "self", "GET"), Link(up, "up", "GET")),
        };
        if (part.Reason is not null) shown["status_details"] = new JsonObject { ["reason"] = part.Reason };
        if (part.Kind == "capture") shown["final_capture"] = true;
        if (part.Kind == "authorization") shown["expiration_time"] = Time(part.Created.AddDays(29));
        if (whole && part.Kind != "refund")
        {
            var related = new JsonObject { ["order_id"] = order.Id };
            if (part.Kind == "capture" && part.Of is not null) related["authorization_id"] = part.Of;
            shown["supplementary_data"] = new JsonObject { ["related_ids"] = related };
        }
        return Clean(shown);
    }

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static JsonArray Parts(PayPalOrder order, IReadOnlyList<PayPalPart> parts) => [.. parts.Select(p => Part(order, p, whole: false))];

    private static JsonObject Link(string address, string relation, string method) => new() { ["href"] = address, ["rel"] = relation, ["method"] = method };

    // Fields without a value are left out.
    private static JsonObject Clean(JsonObject shown)
    {
        foreach (var name in shown.Where(p => p.Value is null).Select(p => p.Key).ToArray()) shown.Remove(name);
        return shown;
    }
}
