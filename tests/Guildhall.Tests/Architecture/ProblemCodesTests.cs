using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;

namespace Guildhall.Tests.Architecture;

/// <summary>Every refusal stands in its module's one list, has a code of its own, is used somewhere, and is in docs/problems.md.</summary>
public sealed partial class ProblemCodesTests
{
    internal sealed record Listed(string List, string Field, Refusal Refusal);

    // Foundation lists these for the modules above it.
    private static readonly string[] ForOthers = ["FoundationRefusals.InvalidInput", "FoundationRefusals.AntiforgeryFailed", "FoundationRefusals.SettingUnknown"];

    [Fact]
    public void The_document_lists_every_refusal() => Snapshot.Matches("docs/problems.md", Document([.. Product.Modules.Values.SelectMany(a => a.GetTypes()).SelectMany(Of)]));

    [Fact]
    public void Every_refusal_keeps_the_rules() =>
        Guard.Holds(Check([.. Product.Modules.Values.SelectMany(a => a.GetTypes()).SelectMany(Of)], [.. Tree.Files("src", ".cs", ".razor")]));

    [Fact]
    public void One_code_for_two_refusals_is_reported() => Guard.Reports(
        Check([new("ARefusals", "One", new("taken", 409, "It is taken.")), new("BRefusals", "Two", new("taken", 404, "Gone away."))], [Using("ARefusals.One BRefusals.Two")]),
        "`taken` stands for two refusals");

    [Fact]
    public void A_refusal_that_nothing_answers_is_reported() =>
        Guard.Reports(Check([new("ARefusals", "One", new("taken", 409, "It is taken. Choose another."))], []), "nothing answers it");

    [Fact]
    public void A_status_that_is_no_refusal_is_reported() =>
        Guard.Reports(Check([new("ARefusals", "One", new("taken", 200, "It is taken. Choose another."))], [Using("ARefusals.One")]), "200 is no refusal");

    [Fact]
    public void A_refusal_made_outside_its_list_is_reported() =>
        Guard.Reports(Check([], [new SourceFile("src/Guildhall.Money/Pay.cs", "return new Refusal(\"x\", 400, \"No.\");")]), "stands outside its module's list");

    private static SourceFile Using(string text) => new("src/Guildhall.Money/Use.cs", text);

    private static IEnumerable<Listed> Of(Type type) => type.Name.EndsWith("Refusals", StringComparison.Ordinal)
        ? type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).Where(f => f.FieldType == typeof(Refusal))
            .Select(f => new Listed(type.Name, f.Name, (Refusal)f.GetValue(null)!))
        : [];

    private static IEnumerable<Violation> Check(IReadOnlyList<Listed> refusals, IReadOnlyList<SourceFile> files)
    {
        foreach (var twice in refusals.GroupBy(r => r.Refusal.Code, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
            yield return new Violation(string.Join(", ", twice.Select(r => $"{r.List}.{r.Field}")), $"`{twice.Key}` stands for two refusals");
        foreach (var (list, field, refusal) in refusals)
        {
            var where = $"{list}.{field}";
            if (refusal.Status is < 400 or > 599) yield return new Violation(where, $"{refusal.Status} is no refusal");
            if (!Code().IsMatch(refusal.Code)) yield return new Violation(where, $"`{refusal.Code}` is not a code");
            if (!refusal.Sentence.EndsWith('.')) yield return new Violation(where, "its sentence does not end");
            if (!ForOthers.Contains(where, StringComparer.Ordinal) && !files.Any(f => Uses(f, list, field))) yield return new Violation(where, "nothing answers it");
        }
        foreach (var file in files.Where(f => !f.Path.EndsWith("Refusals.cs", StringComparison.Ordinal) && !f.Path.StartsWith("src/Guildhall.Sandbox/", StringComparison.Ordinal)))
            if (CSharpText.Read(file.Text).Code.Contains("new Refusal(", StringComparison.Ordinal)) yield return new Violation(file.Path, "a refusal stands outside its module's list");
    }

    private static bool Uses(SourceFile file, string list, string field) =>
        Regex.IsMatch(file.Text, $@"\b{list}\.{field}\b|using static [\w.]*{list};[\s\S]*\b{field}\b", RegexOptions.None, TimeSpan.FromSeconds(1));

    private static string Document(IReadOnlyList<Listed> refusals)
    {
        var text = new StringBuilder("""
            # Problems

            Every "no" of the API is `application/problem+json` with a stable `code`, the HTTP status, a sentence, and the `requestId` to quote when asking for help.
            Made from the modules' lists by the tests; do not edit.

            """);
        foreach (var list in refusals.GroupBy(r => r.List, StringComparer.Ordinal).OrderBy(g => g.Key is "FoundationRefusals" ? "" : g.Key, StringComparer.Ordinal))
        {
            text.Append("\n## ").Append(list.Key[..^"Refusals".Length]).Append("\n\n| code | status | what to do |\n|---|---|---|\n");
            foreach (var (_, _, refusal) in list.OrderBy(r => r.Refusal.Code, StringComparer.OrdinalIgnoreCase))
                text.Append(null, $"| <a id=\"{refusal.Code}\"></a>`{refusal.Code}` | {refusal.Status} | {refusal.Sentence} |\n");
        }
        return text.ToString();
    }

    [GeneratedRegex("^(?:[a-z][a-z0-9_]+|[A-Z][A-Z0-9_]+)$", RegexOptions.None, 1000)]
    private static partial Regex Code();
}
