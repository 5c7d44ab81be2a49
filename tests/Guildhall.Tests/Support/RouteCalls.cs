using System.Reflection;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Guildhall.Tests.Support;

/// <summary>One route of the product by one method, as something that can be called: sweeps go over all of them, so that a new one is never left out.</summary>
internal sealed record RouteCall(string Method, RouteEndpoint Endpoint)
{
    public string Pattern { get; } = "/" + Endpoint.RoutePattern.RawText!.Trim('/');
    public string Name => Endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? Pattern;
    public RouteRule? Rule => RequestPipeline.RuleOf(Endpoint);
    public bool IsApi => Pattern.StartsWith("/api/", StringComparison.Ordinal);
    public bool IsRead => Method is "GET";

    /// <summary>Sent by a page, with an antiforgery token.</summary>
    public bool IsForm => Endpoint.Metadata.GetMetadata<IAntiforgeryMetadata>() is { RequiresValidation: true } && !IsApi && !IsRead;

    public bool IsStream => Endpoint.Metadata.GetMetadata<RouteLimit>()?.Class is RateClass.Stream;
    public MethodInfo? Handler => Endpoint.Metadata.GetMetadata<MethodInfo>();
    public Type? BodyType => Endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType is { } type && type != typeof(Stream) ? type : null;
    public IReadOnlyList<RoutePatternParameterPart> Parts => Endpoint.RoutePattern.Parameters;

    public override string ToString() => $"{Method} {Pattern}";

    /// <summary>The kind of id that the handler takes under this name; null when it reads text itself.</summary>
    public Type? TypeOf(string part) => Handler?.GetParameters().FirstOrDefault(p => string.Equals(p.Name, part, StringComparison.OrdinalIgnoreCase))?.ParameterType is { } type
        ? Nullable.GetUnderlyingType(type) ?? type : null;

    /// <summary>Names of simple values that the handler binds from the query.</summary>
    public IEnumerable<(string Name, Type Type)> Query => (Handler?.GetParameters() ?? []).SelectMany(Bound)
        .Where(q => !Parts.Any(p => string.Equals(p.Name, q.Name, StringComparison.OrdinalIgnoreCase)));

    /// <summary>The address with its parts filled in.</summary>
    public string Path(Func<RoutePatternParameterPart, string> value)
    {
        var path = string.Concat(Endpoint.RoutePattern.PathSegments.Select(segment => "/" + string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternSeparatorPart separator => separator.Content,
            RoutePatternParameterPart named => Uri.EscapeDataString(value(named)),
            _ => "",
        }))));
        return path.Length == 0 ? "/" : path;
    }

    /// <summary>Values that fit each part and name nothing.</summary>
    public string PathOfNothing() => Path(Nothing);

    internal string Nothing(RoutePatternParameterPart part) => Policy(part) switch
    {
        null when TypeOf(part.Name) is { } type && typeof(IId).IsAssignableFrom(type) => Id.Format(RichWorld.Prefix(type), Guid.CreateVersion7()),
        "guid" => "01900000-0000-7000-8000-000000000000",
        "long" or "int" => "999999999",
        _ when part.Name is "gateway" => "stripe",
        _ when part.Name is "period" => "2020-01",
        _ when part.Name is "documentName" => "v1",
        _ => "nothing",
    };

    internal static string? Policy(RoutePatternParameterPart part) => part.ParameterPolicies.FirstOrDefault()?.Content;

    private static IEnumerable<(string Name, Type Type)> Bound(ParameterInfo parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        if (parameter.GetCustomAttributes().Any(a => a.GetType().Name is "AsParametersAttribute")) return type.GetProperties().Select(p => (p.Name, Nullable.GetUnderlyingType(p.PropertyType) ?? p.PropertyType));
        return type == typeof(string) || type.IsPrimitive || type == typeof(Guid) || type == typeof(DateTimeOffset) || type == typeof(DateOnly) || type.IsEnum || typeof(IId).IsAssignableFrom(type)
            ? [(parameter.Name!, type)] : [];
    }

    /// <summary>Every route but assets and the framework's own.</summary>
    public static IReadOnlyList<RouteCall> Of(WebApplication app) =>
    [
        .. from route in Product.Routes(app)
           where !route.RoutePattern.RawText!.Contains("_framework", StringComparison.Ordinal) && !route.RoutePattern.RawText.Contains("assets/", StringComparison.Ordinal)
           from method in route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]
           orderby route.RoutePattern.RawText, method
           select new RouteCall(method, route),
    ];
}
