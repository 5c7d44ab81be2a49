using Guildhall.Foundation.Telemetry;
using Guildhall.Operations.Health;

namespace Guildhall.Tests.Operations.Health;

[Covers("O-2", "marketplace-59")]
public sealed class ProbeTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200), Long = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_thousand_who_ask_at_once_cause_one_look()
    {
        var looks = 0;
        var gate = new TaskCompletionSource();
        var probe = new Probe<string>(async _ => { Interlocked.Increment(ref looks); await gate.Task; return "well"; }, _ => "ill", Long, Long);
        var asked = Enumerable.Range(0, 1000).Select(_ => probe.Ask(default)).ToArray();
        gate.SetResult();
        (await Task.WhenAll(asked)).ShouldAllBe(a => a == "well");
        (await probe.Ask(default)).ShouldBe("well");
        looks.ShouldBe(1);
    }

    [Fact]
    public async Task A_look_that_hangs_is_waited_for_once_and_no_second_one_begins()
    {
        var looks = 0;
        var gate = new TaskCompletionSource();
        var probe = new Probe<string>(async _ => { Interlocked.Increment(ref looks); await gate.Task; return "well"; }, _ => "ill", TimeSpan.Zero, Short);
        (await probe.Ask(default)).ShouldBe("ill");
        var began = System.Diagnostics.Stopwatch.StartNew();
        for (var i = 0; i < 100; i++) (await probe.Ask(default)).ShouldBe("ill"); // nobody waits for it again
        began.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
        looks.ShouldBe(1);
        gate.SetResult();
        await Eventually.Get(() => probe.Ask(default), a => a == "well", "It did not become well");
    }

    [Fact]
    public async Task A_look_that_throws_is_an_answer_too() =>
        (await new Probe<string>(_ => throw new InvalidOperationException("broken"), problem => problem?.Message ?? "silent", Long, Long).Ask(default)).ShouldBe("broken");

    [Fact]
    public async Task Who_goes_away_takes_nobody_with_them()
    {
        var gate = new TaskCompletionSource();
        var probe = new Probe<string>(async stop => { await gate.Task.WaitAsync(stop); return "well"; }, _ => "ill", Long, Long);
        using var gone = new CancellationTokenSource();
        var (first, second) = (probe.Ask(gone.Token), probe.Ask(default));
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);
        gate.SetResult();
        (await second).ShouldBe("well");
    }

    [Fact]
    public async Task A_part_that_hangs_is_named_and_the_others_are_told()
    {
        var silent = (await DeepHealth.Bounded("ledger", async _ => { await Task.Delay(Timeout.Infinite, CancellationToken.None); return []; }, Short, default)).ShouldHaveSingleItem();
        (silent.Name, silent.Level, silent.Says).ShouldBe(("ledger", HealthLevel.Failing, "It did not answer in time."));
    }
}
