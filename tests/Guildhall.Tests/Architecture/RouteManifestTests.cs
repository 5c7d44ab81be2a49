using System.Text.RegularExpressions;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Tests.Architecture;

/// <summary>Every route of the product with who may use it, how often, and whether it needs an Idempotency-Key: a lost mark is a red line.</summary>
public sealed partial class RouteManifestTests
{
    internal sealed record Line(string Method, string Path, string Name, string Rule, string Rate, bool Idempotent, bool FreshSession, bool StepUp)
    {
        public override string ToString() => $"{Method,-6} {Path}  {Name}  {Rule}  rate:{Rate}{(Idempotent ? "  idempotent" : "")}{(FreshSession ? "  fresh-session" : "")}{(StepUp ? "  step-up" : "")}";
    }

    // What moves money, or promises to: a POST there needs a key.
    private static readonly string[] MoneyPaths = ["/payments", "/refunds", "/withdrawals", "/payouts", "/bookings", "/captures"];

    // POSTs there that move nothing twice, each with its reason.
    private static readonly Dictionary<string, string> NeedNoKey = new(StringComparer.Ordinal)
    {
        ["/api/v1/webhooks/stripe"] = "the gateway's event id is the key",
        ["/api/v1/bookings/{id}/calls"] = "moves no money, and ringing while it rings answers the call there is",
    };

    private static readonly Dictionary<string, string> Open = new(StringComparer.Ordinal)
    {
        ["/api/v1/pay/{token}/payments"] = "whoever has the link's 256-bit token may pay",
    };

    // Of the framework, shut because it has no rule: the script that would call it is not served.
    private const string Unused = "/_framework/opaque-redirect";

    [Fact]
    public async Task The_manifest_is_what_the_code_says()
    {
        await using var app = Product.NotStarted();
        var lines = Lines(Product.Routes(app)).OrderBy(l => l.Path, StringComparer.Ordinal).ThenBy(l => l.Method, StringComparer.Ordinal);
        Snapshot.Matches("tests/Guildhall.Tests/Snapshots/routes.txt", string.Join('\n', lines));
    }

    [Fact]
    public async Task Every_route_keeps_the_rules()
    {
        await using var app = Product.NotStarted();
        Guard.Holds(Check([.. Lines(Product.Routes(app))]));
    }

    [Fact]
    public async Task A_route_without_a_rule_is_reported()
    {
        await using var app = Product.NotStarted();
        app.MapGet("/api/v1/planted", () => "open").WithName("Planted");
        Guard.Reports(Check([.. Lines(Product.Routes(app))]), "has no rule");
    }

    [Fact]
    public async Task A_money_post_without_a_key_is_reported()
    {
        await using var app = Product.NotStarted();
        app.MapPost("/api/v1/orders/{id}/payments/planted", () => "paid").WithName("Planted").RequiresSignIn();
        Guard.Reports(Check([.. Lines(Product.Routes(app))]), "needs an Idempotency-Key");
    }

    [Fact]
    public async Task A_money_post_for_anyone_is_reported()
    {
        await using var app = Product.NotStarted();
        app.MapPost("/api/v1/withdrawals/planted", () => "paid").WithName("Planted").ForAnyone().Idempotent();
        Guard.Reports(Check([.. Lines(Product.Routes(app))]), "is open to everyone");
    }

    [Fact]
    public async Task A_get_that_acts_is_reported()
    {
        await using var app = Product.NotStarted();
        app.MapGet("/api/v1/withdrawals/{id}/actions/approve", () => "done").WithName("ApprovePlanted").RequiresSignIn();
        Guard.Reports(Check([.. Lines(Product.Routes(app))]), "acts on a GET");
    }

    [Fact]
    public async Task Two_routes_of_one_name_are_reported()
    {
        await using var app = Product.NotStarted();
        app.MapGet("/api/v1/planted/1", () => "").WithName("Planted").ForAnyone();
        app.MapGet("/api/v1/planted/2", () => "").WithName("Planted").ForAnyone();
        Guard.Reports(Check([.. Lines(Product.Routes(app))]), "is the name of two routes");
    }

    private static IEnumerable<Violation> Check(IReadOnlyList<Line> lines)
    {
        foreach (var line in lines)
        {
            var (where, money) = ($"{line.Method} {line.Path}", IsApi(line) && MoneyPaths.Any(p => line.Path.Contains(p, StringComparison.Ordinal)));
            if (line.Rule is "NONE") yield return new Violation(where, "has no rule");
            if (IsApi(line) && line.Name is "-") yield return new Violation(where, "has no name");
            if (line.Method is "GET" && (line.Idempotent || line.Path.Contains("/actions/", StringComparison.Ordinal))) yield return new Violation(where, "acts on a GET");
            if (line.Method is "POST" && money && !line.Idempotent && !NeedNoKey.ContainsKey(line.Path)) yield return new Violation(where, "needs an Idempotency-Key");
            if (line.Method is not "GET" && money && line.Rule is "anyone" && !NeedNoKey.ContainsKey(line.Path) && !Open.ContainsKey(line.Path)) yield return new Violation(where, "is open to everyone");
            if (line.Path.Contains("/admin/", StringComparison.Ordinal) && IsApi(line) && !line.Rule.StartsWith("permission:", StringComparison.Ordinal))
                yield return new Violation(where, "is a staff route without a permission");
        }
        foreach (var twice in lines.Where(l => l.Name is not "-").GroupBy(l => l.Name, StringComparer.Ordinal).Where(g => g.Select(l => l.Path).Distinct(StringComparer.Ordinal).Count() > 1))
            yield return new Violation(string.Join(", ", twice.Select(l => l.Path)), $"{twice.Key} is the name of two routes");
    }

    private static bool IsApi(Line line) => line.Path.StartsWith("/api/", StringComparison.Ordinal);

    internal static IEnumerable<Line> Lines(IEnumerable<RouteEndpoint> routes) =>
        from route in routes
        where !string.Equals(route.RoutePattern.RawText, Unused, StringComparison.Ordinal)
        from method in route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["ANY"]
        let rule = RequestPipeline.RuleOf(route)
        select new Line(method, Fingerprint().Replace("/" + route.RoutePattern.RawText!.Trim('/'), ".*."), route.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? "-",
            RuleName(rule), RequestPipeline.RateOf(route).ToString().ToLowerInvariant(),
            route.Metadata.GetMetadata<IdempotentRoute>() is not null, route.Metadata.GetMetadata<FreshSession>() is not null, route.Metadata.GetMetadata<StepUpRoute>() is not null);

    // Assets carry a fingerprint of their content.
    [GeneratedRegex(@"\.[0-9a-f]{12}\.", RegexOptions.None, 1000)]
    private static partial Regex Fingerprint();

    private static string RuleName(RouteRule? rule) => rule is null ? "NONE" : rule.Access switch
    {
        RouteAccess.Anyone => "anyone",
        RouteAccess.SignedIn => "signed-in",
        RouteAccess.WithPermission => $"permission:{rule.Permission!.Name}",
    };
}
