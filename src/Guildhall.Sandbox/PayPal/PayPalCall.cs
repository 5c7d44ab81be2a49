using System.Text.Json;
using System.Text.Json.Nodes;
using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.PayPal;

/// <summary>One request that was let in.</summary>
internal sealed record PayPalCall(World World, string Id, JsonObject Body, string Base, bool HasKey, bool WantsAll)
{
    public PayPalOrder Order(string id) => World.PayPalOrders.Find(id) is { } order && !order.HasLapsed(World.Now) ? order : throw PayPalRefusal.NotFound();

    public (PayPalOrder Order, PayPalPart Part) Part(string kind) =>
        World.PayPalOrders.NewestFirst($"{kind}:{Id}").FirstOrDefault() is { } order ? (order, PayPalLater.AsItStands(World, order.Part(Id)!)) : throw PayPalRefusal.NotFound();

    /// <summary>A text of at most so many characters, or null when there is none.</summary>
    public static string? Text(JsonObject from, string name, string field, int most)
    {
        if (from[name] is not { } node) return null;
        if (node.GetValueKind() != JsonValueKind.String) throw PayPalRefusal.Invalid("INVALID_PARAMETER_SYNTAX", $"{field}.{name} is no text.");
        var text = node.GetValue<string>();
        return text.Length > 0 && text.Length <= most ? text : throw PayPalRefusal.Invalid("INVALID_STRING_LENGTH", $"{field}.{name} is 1 to {most} characters.");
    }

    public static string? OneOf(JsonObject from, string name, string field, params string[] values) => Text(from, name, field, 255) is not { } text ? null
        : values.Contains(text, StringComparer.Ordinal) ? text : throw PayPalRefusal.Invalid("INVALID_PARAMETER_VALUE", $"{field}.{name} is one of {string.Join(", ", values)}.");
}

internal sealed record PayPalAnswer(int Status, string? Body)
{
    public static PayPalAnswer Made(JsonObject body) => new(201, body.ToJsonString(SandboxJson.Wire));
    public static PayPalAnswer Ok(JsonObject body) => new(200, body.ToJsonString(SandboxJson.Wire));
    public static PayPalAnswer Of(PayPalRefusal refusal) => new(refusal.Status, refusal.Body.ToJsonString(SandboxJson.Wire));
}
