using System.Text.RegularExpressions;
using Guildhall.Foundation.Jobs;

namespace Guildhall.Tests.Money.Simulation;

/// <summary>Every flow of money, killed before and after each of its round trips to PostgreSQL and the gateway. Another node goes on: the client repeats
/// its request with the same key, leases run out, jobs are run, time passes. Then the flow was had once or not at all, the gateway did nothing
/// twice, and the books hold. A test plays a share of the flows and places, another every day, ./drill crashes all of them.</summary>
public sealed partial class CrashTests(CrashWorld world) : IClassFixture<CrashWorld>
{
    private static readonly bool Whole = Environment.GetEnvironmentVariable("GUILDHALL_SIMULATION_WHOLE") is not null;

    // One in so many flows in a test run, others every day.
    private static readonly int Share = int.TryParse(Environment.GetEnvironmentVariable("GUILDHALL_SIMULATION_SHARE"), out var share) ? share : 6;

    public static TheoryData<string> Names => Whole
        ? [.. CrashFlows.All.Keys.Where(name => name.Contains(Environment.GetEnvironmentVariable("GUILDHALL_SIMULATION_FLOW") ?? "", StringComparison.Ordinal))]
        : [.. CrashFlows.All.Keys.Where((_, i) => i % Share == DateTime.UtcNow.DayOfYear % Share)];

    [Theory, MemberData(nameof(Names))]
    [Covers("money-5", "money-29", "money-41", "money-67", "money-72", "money-85")]
    public async Task A_node_may_be_killed_anywhere(string name)
    {
        world.Watch();
        var flow = CrashFlows.All[name];
        await world.Empties();
        var count = new Crash();
        (await Play(flow, count)).ShouldBe(flow.Posts, "The journals of this flow are said beside it.");
        count.Boundaries.ShouldBeGreaterThan(1);
        var all = Enumerable.Range(1, count.Boundaries).SelectMany(n => new[] { (N: n, After: false), (N: n, After: true) }).ToArray();
        var places = Whole ? all : [.. all.Where((_, i) => i % Share == DateTime.UtcNow.DayOfYear / Share % Share)];
        foreach (var (n, after) in places)
        {
            var crash = await Kill(name, n, after);
            // A transaction that met another was run again when the places were counted, or the circuit to the gateway was open now: once more.
            if (!crash.Struck) crash = await Kill(name, n, after);
            if (!crash.Struck) Assert.Fail($"{name}: the place {n} of {count.Boundaries} was not reached, only {crash.Boundaries}: {string.Join(" / ", crash.Places)}; counted: {string.Join(" / ", count.Places)}");
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"| {name} | {count.Boundaries} round trips | {places.Length} of {2 * count.Boundaries} places killed at |");
    }

    [Fact]
    public void Every_journal_is_posted_by_a_flow() => CrashFlows.All.Values.SelectMany(f => f.Posts.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ShouldBe(Readme.KindsInCode());

    [Fact]
    public void Every_job_of_money_that_leaves_the_process_is_killed_in_a_flow()
    {
        var ofMoney = Tree.Files("src/Guildhall.Money", ".cs").SelectMany(f => JobKind().Matches(f.Text)).Select(m => m.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        var flows = Tree.Read("tests/Guildhall.Tests/Money/Simulation/CrashFlows.cs");
        string[] movesNothing = ["render_invoice", "tell_of_invoice", "keep_books", "end_uploads"];
        world.Get<JobBook>().Kinds(outside: true).Where(ofMoney.Contains).Except(movesNothing).Where(kind => !flows.Contains($"node, \"{kind}\"", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [GeneratedRegex("static string Kind => \"(\\w+)\"", RegexOptions.None, 1000)]
    private static partial Regex JobKind();

    private async Task<Crash> Kill(string name, int n, bool after)
    {
        var crash = new Crash(n, after);
        try { await Play(CrashFlows.All[name], crash); }
        catch (Exception problem) { Assert.Fail($"{name}, killed {(after ? "after" : "before")} {n} ({crash.Places.LastOrDefault()}): {problem.Message}"); }
        return crash;
    }

    // Answers the kinds of journals that were posted from where the flow begins to where it has settled.
    private async Task<string> Play(CrashFlows.Flow flow, Crash crash)
    {
        var sale = await Sale.Placed(world);
        world.Crash = null;
        await flow.Before(sale);
        var last = await world.Database.Value<long>("select coalesce(max(id), 0) from money.journals");
        world.Crash = crash;
        await sale.Does(() => flow.Run(sale, 0));
        world.Crash = null;
        await sale.Recovers(crash.Struck ? () => flow.Run(sale, 1) : null);
        // A crash may leave a failed attempt behind, but only a crash.
        (await sale.Now()).ShouldBeOneOf(crash.Struck ? flow.End.Split('|') : [flow.End.Split('|')[0]]);
        var posted = string.Join(' ', await world.Database.Column<string>("select distinct kind from money.journals where id > $1 order by kind", last));

        var broken = await Laws.Broken(world);
        await sale.Finishes();
        if (broken.Count == 0) broken = [.. await Laws.Broken(world), .. await Laws.BrokenAtTheEnd(world)];
        if (broken.Count > 0 || world.Jobs.Failures.Count > 0) throw new InvalidOperationException(string.Join("\n", [.. broken, .. world.Jobs.Failures]));
        return posted;
    }
}
