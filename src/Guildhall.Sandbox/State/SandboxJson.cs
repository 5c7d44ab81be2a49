using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Guildhall.Sandbox.State;

/// <summary>Marks what the sandbox remembers about an object but the simulated party would never show.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NotOnTheWireAttribute : Attribute;

internal static class SandboxJson
{
    /// <summary>Stripe's field names, without the sandbox's own fields.</summary>
    public static readonly JsonSerializerOptions Wire = Make(JsonNamingPolicy.SnakeCaseLower, HideOwnFields);

    /// <summary>The same names with every field: the journal.</summary>
    public static readonly JsonSerializerOptions Stored = Make(JsonNamingPolicy.SnakeCaseLower, null);

    /// <summary>Camel case: the control interface under /sandbox.</summary>
    public static readonly JsonSerializerOptions Control = Make(JsonNamingPolicy.CamelCase, null);

    private static JsonSerializerOptions Make(JsonNamingPolicy names, Action<JsonTypeInfo>? modifier)
    {
        var resolver = new DefaultJsonTypeInfoResolver();
        if (modifier is not null) resolver.Modifiers.Add(modifier);

        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = names,
            TypeInfoResolver = resolver,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
        options.MakeReadOnly();
        return options;
    }

    private static void HideOwnFields(JsonTypeInfo type)
    {
        for (var i = type.Properties.Count - 1; i >= 0; i--)
        {
            if (type.Properties[i].AttributeProvider?.IsDefined(typeof(NotOnTheWireAttribute), inherit: false) == true)
                type.Properties.RemoveAt(i);
        }
    }
}
