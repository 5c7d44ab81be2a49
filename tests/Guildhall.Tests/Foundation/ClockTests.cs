using Guildhall.Foundation.Time;

namespace Guildhall.Tests.Foundation;

public sealed class ClockTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    [Fact]
    public async Task When_time_is_moved_every_node_follows_before_the_call_answers()
    {
        var before = world.Get<GuildhallClock>().Offset;
        await world.Clock.Passes(3.Hours());
        for (var node = 0; node < 2; node++) world.Get<GuildhallClock>(node).Offset.ShouldBe(before + 3.Hours());
        await world.Clock.Passes(1.Days());
        for (var node = 0; node < 2; node++) world.Get<GuildhallClock>(node).Offset.ShouldBe(before + 3.Hours() + 1.Days());
    }

    [Fact]
    public async Task Time_never_goes_back()
    {
        var problem = await Should.ThrowAsync<Exception>(() => world.Clock.Passes(TimeSpan.FromDays(-4000)));
        problem.ShouldNotBeNull();
        world.Get<GuildhallClock>().Offset.ShouldBeGreaterThanOrEqualTo(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_transaction_has_one_time_and_it_survives_the_database()
    {
        await world.Data().InTransaction(async tx =>
        {
            var (first, stored) = (tx.Now, await tx.Get<DateTimeOffset>("select @now::timestamptz", new { now = tx.Now }));
            await Task.Delay(5);
            tx.Now.ShouldBe(first);
            stored.ShouldBe(first);
        });
    }
}
