namespace Guildhall.Tests.Money.Reserves;

public sealed class KeepReserveTests(KeepReserveTests.Setup world) : IClassFixture<KeepReserveTests.Setup>, IAsyncLifetime
{
    public sealed class Setup : MoneyWorld;

    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    [Fact]
    [Covers("M-12")]
    public async Task A_part_of_each_release_is_kept_until_its_day_and_comes_back_once()
    {
        await world.Database.Execute("""
            insert into foundation.settings (key, value, version, changed_at) values ('money.rolling_reserve_basis_points', '1000', 1, now()), ('money.rolling_reserve_days', '30', 1, now())
            """);
        var deal = await world.Order();
        await deal.PaidAndReleased();
        (await deal.ProviderHas()).ShouldBe(19_125);
        (await deal.ProviderHas("provider_rolling")).ShouldBe(2_125);
        await world.Clock.Passes(TimeSpan.FromDays(29));
        await world.JobsAreDone();
        (await deal.ProviderHas("provider_rolling")).ShouldBe(2_125);
        await world.Clock.Passes(TimeSpan.FromDays(1.01));
        await Eventually.True(async () => await deal.ProviderHas() == 21_250, "The reserve did not come back.");
        await world.Data().InTransaction(async tx =>
            await Guildhall.Money.Reserves.ReleaseReserve.Run(tx, new(new(await world.Database.Value<Guid>("select id from money.reserves where order_id = $1", deal.Order.Value)))));
        (await deal.Journals()).ShouldBe("capture release reserve_released");
    }
}
