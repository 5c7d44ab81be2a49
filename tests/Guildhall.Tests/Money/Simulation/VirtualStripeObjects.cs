using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Guildhall.Tests.Money.Simulation;

/// <summary>The objects of the virtual gateway: made, changed, listed, told of.</summary>
internal sealed partial class VirtualStripe
{
    private JsonObject Made(string kind, Dictionary<string, string> form, JsonObject fields)
    {
        if (form.TryGetValue("amount", out var amount)) fields["amount"] = long.Parse(amount, System.Globalization.CultureInfo.InvariantCulture);
        if (form.TryGetValue("currency", out var currency)) fields["currency"] = currency;
        fields["metadata"] = Metadata(form);
        return New(kind, fields);
    }

    private JsonObject New(string kind, JsonObject fields)
    {
        fields["id"] = $"{kind.Replace(".", "_", StringComparison.Ordinal)}_{++_last}";
        fields["object"] = kind;
        fields["created"] = clock.GetUtcNow().ToUnixTimeSeconds();
        (_objects.TryGetValue(kind, out var list) ? list : _objects[kind] = []).Add(fields);
        return fields;
    }

    private static JsonObject Metadata(Dictionary<string, string> form) =>
        new(form.Where(f => f.Key.StartsWith("metadata[", StringComparison.Ordinal)).Select(f => KeyValuePair.Create(f.Key["metadata[".Length..^1], (JsonNode?)f.Value)));

    private JsonObject Set(JsonObject thing, string status, string type)
    {
        thing["status"] = status;
        return Emitted(thing, type);
    }

    private JsonObject Emitted(JsonObject thing, string type)
    {
        Emit(type, thing);
        return thing;
    }

    private void Emit(string type, JsonObject subject) => Events.Add(new JsonObject
    {
        ["id"] = $"evt_{++_last}", ["object"] = "event", ["type"] = type, ["created"] = clock.GetUtcNow().ToUnixTimeSeconds(),
        ["account"] = Text(subject, "object") is "payout" ? Text(subject, "account") : null, ["data"] = new JsonObject { ["object"] = subject.DeepClone() },
    }.ToJsonString());

    private JsonObject? Find(string kind, string id) => All(kind).FirstOrDefault(o => Text(o, "id") == id);

    // Newest first, as Stripe does.
    private JsonObject List(string kind, Func<JsonObject, bool> which, Func<JsonObject, JsonNode>? shown = null) =>
        new() { ["object"] = "list", ["has_more"] = false, ["data"] = new JsonArray([.. All(kind).Where(which).Reverse().Select(shown ?? (o => o.DeepClone()))]) };

    private static (JsonObject, int) Missing() => (Error("resource_missing", "No such thing."), 404);

    private static JsonObject Error(string code, string message) => new() { ["error"] = new JsonObject { ["type"] = "error", ["code"] = code, ["message"] = message } };

    public static string? Text(JsonObject thing, string name) => thing[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    public static long Number(JsonObject thing, string name) => thing[name] is JsonValue value && value.GetValueKind() == JsonValueKind.Number ? long.Parse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture) : 0;

    private static HttpResponseMessage Answer(int status, JsonObject body) => new((HttpStatusCode)status) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
}
