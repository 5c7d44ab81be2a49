using Guildhall.Foundation.Time;

namespace Guildhall.Tests.Foundation;

/// <summary>A world of its own: machines are wrong here.</summary>
public sealed class WrongClocks : NodesOnly;

public sealed class ClockAgreementTests(WrongClocks world) : IClassFixture<WrongClocks>
{
    private sealed class WrongBy(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }

    [Theory, Covers("identity-55")]
    [InlineData(300)]
    [InlineData(-300)]
    [InlineData(4)]
    public async Task A_node_whose_machine_is_wrong_agrees_with_the_others_within_the_budget(int seconds)
    {
        await Machine(1, seconds);
        (world.Get<GuildhallClock>(1).GetUtcNow() - world.Get<GuildhallClock>().GetUtcNow()).Duration().ShouldBeLessThan(ClockAgreement.Budget);

        // Opened at one node and used at both: neither sees it as not yet begun or as over.
        var person = await world.Person();
        for (var node = 0; node < 2; node++)
        {
            person.OnlyNode = node;
            (await person.Get("me")).Must();
            var pair = (await person.Post("auth/refresh", new { refreshToken = person.RefreshToken })).Must();
            var holder = world.Visitor();
            (holder.Token, holder.OnlyNode) = (pair.Word("accessToken"), 1 - node);
            (await holder.Get("me")).Must();
            await person.SignsIn();
        }
        await Machine(1, 0);
        world.Get<GuildhallClock>(1).Correction.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_second_either_way_is_left_alone()
    {
        world.Get<GuildhallClock>(1).Machine = new WrongBy(TimeSpan.FromMilliseconds(600));
        await world.Get<ClockAgreement>(1).Compare(default);
        world.Get<GuildhallClock>(1).Correction.ShouldBe(TimeSpan.Zero);
        world.Get<GuildhallClock>(1).Machine = TimeProvider.System;
    }

    private async Task Machine(int node, int seconds)
    {
        world.Get<GuildhallClock>(node).Machine = seconds == 0 ? TimeProvider.System : new WrongBy(TimeSpan.FromSeconds(seconds));
        await world.Get<ClockAgreement>(node).Compare(default);
    }
}
