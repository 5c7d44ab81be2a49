using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Guildhall.Foundation.Http;

namespace Guildhall.Tests.Support;

/// <summary>Bodies of the right shape for any route, made from the type that the route reads; a sweep may put its own values in.</summary>
internal sealed class Plausible(DateTimeOffset now)
{
    private const int MaxDepth = 4;

    /// <summary>What stands for every text; null: something that fits the name.</summary>
    public string? Text { get; init; }

    /// <summary>Fields that may be left out are filled in too.</summary>
    public bool Everything { get; init; } = true;

    public string Json(Type type) => Value(type, "", 0)!.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private JsonNode? Value(Type type, string name, int depth)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return Text ?? Word(name);
        if (type == typeof(Amount)) return new JsonObject { ["minor"] = 1000, ["currency"] = "KWD" };
        if (type == typeof(Currency)) return "KWD";
        if (type == typeof(bool)) return true;
        if (type == typeof(Guid)) return Guid.CreateVersion7().ToString();
        if (type == typeof(DateTimeOffset)) return now.AddDays(1).ToString("O");
        if (type == typeof(DateOnly)) return DateOnly.FromDateTime(now.UtcDateTime.AddDays(3)).ToString("yyyy-MM-dd");
        if (type == typeof(JsonElement)) return Text ?? "1";
        if (type == typeof(int) || type == typeof(long)) return 1;
        if (type.IsEnum) return JsonNode.Parse(JsonSerializer.Serialize(Enum.GetValues(type).GetValue(0), type, JsonRules.Options));
        if (typeof(IId).IsAssignableFrom(type)) return JsonNode.Parse(JsonSerializer.Serialize(type.GetMethod("From")!.Invoke(null, [Guid.CreateVersion7()]), type, JsonRules.Options));
        return Composed(type, depth);
    }

    private JsonNode? Composed(Type type, int depth)
    {
        var info = JsonRules.Options.GetTypeInfo(type);
        if (info.Kind is JsonTypeInfoKind.Enumerable) return new JsonArray(depth >= MaxDepth ? null : Value(info.ElementType!, "item", depth + 1));
        if (info.Kind is JsonTypeInfoKind.Dictionary) return new JsonObject();
        if (info.Kind is not JsonTypeInfoKind.Object || depth >= MaxDepth) return null;
        var body = new JsonObject();
        foreach (var property in info.Properties.Where(p => p.Set is not null || p.AssociatedParameter is not null))
        {
            if (!Everything && !property.IsRequired) continue;
            body[property.Name] = Value(property.PropertyType, property.Name, depth + 1);
        }
        return body;
    }

    private string Word(string name) => name.ToLowerInvariant() switch
    {
        "email" => $"sweep{Guid.NewGuid():n}@example.test",
        "currency" => "KWD",
        "zone" => "Asia/Kuwait",
        "language" => "en",
        "start" or "startsat" => now.AddDays(2).ToString("O"),
        "url" => "https://example.com/hook",
        "clientid" => Guid.NewGuid().ToString(),
        "from" => "09:00",
        "until" or "to" => "17:00",
        _ => "because it is so",
    };

    /// <summary>Fields of a form that many forms ask for.</summary>
    public Dictionary<string, string> Fields()
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["idempotencyKey"] = Guid.NewGuid().ToString(), ["revision"] = "1", ["amount"] = "1.000", ["page"] = "/account" };
        foreach (var name in new[] { "reason", "why", "text", "message", "note", "document", "said", "email", "password", "displayName", "holder", "account", "code", "token", "value", "url", "how", "action", "answer", "returnUrl" })
            fields[name] = Text ?? (name is "returnUrl" ? "/" : Word(name));
        return fields;
    }
}
