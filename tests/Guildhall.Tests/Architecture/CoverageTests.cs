using System.Text;
using System.Text.RegularExpressions;

namespace Guildhall.Tests.Architecture;

/// <summary>docs/coverage.md: which rows of the catalogue, the adversarial cases and ASVS a test proves, and which none does yet.</summary>
public sealed partial class CoverageTests
{
    internal sealed record Proof(string Id, string Test);

    private static readonly string[] Ids = Tree.Read("docs/catalogue-ids.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public void The_coverage_report_is_what_the_tests_say() => Snapshot.Matches("docs/coverage.md", Report([.. Tree.Files("tests", ".cs").SelectMany(Proofs)]));

    [Fact]
    public void Every_id_that_a_test_names_exists() => Guard.Holds(Unknown(Tree.Files("tests", ".cs").SelectMany(Proofs)));

    [Fact]
    public void An_id_that_does_not_exist_is_reported() =>
        Guard.Reports(Unknown(Proofs(new SourceFile("tests/PlantedTests.cs", $"[Cov{"ers"}(\"M-999\")]\npublic async Task Something() {{}}"))), "M-999");

    [Fact]
    public void Attributes_are_read_wherever_they_stand() =>
        Proofs(new SourceFile("tests/PaymentTests.cs", $"""
            [Fact]
            [Cov{"ers"}("M-1", "money-2")]
            [Trait("a", "b")]
            public Task Paying_works() => x;
            [Fact, Cov{"ers"}("M-3")]
            public void Once() 
            """))
            .ShouldBe([new("M-1", "PaymentTests.Paying_works"), new("money-2", "PaymentTests.Paying_works"), new("M-3", "PaymentTests.Once")]);

    private static IEnumerable<Proof> Proofs(SourceFile file) =>
        from Match mark in Mark().Matches(file.Text)
        from Match id in Quoted().Matches(mark.Groups["ids"].Value)
        select new Proof(id.Groups[1].Value, mark.Groups["class"].Success ? mark.Groups["class"].Value : $"{Path.GetFileNameWithoutExtension(file.Path)}.{mark.Groups["method"].Value}");

    private static IEnumerable<Violation> Unknown(IEnumerable<Proof> proofs) =>
        proofs.Where(p => !Ids.Contains(p.Id, StringComparer.Ordinal)).Select(p => new Violation(p.Test, $"covers {p.Id}, which is not in docs/catalogue-ids.txt"));

    private static string Report(IReadOnlyList<Proof> proofs)
    {
        var byId = proofs.ToLookup(p => p.Id, p => p.Test, StringComparer.Ordinal);
        var text = new StringBuilder("""
            # What the tests prove

            Rows of the catalogue (M money, I identity, B marketplace, N messaging, A content, O operations), adversarial cases (`money-…`, `identity-…`, `marketplace-…`)
            and ASVS 5.0 requirements (`asvs-…`), each with the tests that name it. Made from the tests' `Covers` marks; do not edit.

            | group | proven by a test | all |
            |---|---|---|

            """);
        var groups = Ids.GroupBy(id => id[..id.IndexOf('-', StringComparison.Ordinal)], StringComparer.Ordinal).ToArray();
        foreach (var group in groups) text.Append(null, $"| {group.Key} | {group.Count(id => byId[id].Any())} | {group.Count()} |\n");
        foreach (var group in groups)
        {
            text.Append(null, $"\n## {group.Key}\n\n");
            foreach (var id in group.Where(id => byId[id].Any()))
                text.Append(null, $"- {id}: {string.Join(", ", byId[id].Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))}\n");
            if (group.Where(id => !byId[id].Any()).ToArray() is { Length: > 0 } open) text.Append(null, $"- not yet: {string.Join(", ", open)}\n");
        }
        return text.ToString();
    }

    [GeneratedRegex(@"\bCovers\((?<ids>[^)]*)\)(?:(?!\bCovers\()[\s\S])*?(?:\bclass\s+(?<class>\w+)|\b(?:Task|void|ValueTask)\s+(?<method>\w+)\s*\()", RegexOptions.None, 5000)]
    private static partial Regex Mark();

    [GeneratedRegex("\"([^\"]+)\"", RegexOptions.None, 1000)]
    private static partial Regex Quoted();
}
