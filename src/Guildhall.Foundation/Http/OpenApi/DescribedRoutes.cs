using System.Reflection;
using System.Text.Json.Nodes;
using Guildhall.Foundation.Data;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Guildhall.Foundation.Http;

/// <summary>Puts the marks of a route into its description: who may use it, how often, whether it wants an Idempotency-Key, how it says no.</summary>
internal static class DescribedRoutes
{
    public static Task Mark(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var marks = context.Description.ActionDescriptor.EndpointMetadata;
        var rule = marks.OfType<RouteRule>().LastOrDefault();
        var rate = marks.OfType<RouteLimit>().LastOrDefault()?.Class ?? RateClass.General;
        var extensions = operation.Extensions ??= new Dictionary<string, IOpenApiExtension>(StringComparer.Ordinal);
        extensions["x-access"] = new JsonNodeExtension(Names.Of(rule?.Access ?? RouteAccess.SignedIn));
        if (rule?.Permission is { } permission) extensions["x-permission"] = new JsonNodeExtension(permission.Name);
        if (RateLimits.All.TryGetValue(rate, out var limits)) extensions["x-rate-limit"] = new JsonNodeExtension(Rate(rate, limits));
        if (marks.OfType<IdempotentRoute>().Any())
        {
            extensions["x-idempotent"] = new JsonNodeExtension(JsonValue.Create(true));
            (operation.Parameters ??= []).Add(new OpenApiParameter
            {
                Name = "Idempotency-Key", In = ParameterLocation.Header, Required = true, Description = "A new one for each intent; the same one repeats the answer",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 200 },
            });
        }
        if (rule?.Access is not RouteAccess.Anyone)
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(ApiDescription.Bearer, context.Document)] = [] }];
        if (marks.OfType<MethodInfo>().FirstOrDefault()?.DeclaringType?.Namespace?.Split('.') is [_, var module, ..])
            operation.Tags = new HashSet<OpenApiTagReference> { new(module, context.Document) };
        DescribeIds(operation, context);
        Refusals(operation, rule, context.Document);
        return Task.CompletedTask;
    }

    private static JsonObject Rate(RateClass rate, RateLimits.ClassLimits limits) => new()
    {
        ["class"] = Names.Of(rate), ["anonymous"] = limits.Anonymous.Hits, ["signedIn"] = limits.SignedIn.Hits, ["staff"] = limits.Staff.Hits, ["seconds"] = limits.Anonymous.Seconds,
    };

    private static void DescribeIds(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            var declared = context.Description.ParameterDescriptions.FirstOrDefault(p => string.Equals(p.Name, parameter.Name, StringComparison.Ordinal))?.ParameterDescriptor?.ParameterType;
            if (declared is not null && (Nullable.GetUnderlyingType(declared) ?? declared) is var type && typeof(IId).IsAssignableFrom(type))
                parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = DescribedSchemas.IdPattern(type) };
        }
    }

    private static void Refusals(OpenApiOperation operation, RouteRule? rule, OpenApiDocument? document)
    {
        var responses = operation.Responses ??= [];
        if (rule?.Access is not RouteAccess.Anyone) responses.TryAdd("401", Refusal("Not signed in", document));
        if (rule?.Access is RouteAccess.WithPermission) responses.TryAdd("403", Refusal("Signed in without the permission", document));
        responses.TryAdd("default", Refusal("A refusal with a stable code", document));
    }

    private static OpenApiResponse Refusal(string says, OpenApiDocument? document) => new()
    {
        Description = says,
        Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
        {
            [ApiDescription.ProblemType] = new() { Schema = new OpenApiSchemaReference(ApiDescription.Problem, document) },
        },
    };
}
