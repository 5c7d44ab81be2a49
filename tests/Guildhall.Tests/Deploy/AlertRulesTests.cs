using System.Text.Json;
using System.Text.RegularExpressions;
using Guildhall.Operations.Metrics;

namespace Guildhall.Tests.Deploy;

/// <summary>The files of <c>deploy/prometheus</c> and <c>deploy/grafana</c>: every rule can fire and can be silent, and what they ask for is measured.</summary>
[Covers("O-3", "marketplace-60")]
public sealed partial class AlertRulesTests(MetricsNames names) : IClassFixture<MetricsNames>
{
    private static string Rules => Tree.Read("deploy/prometheus/guildhall.rules.yml");

    [Fact]
    public async Task Every_rule_fires_and_is_silent_when_it_should_be() =>
        (await Shell.Bash("cd deploy/prometheus && promtool check config prometheus.yml && promtool check rules guildhall.rules.yml && promtool test rules guildhall.tests.yml 2>&1")).ShouldContain("SUCCESS");

    [Fact]
    public void Every_rule_has_a_test_that_fires_it_and_one_that_keeps_it_silent() => Untested(Rules, Tree.Read("deploy/prometheus/guildhall.tests.yml")).ShouldBeEmpty();

    [Fact]
    public void A_rule_without_its_two_tests_is_reported() =>
        Untested("- alert: A\n- alert: B\n", "alertname: A\n exp_alerts:\n - exp_labels\nalertname: A\n exp_alerts: []\nalertname: B\n exp_alerts: []\n").ShouldBe(["B never fires"]);

    [Fact]
    public async Task Rules_and_dashboards_ask_only_for_what_a_node_measures()
    {
        var measured = await names.Measured();
        Unknown("rules", Queries(Rules), measured).ShouldBeEmpty();
        var boards = Tree.Files("deploy/grafana", ".json").ToArray();
        boards.Length.ShouldBe(3);
        foreach (var board in boards) Unknown(board.Path, Expressions(JsonSerializer.Deserialize<JsonElement>(board.Text)), measured).ShouldBeEmpty();
    }

    [Fact]
    public void A_query_for_what_nobody_measures_is_reported() =>
        Unknown("x", ["sum(rate(guildhall_paymets_total[5m]))", "up == 0"], new HashSet<string>(["guildhall_payments_total"], StringComparer.Ordinal)).ShouldBe(["x: guildhall_paymets_total"]);

    [Fact]
    public void Every_panel_says_what_it_shows_and_no_two_boards_have_one_name()
    {
        var boards = Tree.Files("deploy/grafana", ".json").Select(b => JsonSerializer.Deserialize<JsonElement>(b.Text)).ToArray();
        boards.Select(b => b.GetProperty("uid").GetString()).Distinct().Count().ShouldBe(boards.Length);
        foreach (var panel in boards.SelectMany(b => b.GetProperty("panels").EnumerateArray()))
        {
            panel.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
            panel.GetProperty("description").GetString().ShouldNotBeNullOrEmpty();
            panel.GetProperty("targets").GetArrayLength().ShouldBeGreaterThan(0);
        }
    }

    private static IEnumerable<string> Untested(string rules, string tests)
    {
        foreach (Match rule in Alert().Matches(rules))
        {
            var cases = Case().Matches(tests).Where(c => c.Groups[1].Value == rule.Groups[1].Value).Select(c => c.Groups[2].Value.Length > 0).ToArray();
            if (cases.All(silent => silent)) yield return rule.Groups[1].Value + " never fires";
            if (!cases.Any(silent => silent)) yield return rule.Groups[1].Value + " is never silent";
        }
    }

    private static IEnumerable<string> Queries(string rules) => Expression().Matches(rules).Select(m => m.Groups[1].Value);

    private static IEnumerable<string> Expressions(JsonElement board) =>
        board.GetProperty("panels").EnumerateArray().SelectMany(p => p.GetProperty("targets").EnumerateArray()).Select(t => t.GetProperty("expr").GetString()!);

    private static IEnumerable<string> Unknown(string where, IEnumerable<string> queries, IReadOnlySet<string> measured) =>
        from query in queries
        from Match name in Metric().Matches(By().Replace(query, ""))
        where !measured.Contains(name.Value)
        select $"{where}: {name.Value}";

    // The labels that a sum is by.
    [GeneratedRegex(@"by \([^)]*\)", RegexOptions.None, 1000)]
    private static partial Regex By();

    [GeneratedRegex(@"- alert: (\w+)", RegexOptions.None, 1000)]
    private static partial Regex Alert();

    [GeneratedRegex(@"alertname: (\w+)\s+exp_alerts:( \[\])?", RegexOptions.None, 1000)]
    private static partial Regex Case();

    [GeneratedRegex(@"expr: (.*?)\n {8}(?:for|labels):", RegexOptions.Singleline, 1000)]
    private static partial Regex Expression();

    [GeneratedRegex(@"\b(?:guildhall|http|db|dotnet|kestrel)_\w+(?=[\[{ )/]|$)(?! *[=!]~?"")", RegexOptions.None, 1000)]
    private static partial Regex Metric();
}

/// <summary>A node that has measured everything once.</summary>
public sealed class MetricsNames : Operations.Metrics.MetricsWorld
{
    public async Task<IReadOnlySet<string>> Measured()
    {
        var (seller, customer) = (await this.Provider(), await this.Customer());
        await customer.BooksAndPays(seller);
        var text = await Scrape();
        var names = text.Split('\n').Where(l => l.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(l => l.Split(' ')).SelectMany(l => l[3] == "histogram" ? new[] { l[2] + "_bucket", l[2] + "_sum", l[2] + "_count" } : [l[2]])
            .ToHashSet(StringComparer.Ordinal);
        MetricChoice.OfFramework.Where(n => !text.Contains("# TYPE " + n + " ", StringComparison.Ordinal)).ShouldBeEmpty();
        return names;
    }
}
