using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Gateways;
using Guildhall.Money.Refunds;

namespace Guildhall.Tests.Money.Refunds;

public sealed class SettleRefundTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private Task<Result<RefundState>> Learns(RefundId refund, RefundFactState state, long minor = 10_000) => world.Data().InTransaction(tx =>
        SettleRefund.Run(tx, Caller.Gateway("stripe"), new RefundFact(refund, state, new Amount(minor, MoneyWorld.Kwd), "re_" + refund, state == RefundFactState.Failed ? "lost card" : null)));

    [Fact]
    [Covers("M-8")]
    public async Task A_refund_that_the_bank_sends_back_returns_to_escrow_and_can_be_asked_for_again()
    {
        await world.Gateway.Faults(new { failRefunds = true });
        var deal = await world.Order();
        await deal.Pays();
        var refund = await deal.Refunded();
        (await deal.Owes("refunds_in_transit")).ShouldBe(25_000);
        await world.Clock.Passes(1.Minutes());
        (await deal.Becomes(refund, RefundState.Failed)).FailureText.ShouldNotBeNull();
        (await deal.Owes("escrow")).ShouldBe(25_000);

        await world.Gateway.AnswersAsUsual();
        await deal.Becomes(await deal.Refunded(), RefundState.Completed);
        (await deal.Journals()).ShouldBe("capture refund refund_failed refund refund_completed");
    }

    [Fact]
    [Covers("M-8")]
    public async Task A_refund_that_fails_after_the_release_goes_to_provider_and_platform_and_not_to_an_escrow_that_is_no_more()
    {
        world.Wire.Cuts("/v1/refunds");
        var deal = await world.Order();
        await deal.Pays();
        var refund = await deal.Refunded(10_000);
        (await deal.Releases()).OrThrow();
        (await deal.ProviderHas()).ShouldBe(12_750);
        await Learns(refund, RefundFactState.Failed);
        (await deal.ProviderHas()).ShouldBe(21_250);
        (await deal.Owes("platform_fee")).ShouldBe(3_750);
        (await deal.Owes("escrow")).ShouldBe(0);
    }

    [Fact]
    public async Task A_completed_refund_that_comes_back_is_credited_from_the_gateway_once()
    {
        var deal = await world.Order();
        await deal.Pays();
        var refund = await deal.Refunded(10_000);
        await deal.Becomes(refund, RefundState.Completed);
        var theirs = (await world.Gateway.Did("refunds")).First(r => string.Equals(r.GetProperty("metadata").GetProperty("refund_id").GetString(), refund.ToString(), StringComparison.Ordinal));
        await world.Sandbox.Post($"/sandbox/stripe/refunds/{theirs.GetProperty("id").GetString()}/fail");
        await deal.Becomes(refund, RefundState.Failed);
        for (var i = 0; i < 3; i++) await Learns(refund, RefundFactState.Failed);
        await Learns(refund, RefundFactState.Completed); // told late: it was true before
        (await deal.Becomes(refund, RefundState.Failed)).CompletedAt.ShouldBeNull();
        (await deal.Owes("escrow")).ShouldBe(25_000);
    }

    [Fact]
    [Covers("money-19")]
    public async Task A_wrong_amount_is_noted_once_however_often_it_is_said()
    {
        world.Wire.Cuts("/v1/refunds");
        var deal = await world.Order();
        var payment = await deal.Pays();
        var refund = await deal.Refunded(10_000);
        for (var i = 0; i < 3; i++) (await Learns(refund, RefundFactState.Completed, 9_000)).OrThrow().ShouldNotBe(RefundState.Completed);
        (await world.Database.Count("money.quarantine where payment_id = $1", payment.Value)).ShouldBe(1);
        (await world.Database.Count("money.payment_events where payment_id = $1 and kind = 'quarantined'", payment.Value)).ShouldBe(1);
        await Learns(refund, RefundFactState.Completed);
        await deal.Becomes(refund, RefundState.Completed);
    }

    [Fact]
    public async Task Two_nodes_told_the_same_complete_it_once()
    {
        world.Wire.Cuts("/v1/refunds");
        var deal = await world.Order();
        await deal.Pays();
        var refund = await deal.Refunded(10_000);
        await using var gate = await Gate.Close(world.Database, "select 1 from money.orders where id = $1 for update", deal.Order.Value);
        var told = Enumerable.Range(0, 3).Select(_ => Learns(refund, RefundFactState.Completed)).ToArray();
        await gate.OpenWhenWaiting(3);
        (await Task.WhenAll(told)).ShouldAllBe(r => r.OrThrow() == RefundState.Completed);
        (await deal.Journals()).ShouldBe("capture refund refund_completed");
    }

    [Fact]
    public async Task A_stranger_s_refund_is_unknown_here() => (await Learns(new RefundId(Guid.NewGuid()), RefundFactState.Completed)).Refusal.ShouldNotBeNull();
}
