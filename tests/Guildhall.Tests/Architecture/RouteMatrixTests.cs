using Guildhall.Foundation.Http;
using Guildhall.Tests.Money;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Tests.Architecture;

/// <summary>Every route of the manifest asked for by nobody, by each role, by somebody with exactly its permission and by somebody with every other:
/// what the server answers is what the route's rule says. The pages are not asked; the server alone decides.</summary>
public sealed class RouteMatrixTests(RouteMatrixTests.Setup world) : IClassFixture<RouteMatrixTests.Setup>
{
    public sealed class Setup : NodesOnly
    {
        protected override int NodeCount => 1;

        protected override void Adjust(WebApplicationBuilder builder, int node) => builder.Services.AddSingleton<IStartupFilter>(new TestSignIn());

        // Planted: a rule that says less than the route's name promises, and a route that has none.
        protected override void MapRoutes(IEndpointRouteBuilder routes) => routes.MapGet("/api/planted/forgotten", () => "open");
    }

    private sealed record Cell(RouteCall Route, string Who, bool IsRefused, string Said)
    {
        public override string ToString() => $"{Route} as {Who}: {Said}";
    }

    private static readonly string[] Roles = ["customer", "provider", "finance", "admin"];

    [Fact]
    [Covers("I-12", "asvs-8.2.1", "asvs-8.3.1")]
    public async Task Asvs_8_2_1_Every_route_answers_every_role_as_its_rule_says()
    {
        var routes = RouteCall.Of(world.Node(0)).Where(r => !r.Pattern.Contains("planted", StringComparison.Ordinal)).ToArray();
        var permissions = await PermissionsOfRoles();
        var everybody = routes.Select(r => r.Rule?.Permission?.Name).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        var people = new Dictionary<string, Person>(StringComparer.Ordinal);
        foreach (var role in Roles) people[role] = await world.Person(role);
        var wrong = new System.Collections.Concurrent.ConcurrentBag<string>();

        await Parallel.ForEachAsync(routes, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (route, _) =>
        {
            foreach (var (who, visitor, may) in Askers(route, people, permissions, everybody))
            {
                var cell = await Ask(route, who, visitor);
                if (cell.IsRefused == may) wrong.Add($"{cell}; its rule is {route.Rule?.Access.ToString() ?? "NONE"} {route.Rule?.Permission?.Name}");
            }
        });
        wrong.Order(StringComparer.Ordinal).ShouldBeEmpty();
        routes.Length.ShouldBeGreaterThan(250);
    }

    [Fact]
    public async Task A_route_that_nobody_gave_a_rule_answers_not_even_an_administrator()
    {
        var admin = await world.Person("admin");
        (await admin.Get("/api/planted/forgotten")).MustRefuse(FoundationRefusals.NotFound);
        RouteCall.Of(world.Node(0)).Single(r => r.Pattern is "/api/planted/forgotten").Rule.ShouldBeNull();
    }

    private IEnumerable<(string Who, Visitor Visitor, bool May)> Askers(
        RouteCall route, Dictionary<string, Person> people, ILookup<string, string> permissions, string[] everybody)
    {
        var rule = route.Rule;
        yield return ("nobody", world.Visitor(), rule?.Access is RouteAccess.Anyone);
        foreach (var role in Roles)
            yield return (role, people[role], rule?.Access is RouteAccess.Anyone or RouteAccess.SignedIn
                || (rule?.Permission is { } p && permissions[role].Any(held => held == p.Name || held == "*")));
        if (rule?.Permission is not { } needed) yield break;
        yield return ($"somebody with {needed.Name} only", Acting(needed.Name), true);
        yield return ($"somebody with everything but {needed.Name}", Acting([.. everybody.Where(p => p != needed.Name)]), false);
    }

    private ActingVisitor Acting(params string[] permissions) => new(world, $"{Guid.CreateVersion7()} {string.Join(' ', permissions)}");

    private sealed class ActingVisitor(World world, string caller) : Visitor(world)
    {
        protected override (string Name, string Value)? Also => (TestSignIn.Header, caller);
    }

    // Refused means refused by the rule: what a handler says after it was entered (a fresh proof, a form that is too old) is another matter.
    private static async Task<Cell> Ask(RouteCall route, string who, Visitor visitor)
    {
        // Another route may end the session just then.
        for (var tries = 0; ; tries++)
        {
            var answer = await visitor.Send(new HttpMethod(route.Method), route.PathOfNothing(), null, ("Idempotency-Key", Guid.NewGuid().ToString()));
            if (tries < 8 && answer.Code is "SESSION_EXPIRED" && visitor is Person person) { await person.SignsIn(); continue; }
            var toSignIn = answer.Status is 302 or 303 && answer.Headers["Location"].StartsWith("/sign-in?", StringComparison.Ordinal) && route.Rule?.Access is not RouteAccess.Anyone;
            return new Cell(route, who, toSignIn || answer.Code is "sign_in_required" or "not_allowed" or "SESSION_EXPIRED", $"{answer.Status} {answer.Code}");
        }
    }

    private async Task<ILookup<string, string>> PermissionsOfRoles() =>
        (await world.Database.Rows("select role, permission from identity.role_permissions")).ToLookup(r => (string)r[0]!, r => (string)r[1]!, StringComparer.Ordinal);
}
