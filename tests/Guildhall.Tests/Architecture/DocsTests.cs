using System.Text.RegularExpressions;

namespace Guildhall.Tests.Architecture;

/// <summary>What the documents name exists, and the commands they give are the ones that continuous integration runs.</summary>
public sealed partial class DocsTests
{
    private static IEnumerable<SourceFile> Documents => Tree.Files("", ".md");

    [Fact]
    public void Every_link_leads_somewhere() => Guard.Holds(Documents.SelectMany(d => Links(d, Tree.Has)));

    [Fact]
    public void Every_path_that_where_things_live_names_exists() => Guard.Holds(Paths(new SourceFile("docs/where-things-live.md", Tree.Read("docs/where-things-live.md")), Tree.Has));

    [Fact]
    public void Every_command_of_the_readme_exists_and_ci_runs_what_it_says()
    {
        Guard.Holds(Commands(new SourceFile("README.md", Tree.Read("README.md")), Tree.Has));
        Tree.Read(".ci/run").ShouldContain("./check");
        Tree.Read("check").ShouldContain("/test");
        Tree.Read("README.md").ShouldContain("./run\n./test");
    }

    [Fact]
    public async Task Every_script_at_the_root_answers_help()
    {
        foreach (var script in new[] { "run", "test", "check", "db", "drill", "bench", "publish" }) (await Shell.Bash($"./{script} --help")).ShouldContain("Usage");
    }

    [Fact]
    public void Every_module_says_on_one_screen_what_it_owns() =>
        Product.Modules.Keys.Where(m => m is not ("Web" or "Foundation")).Select(m => $"src/Guildhall.{m}/README.md").Where(p => !Tree.Has(p)).ShouldBeEmpty();

    [Fact]
    public void A_dead_link_is_reported() => Guard.Reports(Links(new SourceFile("docs/a.md", "see [that](../nowhere.md#part) and [web](https://example.test)"), _ => false), "nowhere.md leads nowhere");

    [Fact]
    public void A_path_that_has_gone_is_reported() => Guard.Reports(Paths(new SourceFile("docs/a.md", "| x | `src/Gone/File.cs` |"), _ => false), "src/Gone/File.cs does not exist");

    [Fact]
    public void A_command_that_does_not_exist_is_reported() => Guard.Reports(Commands(new SourceFile("README.md", "```\n./start --now\n```"), _ => false), "./start does not exist");

    private static IEnumerable<Violation> Links(SourceFile document, Func<string, bool> exists) =>
        from Match link in Link().Matches(document.Text)
        let target = link.Groups[1].Value.Split('#')[0]
        where target.Length > 0 && !target.Contains(':', StringComparison.Ordinal)
        let path = Path.GetRelativePath(Tree.Root, Path.GetFullPath(Path.Combine(Tree.Root, Path.GetDirectoryName(document.Path)!, target)))
        where !exists(path)
        select new Violation(document.Path, $"{path} leads nowhere");

    private static IEnumerable<Violation> Paths(SourceFile document, Func<string, bool> exists) =>
        from Match path in Coded().Matches(document.Text)
        where path.Groups[1].Value.Contains('/', StringComparison.Ordinal) && !exists(path.Groups[1].Value)
        select new Violation(document.Path, $"{path.Groups[1].Value} does not exist");

    private static IEnumerable<Violation> Commands(SourceFile document, Func<string, bool> exists) =>
        from Match command in Command().Matches(document.Text)
        where !exists(command.Groups[1].Value)
        select new Violation(document.Path, $"./{command.Groups[1].Value} does not exist");

    [GeneratedRegex(@"\]\(([^)\s]+)\)", RegexOptions.None, 1000)]
    private static partial Regex Link();

    [GeneratedRegex(@"`([\w./-]+)`", RegexOptions.None, 1000)]
    private static partial Regex Coded();

    [GeneratedRegex(@"(?:^|`)\./([\w-]+)", RegexOptions.Multiline, 1000)]
    private static partial Regex Command();
}
