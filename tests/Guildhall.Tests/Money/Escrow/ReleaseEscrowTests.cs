using Guildhall.Money;
using Guildhall.Money.Refunds;

namespace Guildhall.Tests.Money.Escrow;

public sealed class ReleaseEscrowTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    [Fact]
    [Covers("M-7", "money-39")]
    public async Task A_release_and_a_full_refund_at_once_give_the_money_to_one_of_them()
    {
        foreach (var releaseFirst in new[] { true, false })
        {
            var deal = await world.Order();
            await deal.Pays();
            await world.JobsAreDone(); // none of them waits at the gate
            await using var gate = await Gate.Close(world.Database, "select 1 from money.orders where id = $1 for update", deal.Order.Value);
            Task<Result<Amount>> release = null!;
            Task<Result<RefundId>> refund = null!;
            if (releaseFirst) release = deal.Releases(0); else refund = deal.Refunds(node: 1);
            await Eventually.True(async () => await gate.Waiting() == 1, "The first does not wait.");
            if (releaseFirst) refund = deal.Refunds(node: 1); else release = deal.Releases(0);
            await gate.OpenWhenWaiting(2);

            (await refund).OrThrow();
            (await release).OrThrow().Minor.ShouldBe(releaseFirst ? 21_250 : 0);
            (await deal.ProviderHas()).ShouldBe(0); // after a release the refund took it back from the provider
            (await deal.Owes("escrow")).ShouldBe(0);
            (await deal.Owes("platform_fee")).ShouldBe(0);
            await world.Books.MustHold();
        }
    }

    [Fact]
    [Covers("money-41")]
    public async Task Two_nodes_that_release_at_once_release_once()
    {
        var deal = await world.Order();
        await deal.Pays();
        await using var gate = await Gate.Close(world.Database, "select 1 from money.orders where id = $1 for update", deal.Order.Value);
        var releases = Enumerable.Range(0, 4).Select(i => deal.Releases(i % 2)).ToArray();
        await gate.OpenWhenWaiting(4);
        var answers = await Task.WhenAll(releases);
        answers.Count(a => a.Granted).ShouldBe(1);
        answers.Where(a => !a.Granted).ShouldAllBe(a => a.Refusal!.Code == "order_released");
        (await deal.ProviderHas()).ShouldBe(21_250);
        (await deal.Journals()).ShouldBe("capture release");
    }

    [Fact]
    [Covers("money-41")]
    public async Task The_ledger_takes_a_release_once_whatever_the_rows_say()
    {
        var deal = await world.Order();
        await deal.PaidAndReleased();
        await world.Database.Execute("update money.orders set released_at = null where id = $1", deal.Order.Value);
        (await Should.ThrowAsync<Npgsql.PostgresException>(() => deal.Releases())).ConstraintName.ShouldBe("journals_reference_key");
        await world.Database.Execute("update money.orders set released_at = paid_at where id = $1", deal.Order.Value);
        (await deal.ProviderHas()).ShouldBe(21_250);
    }

    [Fact]
    public async Task What_is_not_paid_or_not_there_is_not_released()
    {
        var deal = await world.Order();
        (await deal.Releases()).Refusal!.Code.ShouldBe("order_not_paid");
        (await (deal with { Order = new OrderId(Guid.NewGuid()) }).Releases()).Refusal!.Code.ShouldBe("order_not_found");
    }

    [Fact]
    [Covers("money-32")]
    public async Task After_a_partial_refund_the_rest_is_shared_by_the_frozen_fee()
    {
        var deal = await world.Order();
        await deal.Pays();
        await deal.Becomes(await deal.Refunded(10_000), RefundState.Completed);
        (await deal.Releases()).OrThrow().Minor.ShouldBe(12_750);
        (await deal.Owes("platform_fee")).ShouldBe(2_250);
    }

    [Fact]
    public async Task A_reaction_that_releases_twice_in_one_transaction_undoes_all_of_it()
    {
        var deal = await world.Order();
        await deal.Pays();
        await Should.ThrowAsync<InvalidOperationException>(() => world.Data().InTransaction(async tx =>
        {
            (await Guildhall.Money.Escrow.ReleaseEscrow.Run(tx, Guildhall.Foundation.Security.Caller.System("test"), deal.Order)).OrThrow();
            (await Guildhall.Money.Escrow.ReleaseEscrow.Run(tx, Guildhall.Foundation.Security.Caller.System("test"), deal.Order)).OrThrow();
        }));
        (await deal.ProviderHas()).ShouldBe(0);
        (await deal.Owes("escrow")).ShouldBe(25_000);
    }
}
