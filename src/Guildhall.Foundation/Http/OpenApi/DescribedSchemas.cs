using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Guildhall.Foundation.Http;

/// <summary>Schemas of what our own converters write, and names that two modules cannot share by accident.</summary>
internal static class DescribedSchemas
{
    private const string IdLetters = "[0-9a-hjkmnp-tv-z]{26}";

    /// <summary>A nested type takes the name of the type around it, since many are called Body or Page; ids and currencies stand where they are used.</summary>
    public static string? NameOf(JsonTypeInfo info)
    {
        var type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        if (typeof(IId).IsAssignableFrom(type) || type == typeof(Currency) || OpenApiOptions.CreateDefaultSchemaReferenceId(info) is not { } name) return null;
        return type is { IsNested: true, IsGenericType: false } ? type.DeclaringType!.Name + type.Name : name;
    }

    public static Task Correct(OpenApiSchema schema, Type declared)
    {
        var type = Nullable.GetUnderlyingType(declared);
        var none = type is null ? default : JsonSchemaType.Null;
        type ??= declared;
        if (typeof(IId).IsAssignableFrom(type))
            (schema.Type, schema.Pattern) = (JsonSchemaType.String | none, IdPattern(type));
        else if (type == typeof(Currency))
            (schema.Type, schema.Pattern, schema.Description) = (JsonSchemaType.String | none, "^[A-Z]{3}$", "ISO 4217 code");
        else if (type == typeof(Amount))
        {
            schema.Type = JsonSchemaType.Object | none;
            schema.Description = "An exact amount in minor units; text is for people and is not read";
            schema.Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
            {
                ["minor"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64" },
                ["currency"] = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[A-Z]{3}$" },
                ["text"] = new OpenApiSchema { Type = JsonSchemaType.String, ReadOnly = true },
            };
            schema.Required = new HashSet<string>(StringComparer.Ordinal) { "minor", "currency" };
        }
        return Task.CompletedTask;
    }

    public static string IdPattern(Type id) => $"^{id.GetProperty(nameof(IId<>.Prefix))!.GetValue(null)}_{IdLetters}$";

    public static OpenApiSchema ProblemDocument() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "RFC 9457. The code is stable; further members are facts of this refusal.",
        Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
        {
            ["type"] = Text(), ["title"] = Text(), ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer }, ["code"] = Text(), ["detail"] = Text(), ["requestId"] = Text(),
        },
        Required = new HashSet<string>(StringComparer.Ordinal) { "type", "title", "status", "code", "detail", "requestId" },
        AdditionalPropertiesAllowed = true,
    };

    private static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };
}
