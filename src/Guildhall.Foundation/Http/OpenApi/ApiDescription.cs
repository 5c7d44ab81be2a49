using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Guildhall.Foundation.Http;

/// <summary>The API's description, OpenAPI 3.1, made from the routes and their marks: <c>GET /openapi/v1.json</c>.</summary>
public static class ApiDescription
{
    internal const string Bearer = "bearer", Problem = "Problem", ProblemType = "application/problem+json";

    public static void AddApiDescription(this IServiceCollection services, string title) => services.AddOpenApi("v1", options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = route => route.RelativePath is "events" or "health/live" or "health/ready" || route.RelativePath?.StartsWith("api/", StringComparison.Ordinal) is true;
        options.CreateSchemaReferenceId = info => DescribedSchemas.NameOf(info);
        options.AddSchemaTransformer((schema, context, _) => DescribedSchemas.Correct(schema, context.JsonTypeInfo.Type));
        options.AddOperationTransformer((operation, context, _) => DescribedRoutes.Mark(operation, context));
        options.AddDocumentTransformer((document, _, _) => Complete(document, title));
    });

    /// <param name="needed">Null: open to everyone.</param>
    public static void Map(IEndpointRouteBuilder routes, Permission? needed)
    {
        var route = routes.MapOpenApi("/openapi/{documentName}.json").WithName("ApiDescription");
        if (needed is null) route.ForAnyone();
        else route.Requires(needed);
    }

    private static Task Complete(OpenApiDocument document, string title)
    {
        document.Info = new OpenApiInfo { Title = title, Version = "v1", Description = "Amounts are minor units with their currency. A refusal is a problem document with a stable code." };
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
        document.Components.SecuritySchemes[Bearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT" };
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal);
        document.Components.Schemas[Problem] = DescribedSchemas.ProblemDocument();
        return Task.CompletedTask;
    }
}
