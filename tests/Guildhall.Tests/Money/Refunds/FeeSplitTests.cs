using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Gateways;
using Guildhall.Money.Orders;
using Guildhall.Money.Payments;
using Guildhall.Money.Refunds;

namespace Guildhall.Tests.Money.Refunds;

/// <summary>Random partial refunds before and after the release, in any order, some of which fail: customer, provider and platform share the sale to
/// the minor unit. The gateway is left out: what it says is said here.</summary>
public sealed class FeeSplitTests(FeeSplitTests.Setup world) : IClassFixture<FeeSplitTests.Setup>, IAsyncLifetime
{
    public sealed class Setup : MoneyWorld
    {
        protected override string Role(int node) => "web"; // no job runs: nobody calls the gateway
    }

    private static readonly Currency Yen = Currency.Of("JPY"); // no least amount, no step

    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.Books.MustHold());

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7), InlineData(8)]
    [Covers("M-8", "money-32", "money-44")]
    public async Task Every_unit_of_a_sale_belongs_to_somebody_at_every_moment(int seed)
    {
        var dice = new Random(seed);
        var total = dice.Next(1, seed % 2 == 0 ? 30 : 100_000);
        await Sets("money.platform_fee_basis_points", dice.Next(0, 5001));
        await Sets("money.platform_fee_tax_basis_points", dice.Next(0, 5001));
        var deal = await world.Order(new Amount(total, Yen)) with { Currency = Yen };
        var payment = (await deal.Starts()).Id;
        await world.Data().InTransaction(tx => SettlePayment.Run(tx, Caller.Gateway("stripe"), new PaymentFact(payment, FactState.Captured, new Amount(total, Yen), $"pi_{seed}")));
        var open = new List<(RefundId Id, Amount Amount)>();
        for (var step = 0; step < 60; step++)
        {
            var amount = new Amount(dice.Next(1, Math.Max(2, total / 3)), Yen);
            switch (dice.Next(10))
            {
                case < 6:
                    if ((await deal.Refunds(amount)).Is(out var made, out _)) open.Add((made, amount));
                    break;
                case < 9 when open.Count > 0:
                    var chosen = open[dice.Next(open.Count)];
                    await Learns(chosen.Id, chosen.Amount, dice.Next(3) == 0 ? RefundFactState.Completed : RefundFactState.Failed);
                    if (dice.Next(2) == 0) open.Remove(chosen);
                    break;
                case 9 when dice.Next(6) == 0:
                    await deal.Releases();
                    break;
            }
            await Tie(deal, payment, total);
        }
        await deal.Releases();
        await deal.Refunds();
        await Tie(deal, payment, total);
        (await deal.ProviderHas()).ShouldBe(0);
        (await deal.Owes("platform_fee")).ShouldBe(0);
        (await deal.Owes("fee_tax")).ShouldBe(0);
    }

    private async Task Sets(string key, int value)
    {
        await world.Database.Execute("delete from foundation.settings where key = $1", key);
        await world.Database.Execute("insert into foundation.settings (key, value, version, changed_at) values ($1, to_jsonb($2::int), 1, now())", key, value);
    }

    private Task Learns(RefundId refund, Amount amount, RefundFactState state) =>
        world.Data().InTransaction(tx => SettleRefund.Run(tx, Caller.Gateway("stripe"), new RefundFact(refund, state, amount, "re_" + refund, "?")));

    // The books say what the rows say, no part is negative, and the parts are the whole.
    private async Task Tie(Deal deal, PaymentId payment, long total)
    {
        await world.Books.MustHold();
        var order = await deal.Now();
        var row = (await world.Database.Rows("select refunded_minor, fee_back_minor, fee_tax_back_minor from money.payment_guards where payment_id = $1", payment.Value))[0];
        var (refunded, platform, tax) = ((long)row[0]!, order.FeeMinor - (long)row[1]!, order.FeeTaxMinor - (long)row[2]!);
        var provider = total - refunded - platform - tax;
        platform.ShouldBeInRange(0, order.FeeMinor);
        tax.ShouldBeInRange(0, order.FeeTaxMinor);
        provider.ShouldBeInRange(0, total - order.FeeMinor - order.FeeTaxMinor);
        if (order.ReleasedAt is null) return;
        (await deal.ProviderHas()).ShouldBe(provider);
        (await deal.Owes("platform_fee")).ShouldBe(platform);
        (await deal.Owes("fee_tax")).ShouldBe(tax);
        (await deal.Owes("escrow")).ShouldBe(0);
    }

    [Fact]
    [Covers("money-43")]
    public async Task A_fee_that_changes_after_the_sale_does_not_touch_it()
    {
        await world.Database.Execute("delete from foundation.settings where key like 'money.platform_fee%'");
        var deal = await world.Order(new Amount(10_000, MoneyWorld.Usd)) with { Currency = MoneyWorld.Usd };
        await Sets("money.platform_fee_basis_points", 4_000);
        var payment = (await deal.Starts()).Id;
        await world.Data().InTransaction(tx => SettlePayment.Run(tx, Caller.Gateway("stripe"), new PaymentFact(payment, FactState.Captured, new Amount(10_000, MoneyWorld.Usd), $"pi_{payment}")));
        (await deal.Releases()).OrThrow().Minor.ShouldBe(8_500);
        await deal.Refunded(1_000);
        (await deal.ProviderHas()).ShouldBe(7_650);
        (await deal.Owes("platform_fee")).ShouldBe(1_350);
        (await Guildhall.Money.Fees.FeeRules.FrozenOn(world.Data(), (await world.Order()).Order, default))!.BasisPoints.ShouldBe(4_000);
    }

    [Theory, InlineData(1, 3333), InlineData(2, 3333), InlineData(1, 5000), InlineData(3, 1500), InlineData(long.MaxValue, 5000)]
    [Covers("money-44", "money-45")]
    public async Task A_fee_is_rounded_once_on_the_whole_and_never_exceeds_it(long total, int basisPoints)
    {
        var amount = new Amount(total, MoneyWorld.Usd);
        var fee = amount.BasisPoints(basisPoints);
        fee.Minor.ShouldBeInRange(0, total);
        (fee + (amount - fee)).ShouldBe(amount);
        await Task.CompletedTask;
    }

    [Fact]
    [Covers("money-49")]
    public async Task A_sum_beyond_sixty_four_bits_is_never_wrapped()
    {
        var most = new Amount(long.MaxValue, MoneyWorld.Usd);
        await Should.ThrowAsync<OverflowException>(() => world.OrderOf([new OrderLine("a", most), new OrderLine("b", most)]));
    }
}
