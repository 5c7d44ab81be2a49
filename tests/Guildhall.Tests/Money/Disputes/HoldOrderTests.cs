using Guildhall.Money.Escrow;

namespace Guildhall.Tests.Money.Disputes;

public sealed class HoldOrderTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private Task<Result<HoldOrder.View>> Holds(Deal deal, int node = 0) => HoldOrder.Run(world.Data(node), deal.Customer, deal.Order, "Nobody came.", default);

    [Fact]
    [Covers("money-40")]
    public async Task A_complaint_and_the_release_at_the_same_instant_the_first_to_commit_wins_and_the_other_is_told()
    {
        foreach (var complaintFirst in new[] { true, false })
        {
            var deal = await world.Order();
            await deal.Pays();
            await world.JobsAreDone(); // none of them waits for the order beside the two
            await using var gate = await Gate.Close(world.Database, "select 1 from money.orders where id = $1 for update", deal.Order.Value);
            Task<Result<HoldOrder.View>> hold = null!;
            Task<Result<Amount>> release = null!;
            if (complaintFirst) hold = Holds(deal); else release = deal.Releases();
            await Eventually.True(async () => await gate.Waiting() == 1, "The first does not wait.");
            if (complaintFirst) release = deal.Releases(1); else hold = Holds(deal, 1);
            await gate.OpenWhenWaiting(2);
            if (complaintFirst)
            {
                (await hold).Granted.ShouldBeTrue();
                (await release).Refusal!.Code.ShouldBe("order_held");
                (await deal.Journals()).ShouldBe("capture");
                (await HoldOrder.End(world.Data(), MoneyWorld.Staff, deal.Order, "They met after all.", default)).OrThrow().EndedAt.ShouldNotBeNull();
                (await deal.Releases()).OrThrow().Minor.ShouldBe(21_250);
            }
            else
            {
                (await release).OrThrow();
                (await hold).Refusal!.Code.ShouldBe("order_released");
                await deal.Refunded(); // the claw-back path
                (await deal.ProviderHas()).ShouldBe(0);
                (await deal.Journals()).ShouldBe("capture release refund_after_release");
            }
        }
    }

    [Fact]
    [Covers("money-40")]
    public async Task Twenty_complaints_at_once_are_one_hold()
    {
        var deal = await world.Order();
        await deal.Pays();
        await world.JobsAreDone();
        await using var gate = await Gate.Close(world.Database, "select 1 from money.orders where id = $1 for update", deal.Order.Value);
        var holds = Enumerable.Range(0, 20).Select(i => Holds(deal, i % 2)).ToArray();
        await gate.OpenWhenWaiting(15);
        (await Task.WhenAll(holds)).Select(h => h.OrThrow().Id).Distinct().Count().ShouldBe(1);
        (await world.Database.Count("money.order_holds where order_id = $1", deal.Order.Value)).ShouldBe(1);
    }

    [Fact]
    [Covers("money-100")]
    public async Task A_stranger_and_the_provider_may_not_hold_and_the_customer_may_not_end()
    {
        var deal = await world.Order();
        await deal.Pays();
        foreach (var other in new[] { deal.Provider, MoneyWorld.Person() })
            (await world.As(other).Post($"orders/{deal.Order}/hold", new { reason = "x" })).Status.ShouldBe(404);
        (await world.As(deal.Customer).Post($"orders/{deal.Order}/hold", new { reason = "Nobody came." })).Status.ShouldBe(201);
        (await world.As(deal.Customer).Post($"orders/{deal.Order}/hold/end", new { reason = "x" })).Status.ShouldBe(403);
        (await world.As(deal.Provider with { Permissions = new HashSet<string> { "order.hold" } }).Post($"orders/{deal.Order}/hold/end", new { reason = "It was nothing." })).MustRefuse(Guildhall.Money.MoneyRefusals.HoldOwn);
        (await world.As(MoneyWorld.Person("order.hold")).Post($"orders/{deal.Order}/hold/end", new { reason = "Settled." })).Status.ShouldBe(200);
        (await world.As(MoneyWorld.Person("order.hold")).Post($"orders/{deal.Order}/hold/end", new { reason = "Settled." })).Status.ShouldBe(404);
        (await world.Database.Count("foundation.audit where subject_id = $1 and action in ('order.held', 'order.hold_ended')", deal.Order.ToString())).ShouldBe(2);
    }
}
