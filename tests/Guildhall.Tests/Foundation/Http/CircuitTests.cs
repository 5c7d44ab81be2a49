using Guildhall.Foundation.Http;

namespace Guildhall.Tests.Foundation.Http;

[Covers("O-1")]
public sealed class CircuitTests
{
    private sealed class Hands : TimeProvider
    {
        private DateTimeOffset _now = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
        public void Pass(double seconds) => _now += TimeSpan.FromSeconds(seconds);
        public override DateTimeOffset GetUtcNow() => _now;
        public override long GetTimestamp() => _now.UtcTicks;
    }

    private readonly Hands _time = new();
    private int _calls;

    [Fact]
    public async Task After_eight_failures_in_a_row_nothing_is_tried_for_ten_seconds_and_then_one_call_decides()
    {
        var circuit = new Circuit(4, _time);
        for (var i = 0; i < 8; i++) await Should.ThrowAsync<HttpRequestException>(() => Calls(circuit, new HttpRequestException("away")));
        circuit.Status.Available.ShouldBeFalse();
        (await Should.ThrowAsync<CircuitOpenException>(() => Calls(circuit))).RestsFor.ShouldBeInRange(TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(10));
        _calls.ShouldBe(8);

        _time.Pass(10.1);
        (circuit.Status.Available, circuit.RestsFor).ShouldBe((true, null));
        await Should.ThrowAsync<IOException>(() => Calls(circuit, new IOException("still away")));
        await Should.ThrowAsync<CircuitOpenException>(() => Calls(circuit));
        _time.Pass(10.1);
        (await Calls(circuit)).ShouldBe(7);
        (await Calls(circuit)).ShouldBe(7);
        _calls.ShouldBe(11);
    }

    [Fact]
    public async Task While_one_call_tries_the_others_are_told_to_wait()
    {
        var circuit = new Circuit(4, _time);
        for (var i = 0; i < 8; i++) await Should.ThrowAsync<HttpRequestException>(() => Calls(circuit, new HttpRequestException("away")));
        _time.Pass(10.1);
        var gate = new TaskCompletionSource<int>();
        var tries = circuit.Run(_ => gate.Task, _ => false, default);
        circuit.RestsFor.ShouldBe(TimeSpan.FromSeconds(1));
        await Should.ThrowAsync<CircuitOpenException>(() => Calls(circuit));
        gate.SetResult(1);
        (await tries).ShouldBe(1);
        circuit.RestsFor.ShouldBeNull();
    }

    [Fact]
    public async Task An_answer_may_be_a_failure_and_a_caller_who_goes_away_is_none()
    {
        var circuit = new Circuit(4, _time);
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        for (var i = 0; i < 20; i++) await Should.ThrowAsync<OperationCanceledException>(() => circuit.Run<int>(token => throw new OperationCanceledException(token), _ => false, gone.Token));
        circuit.RestsFor.ShouldBeNull();
        for (var i = 0; i < 8; i++) (await circuit.Run(_ => Task.FromResult(503), said => said >= 500, default)).ShouldBe(503);
        circuit.RestsFor.ShouldNotBeNull();
    }

    [Fact]
    public async Task So_many_calls_are_made_at_once_and_the_next_waits_for_its_turn()
    {
        var circuit = new Circuit(2, _time);
        var gate = new TaskCompletionSource<int>();
        var all = Enumerable.Range(0, 5).Select(_ => circuit.Run(async token => { Interlocked.Increment(ref _calls); return await gate.Task.WaitAsync(token); }, _ => false, default)).ToArray();
        _calls.ShouldBe(2);
        gate.SetResult(3);
        (await Task.WhenAll(all)).ShouldAllBe(answer => answer == 3);
        _calls.ShouldBe(5);
    }

    [Fact]
    public void It_is_known_since_when_it_fails()
    {
        var circuit = new Circuit(1, _time);
        circuit.Fails("first");
        var since = _time.GetUtcNow();
        _time.Pass(60);
        circuit.Fails("second");
        (circuit.Status.FailingSince, circuit.Status.LastFailure, circuit.Status.LastError).ShouldBe((since, _time.GetUtcNow(), "second"));
        circuit.Works();
        circuit.Status.FailingSince.ShouldBeNull();
    }

    private Task<int> Calls(Circuit circuit, Exception? problem = null) => circuit.Run(_ =>
    {
        _calls++;
        return problem is null ? Task.FromResult(7) : Task.FromException<int>(problem);
    }, _ => false, default);
}
