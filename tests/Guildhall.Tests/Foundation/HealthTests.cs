namespace Guildhall.Tests.Foundation;

public sealed class HealthTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    [Fact]
    public async Task Every_node_says_that_it_lives_and_is_ready()
    {
        for (var node = 0; node < 2; node++)
        {
            var visitor = world.Visitor();
            visitor.OnlyNode = node;
            (await visitor.Get("/health/live")).Must().Word("status").ShouldBe("live");
            (await visitor.Get("/health/ready")).Must().Word("status").ShouldBe("ready");
        }
    }
}
