using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Orders;
using Guildhall.Money.Settlements;

namespace Guildhall.Tests.Money;

public sealed class FreeOrderTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    [Fact]
    [Covers("money-48")]
    public async Task An_order_of_nothing_is_paid_at_once_without_a_gateway_or_a_posting_and_leaves_an_audit_row()
    {
        var called = 0;
        world.Wire.Before = http => Task.FromResult(http.Request.Method == "POST" && Interlocked.Increment(ref called) < 0); // reports and disputes are read at any time
        var deal = await world.Order(new Amount(0, MoneyWorld.Kwd));
        await Eventually.True(async () => (await deal.Now()).State == OrderState.Paid, "It was not paid.");
        await Eventually.True(() => Task.FromResult(world.Paid.Contains(deal.Order)), "Its subject was not told.");
        (await deal.TriesToStart()).Refusal!.Code.ShouldBe("order_paid");
        (await deal.Journals()).ShouldBe("");
        (await world.Database.Count("foundation.audit where subject_id = $1 and action = 'order.free'", deal.Order.ToString())).ShouldBe(1);
        (await deal.Releases()).OrThrow().IsZero.ShouldBeTrue();
        (await deal.Releases()).Refusal!.Code.ShouldBe("order_released");
        (await deal.Refunds()).Refusal!.Code.ShouldBe("payment_not_captured");
        called.ShouldBe(0);
    }

    [Fact]
    public async Task An_order_of_nothing_that_was_cancelled_first_stays_cancelled()
    {
        var deal = await world.Data().InTransaction(async tx =>
        {
            var (customer, provider) = (MoneyWorld.Person(), MoneyWorld.Person());
            var order = await PlaceOrder.Run(tx, customer, new NewOrder(customer.AccountId!.Value, provider.AccountId!.Value, "test", Guid.NewGuid(), [new OrderLine("Nothing", new Amount(0, MoneyWorld.Kwd))], tx.Now.AddMinutes(5)));
            (await CancelOrder.Run(tx, Caller.System("test"), order, "changed my mind")).OrThrow();
            return new Deal(world, customer, provider, order);
        });
        await world.JobsAreDone();
        (await deal.Now()).State.ShouldBe(OrderState.Cancelled);
        var byHand = new RecordSettlement.Body(ByHand.Cash, "R-1", "Paid at the desk.");
        (await RecordSettlement.Run(world.Data(), MoneyWorld.Staff, deal.Order, byHand, default)).Refusal!.Code.ShouldBe(MoneyRefusals.NothingToPay.Code);
        world.Paid.ShouldNotContain(deal.Order);
    }
}
