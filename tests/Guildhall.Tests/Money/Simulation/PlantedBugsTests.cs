namespace Guildhall.Tests.Money.Simulation;

/// <summary>Proves that the simulation can fail: every planted bug is found by it. ./drill simulation --plants plays all of them; a test run a few of
/// them, others every day.</summary>
public sealed class PlantedBugsTests(SimulationWorld world) : IClassFixture<SimulationWorld>
{
    private const int Seeds = 12, Steps = 300, Short = 4;

    public static TheoryData<string> Names
    {
        get
        {
            var names = Plant.All.Select(p => p.Name).ToArray();
            if (Environment.GetEnvironmentVariable("GUILDHALL_SIMULATION_PLANT") is { } one) return [one];
            if (Environment.GetEnvironmentVariable("GUILDHALL_SIMULATION_WHOLE") is not null) return [.. names];
            var first = DateTime.UtcNow.DayOfYear * Short % names.Length;
            return [.. Enumerable.Range(0, Short).Select(i => names[(first + i) % names.Length])];
        }
    }

    [Theory, MemberData(nameof(Names))]
    public async Task A_planted_bug_is_found(string bug)
    {
        var plant = Plant.All.Single(p => string.Equals(p.Name, bug, StringComparison.Ordinal));
        world.Listen();
        var kept = await Definitions.Read(world.Database);
        for (var seed = 1; seed <= Seeds; seed++)
        {
            await world.Empties();
            await plant.Put(world);
            var play = new Play(world, seed);
            try { await play.Run(Steps, checkEvery: 5); }
            finally { await kept.Restore(world.Database); }
            if (play.Broken.Count == 0) continue;
            TestContext.Current.TestOutputHelper!.WriteLine($"| {bug} | seed {seed}, step {play.Steps} | {play.Broken[0].Split('\n')[0].Trim()} |");
            return;
        }
        Assert.Fail($"{bug}: not found in {Seeds} plays of {Steps} operations{(plant.WasMet ? "" : "; no statement has its words any more")}.");
    }

    [Fact]
    public async Task Without_a_bug_the_same_plays_find_nothing()
    {
        for (var seed = 1; seed <= (Environment.GetEnvironmentVariable("GUILDHALL_SIMULATION_WHOLE") is null ? 1 : Seeds); seed++)
        {
            await world.Empties();
            world.Listen();
            var play = new Play(world, seed);
            await play.Run(Steps, checkEvery: 5);
            if (play.Broken.Count > 0) Assert.Fail(play.Report());
        }
    }

    [Fact]
    public async Task The_functions_still_have_the_words_that_bugs_exchange()
    {
        foreach (var (name, find, _) in Plant.All.Select(p => p.Function).OfType<(string Name, string Find, string Put)>())
            (await world.Database.Value<string>("select pg_get_functiondef(('money.' || $1)::regproc)", name)).ShouldContain(find);
    }

    [Fact]
    public void There_are_at_least_twenty() => Plant.All.Count.ShouldBeGreaterThanOrEqualTo(20);
}

/// <summary>Functions, constraints and indexes as they were, to be put back.</summary>
internal sealed record Definitions(IReadOnlyList<string> Functions, IReadOnlyList<(string Name, string Make)> Parts)
{
    public static async Task<Definitions> Read(TestDatabase database) => new(
        await database.Column<string>("select pg_get_functiondef(p.oid) from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'money' and p.prokind = 'f'"),
        [.. (await database.Rows(Now)).Select(r => ((string)r[0]!, (string)r[1]!))]);

    public async Task Restore(TestDatabase database)
    {
        foreach (var function in Functions) await database.Execute(function);
        await database.Execute("truncate money.payment_guards, money.webhooks, money.payments, money.withdrawals, money.approvals cascade");
        var now = (await database.Rows(Now)).Select(r => (string)r[0]!).ToHashSet(StringComparer.Ordinal);
        foreach (var (_, make) in Parts.Where(p => !now.Contains(p.Name))) await database.Execute(make);
    }

    private const string Now = """
        select conrelid::regclass::text || ' ' || conname, format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
        from pg_constraint where connamespace = 'money'::regnamespace and conrelid <> 0 and contype in ('c', 'u')
        union all select schemaname || ' ' || indexname, indexdef from pg_indexes
        where schemaname = 'money' and indexname not in (select conname from pg_constraint where connamespace = 'money'::regnamespace)
        """;
}
