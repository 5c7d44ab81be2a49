using Guildhall.Money;
using Guildhall.Money.Reconciliation;
using Guildhall.Tests.Marketplace;

namespace Guildhall.Tests.Money;

public sealed class MoneyFiguresTests(MarketplaceWorld world) : IClassFixture<MarketplaceWorld>
{
    [Fact]
    [Covers("M-19")]
    public async Task Money_counts_on_the_day_it_was_captured_however_long_before_its_payment_began()
    {
        var (shop, customer) = (await world.Shop(), await world.Customer());
        var booking = await shop.Holds(customer, world.InDays(20));
        var payment = await shop.StartsToPay(customer, booking);
        await world.Clock.Passes(6.Days());
        await shop.Captured(payment, booking.Price);
        var today = DateOnly.FromDateTime(world.Clock.Now.UtcDateTime);
        var since = new DateTimeOffset(today.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        (await MoneyFigures.CapturedByDay(world.Data(), since, default)).ShouldBe([new MoneyFigures.DayAmount(today, booking.Price)]);
        (await ReadPaymentHealth.Run(world.Data(), 1, default)).Volumes.ShouldContain(v => v.Captured == booking.Price);
        (await MoneyFigures.CapturedByDay(world.Data(), since.AddDays(1), default)).ShouldBeEmpty();
    }
}
