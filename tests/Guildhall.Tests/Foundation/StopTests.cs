using Guildhall.Foundation.Jobs;
using Microsoft.AspNetCore.Builder;

namespace Guildhall.Tests.Foundation;

/// <summary>A node with jobs that take as long as the test wants.</summary>
public sealed class StoppedWorld : NodesOnly
{
    public TaskCompletionSource Gate { get; } = new();
    public int Begun, Ended;

    protected override int NodeCount => 1;

    protected override void Adjust(WebApplicationBuilder builder, int node) => builder.Services.AddOutsideJob<TakeLong>(async (context, _) =>
    {
        Interlocked.Increment(ref Begun);
        await Gate.Task.WaitAsync(context.Stop);
        Interlocked.Increment(ref Ended);
    });
}

internal sealed record TakeLong(int No) : IJob
{
    public static string Kind => "take_long";
}

[Covers("O-6", "marketplace-57")]
public sealed class StopTests(StoppedWorld world) : IClassFixture<StoppedWorld>
{
    [Fact]
    public async Task A_node_that_stops_finishes_the_jobs_that_run_and_hands_back_those_it_has_not_begun()
    {
        await world.Data().InTransaction(async tx => { for (var i = 0; i < 30; i++) await tx.Enqueue(new TakeLong(i)); });
        await Eventually.True(async () => Volatile.Read(ref world.Begun) == 8 && await world.Database.Count("foundation.jobs where kind = 'take_long' and state = 'running'") == 30, "They were not claimed");
        var stops = world.Node(0).StopAsync();
        stops.IsCompleted.ShouldBeFalse();
        world.Gate.SetResult();
        await stops;
        world.Ended.ShouldBe(world.Begun);
        (await world.Database.Count("foundation.jobs where kind = 'take_long' and state = 'running'")).ShouldBe(0);
        (await world.Database.Count("foundation.jobs where kind = 'take_long' and state = 'ready' and attempts = 0 and last_error is null")).ShouldBe(30 - world.Ended);
    }
}
