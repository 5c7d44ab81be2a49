using System.Text.RegularExpressions;

namespace Guildhall.Tests.Money;

/// <summary>The tables of the module's README, which the tests go by.</summary>
internal static partial class Readme
{
    private static readonly string[] Lines = Tree.Read("src/Guildhall.Money/README.md").Split('\n');

    /// <summary>Rows of the table below a heading, head first, each as its cells.</summary>
    public static IReadOnlyList<string[]> Table(string heading)
    {
        var rows = Lines.SkipWhile(line => !line.StartsWith("### " + heading, StringComparison.Ordinal)).Skip(1).TakeWhile(line => line.StartsWith('|'))
            .Where(line => !line.StartsWith("|---", StringComparison.Ordinal)).Select(line => line.Trim('|', ' ').Split('|').Select(cell => cell.Trim()).ToArray()).ToArray();
        rows.Length.ShouldBeGreaterThan(1, $"README.md has no table {heading}.");
        return rows;
    }

    /// <summary>The changes that the diagram of a payment's states shows.</summary>
    public static IEnumerable<string> Diagram() => Lines.SkipWhile(line => !line.StartsWith("stateDiagram", StringComparison.Ordinal)).TakeWhile(line => line is not "```")
        .Select(line => line.Trim()).Where(line => line.Contains(" --> ", StringComparison.Ordinal) && !line.StartsWith("[*]", StringComparison.Ordinal));

    public static IEnumerable<string> KindsInCode() => Tree.Files("src/Guildhall.Money", ".cs").SelectMany(f => Kind().Matches(f.Text)).Select(m => m.Groups[1].Value)
        .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    [GeneratedRegex("new Journal\\((?:\\$\"[^\"]+\"|\\w+), \"(\\w+)\"", RegexOptions.None, 1000)]
    private static partial Regex Kind();
}
