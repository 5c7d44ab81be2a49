using System.Text.RegularExpressions;

namespace Guildhall.Tests.Architecture;

/// <summary>The requests to try by hand are routes that exist.</summary>
public sealed partial class RequestsTests
{
    private static readonly string[] Routes = [.. Tree.Read("tests/Guildhall.Tests/Snapshots/routes.txt").Split('\n').Select(line => Shape(string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2))))];

    [Fact]
    public void Every_request_to_try_is_a_route() => Guard.Holds(Tree.Files("requests", ".http").SelectMany(file => Unknown(file, Routes)));

    [Fact]
    public void A_request_to_a_route_that_has_gone_is_reported() =>
        Guard.Reports(Unknown(new SourceFile("requests/a.http", "GET {{host}}/api/v1/nowhere/{{id}}?x=1"), Routes), "GET /api/v1/nowhere/{} is no route");

    private static IEnumerable<Violation> Unknown(SourceFile file, string[] routes) =>
        from Match request in Request().Matches(file.Text)
        let shape = Shape($"{request.Groups[1].Value} {request.Groups[2].Value}")
        where !routes.Contains(shape, StringComparer.Ordinal)
        select new Violation(file.Path, $"{shape} is no route");

    private static string Shape(string request) => Hole().Replace(request, "{}");

    [GeneratedRegex(@"^(GET|POST|PUT|PATCH|DELETE) \{\{host\}\}([^\s?]+)", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Request();

    [GeneratedRegex(@"\{+[^{}]+\}+", RegexOptions.NonBacktracking)]
    private static partial Regex Hole();
}
