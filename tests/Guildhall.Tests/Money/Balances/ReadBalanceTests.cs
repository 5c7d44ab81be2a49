using Guildhall.Foundation.Security;
using Guildhall.Money.Balances;
using Guildhall.Money.Refunds;

namespace Guildhall.Tests.Money.Balances;

public sealed class ReadBalanceTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private async Task<ReadBalance.Money> Of(Caller provider) => (await ReadBalance.Run(world.Data(), provider.AccountId!.Value, default)).Balances.ShouldHaveSingleItem();

    private static string Says(ReadBalance.Money money) => $"{money.Pending.Minor} {money.Available.Minor} {money.Reserved.Minor}";

    [Fact]
    [Covers("M-11")]
    public async Task Every_figure_follows_the_money_and_opens_to_what_it_is_made_of()
    {
        var deal = await world.Order();
        await deal.Pays();
        Says(await Of(deal.Provider)).ShouldBe("21250 0 0");
        await deal.Becomes(await deal.Refunded(5_000), RefundState.Completed);
        var held = (await Of(deal.Provider)).PendingOrders.ShouldHaveSingleItem();
        (held.Gross.Minor, held.Fee.Minor, held.Net.Minor).ShouldBe((20_000, 3_000, 17_000));

        (await deal.Releases()).OrThrow();
        Says(await Of(deal.Provider)).ShouldBe("0 17000 0");
        var withdrawal = await world.Withdraws(deal.Provider, 10_000);
        await world.Becomes(withdrawal, Guildhall.Money.Withdrawals.WithdrawalState.Completed);
        Says(await Of(deal.Provider)).ShouldBe("0 7000 0");

        await deal.Becomes(await deal.Refunded(), RefundState.Completed);
        var money = await Of(deal.Provider);
        Says(money).ShouldBe("0 -10000 0");
        money.Lines.Sum(l => l.Amount.Minor).ShouldBe(money.Available.Minor + money.Reserved.Minor);
    }

    [Fact]
    public async Task What_was_asked_for_is_reserved_and_currencies_stand_apart()
    {
        var provider = await world.ProviderWith(new Amount(100_000, MoneyWorld.Kwd));
        await (await world.Order(new Amount(10_000, MoneyWorld.Usd), provider)).Pays();
        (await Guildhall.Money.Withdrawals.RequestWithdrawal.Run(world.Data(), world.Rails, provider, new Amount(50_000, MoneyWorld.Kwd), default)).OrThrow();
        var balances = (await ReadBalance.Run(world.Data(1), provider.AccountId!.Value, default)).Balances;
        balances.Select(b => $"{b.Currency} {Says(b)}").ShouldBe(["KWD 0 35000 50000", "USD 8500 0 0"]);
    }
}
