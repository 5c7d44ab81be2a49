using Guildhall.Foundation.Security;
using Guildhall.Money.Disputes;
using Guildhall.Tests.Money.Disputes;
using OrdersOf = Guildhall.Money.Orders.Orders;

namespace Guildhall.Tests.Money.Escrow;

public sealed class PlatformOrderTests(MoneyWorld world) : IClassFixture<MoneyWorld>
{
    [Fact]
    [Covers("M-1", "M-11")]
    public async Task What_the_platform_itself_sells_is_all_its_own_and_nobody_else_pays_for_a_lost_dispute()
    {
        await world.Database.Execute("""
            insert into foundation.settings (key, value, version, changed_at) values ('money.platform_fee_tax_basis_points', '1500', 1, now()), ('money.dispute_fee_bearer', '"provider"', 1, now())
            """);
        var platform = new Caller { Kind = CallerKind.Person, AccountId = OrdersOf.Platform };
        var (kept, lost) = (await world.Order(provider: platform), await world.Order(provider: platform));
        await kept.PaidAndReleased();
        (await kept.Owes("platform_fee")).ShouldBe(21_739); // 25.000 with 15 % of tax in it
        (await kept.Owes("fee_tax")).ShouldBe(3_261);
        await kept.Refunded(12_500);
        (await kept.Owes("platform_fee") + await kept.Owes("fee_tax")).ShouldBe(12_500);

        var quarrel = await lost.IsDisputed(await lost.PaidAndReleased());
        await quarrel.Becomes(DisputeState.NeedsResponse);
        await quarrel.Bank("lost");
        await quarrel.Becomes(DisputeState.Lost);
        await world.JobsAreDone();
        (await lost.Owes("platform_fee")).ShouldBe(0);
        (await world.Database.Count("money.accounts where owner_id = $1", OrdersOf.Platform)).ShouldBe(0);
        await world.SettlesDown();
    }
}
