namespace Guildhall.Tests.Money.Simulation;

/// <summary>Every flow of money, killed before and after each of its round trips to PostgreSQL and the gateway. Another node goes on: the client repeats
/// its request with the same key, leases run out, jobs are run, time passes. Then the flow was had once or not at all, the gateway did nothing
/// twice, and the books hold. A test plays a share of the places, ./drill crashes all of them.</summary>
public sealed class CrashTests(CrashWorld world) : IClassFixture<CrashWorld>
{
    private const int Share = 6;
    private static readonly bool Whole = Environment.GetEnvironmentVariable("GUILDHALL_SIMULATION_WHOLE") is not null;

    /// <param name="Before">Brings the sale to where the flow begins; nothing is watched.</param>
    /// <param name="Run">What the first node does; a request is repeated with its key until it is answered, a job is left to its lease.</param>
    /// <param name="Ends">The states that are allowed in the end, as <see cref="Sale.Now"/> tells them.</param>
    internal sealed record Flow(Func<Sale, Task> Before, Func<Sale, int, Task> Run, params string[] Ends);

    private static readonly Dictionary<string, Flow> Flows = new(StringComparer.Ordinal)
    {
        ["start"] = new(s => Task.CompletedTask, (s, node) => s.Starts(node), "open expired"),
        ["settle by webhook"] = new(s => s.OnPage(), (s, node) => s.Webhook(node, "payment_intent.succeeded"), "paid captured"),
        ["settle by check"] = new(s => s.OnPage(), (s, node) => s.Job(node, "check_payment"), "paid captured"),
        ["settle and refuse to deliver"] = new(async s => { s.IsGone(); await s.OnPage(); }, (s, node) => s.Webhook(node, "payment_intent.succeeded"), "paid captured refund completed"),
        ["cancel payment"] = new(async s => await s.Starts(0), (s, node) => s.Cancels(node), "open cancelled"),
        ["cancel payment that was paid"] = new(s => s.OnPage(), (s, node) => s.Cancels(node), "paid captured"),
        ["refund"] = new(s => s.Paid(), (s, node) => s.Refunds(node), "paid captured refund completed"),
        ["send refund"] = new(async s => { await s.Paid(); await s.Refunds(0); }, (s, node) => s.Job(node, "send_refund"), "paid captured refund completed"),
        ["refund after release"] = new(s => s.Released(), (s, node) => s.Refunds(node), "paid captured released refund completed"),
        ["release"] = new(s => s.Paid(), (s, node) => s.Releases(node), "paid captured released"),
        ["withdraw"] = new(s => s.Released(), (s, node) => s.Withdraws(node), "paid captured released withdrawal pending"),
        ["approve"] = new(s => s.Asked(), (s, node) => s.Approves(node), "paid captured released withdrawal completed"),
        ["reject"] = new(s => s.Asked(), (s, node) => s.Rejects(node), "paid captured released withdrawal rejected"),
        ["cancel withdrawal"] = new(s => s.Asked(), (s, node) => s.TakesBack(node), "paid captured released withdrawal cancelled"),
        ["send payout"] = new(async s => { await s.Asked(); await s.Approves(0); }, (s, node) => s.Job(node, "send_payout"), "paid captured released withdrawal completed"),
        ["payout fails"] = new(async s => { await s.InTransit(); s.PayoutBecomes("failed"); }, (s, node) => s.Webhook(node, "payout.updated"), "paid captured released withdrawal failed"),
        ["payout is returned"] = new(async s => { await s.InTransit(); s.PayoutBecomes("paid"); await s.Settles(); s.PayoutBecomes("failed"); }, (s, node) => s.Webhook(node, "payout.updated"), "paid captured released withdrawal returned"),
        ["take back"] = new(async s => { await s.InTransit(); s.PayoutBecomes("failed"); await s.Settles("take_back_payout"); }, (s, node) => s.Job(node, "take_back_payout"), "paid captured released withdrawal failed"),
    };

    public static TheoryData<string> Names => [.. Flows.Keys];

    [Theory, MemberData(nameof(Names))]
    [Covers("money-5", "money-29", "money-41", "money-67", "money-72", "money-85")]
    public async Task A_node_may_be_killed_anywhere(string name)
    {
        world.Watch();
        var flow = Flows[name];
        await world.Empties();
        var count = new Crash();
        await Play(flow, count);
        count.Boundaries.ShouldBeGreaterThan(1);
        var first = DateTime.UtcNow.DayOfYear % Share;
        var places = Enumerable.Range(1, count.Boundaries).SelectMany(n => new[] { (n, After: false), (n, After: true) }).Where((_, i) => Whole || i % Share == first).ToArray();
        foreach (var (n, after) in places)
        {
            var crash = new Crash(n, after);
            try { await Play(flow, crash); }
            catch (Exception problem) { Assert.Fail($"{name}, killed {(after ? "after" : "before")} {n} of {count.Boundaries} ({crash.Places.LastOrDefault()}): {problem.Message}"); }
            if (!crash.Struck) Assert.Fail($"{name}: the place {n} of {count.Boundaries} was not reached.");
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"| {name} | {count.Boundaries} round trips | {places.Length} of {2 * count.Boundaries} places killed at |");
    }

    private async Task Play(Flow flow, Crash crash)
    {
        var sale = await Sale.Placed(world);
        world.Crash = null;
        await flow.Before(sale);
        world.Crash = crash;
        await sale.Does(() => flow.Run(sale, 0));
        world.Crash = null;
        await sale.Recovers(crash.Struck ? () => flow.Run(sale, 1) : null);

        var broken = await Laws.Broken(world);
        if (broken.Count == 0) broken = await Laws.BrokenAtTheEnd(world);
        if (broken.Count > 0 || world.Jobs.Failures.Count > 0) throw new InvalidOperationException(string.Join("\n", [.. broken, .. world.Jobs.Failures]));
        flow.Ends.ShouldContain(await sale.Now());
    }
}
