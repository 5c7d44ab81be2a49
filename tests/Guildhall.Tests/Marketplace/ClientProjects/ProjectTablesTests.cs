using Guildhall.Foundation.Data;
using Guildhall.Marketplace.ClientProjects;

namespace Guildhall.Tests.Marketplace.ClientProjects;

/// <summary>What the code allows is what the tables of the README say.</summary>
[Covers("B-8")]
public sealed class ProjectTablesTests
{
    [Fact]
    public void A_project_moves_as_its_table_says() => Table("project").ShouldBe(Rows<ClientProjectState, ProjectAct>(ClientProject.After));

    [Fact]
    public void A_milestone_moves_as_its_table_says() => Table("milestone").ShouldBe(Rows<MilestoneState, MilestoneAct>(Milestone.After), ignoreOrder: true);

    private static IEnumerable<string> Rows<TState, TAct>(Func<TState, TAct, TState?> after) where TState : struct, Enum where TAct : struct, Enum =>
        from state in Enum.GetValues<TState>()
        from act in Enum.GetValues<TAct>()
        select $"{Names.Of(state)} {Names.Of(act)} {(after(state, act) is { } next ? Names.Of(next) : "–")}";

    private static IEnumerable<string> Table(string what)
    {
        var rows = Tree.Read("src/Guildhall.Marketplace/README.md").Split('\n').SkipWhile(l => !l.StartsWith($"| {what} |", StringComparison.Ordinal)).TakeWhile(l => l.StartsWith('|'))
            .Where(l => !l.StartsWith("|---", StringComparison.Ordinal)).Select(l => l.Trim('|', ' ').Split('|').Select(c => c.Trim()).ToArray()).ToArray();
        rows.Length.ShouldBeGreaterThan(1, $"README.md has no table of {what}s.");
        return rows.Skip(1).SelectMany(row => row.Skip(1).Select((next, i) => $"{row[0]} {rows[0][i + 1]} {next}"));
    }
}
