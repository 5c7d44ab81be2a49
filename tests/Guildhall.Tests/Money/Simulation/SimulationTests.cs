namespace Guildhall.Tests.Money.Simulation;

/// <summary>The whole of the money engine, played from seeds. GUILDHALL_SIMULATION_SEED and GUILDHALL_SIMULATION_STEPS make it long: ./drill simulation.</summary>
public sealed class SimulationTests(SimulationWorld world) : IClassFixture<SimulationWorld>
{
    private static readonly int Steps = Setting("STEPS", 300);

    public static TheoryData<int> Seeds => Setting("SEED", 0) is var seed and not 0 ? [seed] : [2, 3]; // the planted bugs' tests play the first

    [Theory, MemberData(nameof(Seeds))]
    [Covers("M-7", "money-12", "money-13", "money-16", "money-28", "money-39", "money-41", "money-56", "money-83", "money-85")]
    public async Task The_laws_hold_whatever_happens_in_whatever_order(int seed)
    {
        await world.Empties();
        world.Listen();
        var play = new Play(world, seed);
        await play.Run(Steps);
        if (play.Broken.Count > 0) Assert.Fail(play.Report());
        TestContext.Current.TestOutputHelper!.WriteLine(await play.Summary());
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable("GUILDHALL_SIMULATION_" + name), out var value) ? value : otherwise;
}
