using Guildhall.Foundation.Security;
using Guildhall.Money.Fees;
using Guildhall.Money.Gateways;
using Guildhall.Money.Orders;
using Guildhall.Money.Payments;

namespace Guildhall.Tests.Money.Fees;

/// <summary>Which rule a sale is sold by, and that it stays so.</summary>
public sealed class FeeRulesTests(FeeRulesTests.Setup world) : IClassFixture<FeeRulesTests.Setup>, IAsyncLifetime
{
    public sealed class Setup : MoneyWorld
    {
        protected override string Role(int node) => "web";
    }

    private static readonly Caller Boss = MoneyWorld.Person("*");

    public async ValueTask InitializeAsync() => await world.Database.Execute("delete from money.fee_rules");
    public ValueTask DisposeAsync() => new(world.Books.MustHold());

    private async Task<FeeRuleView> Sets(int basisPoints, Guid? provider = null, string? category = null, Currency? currency = null, long fixedMinor = 0, int tax = 0) =>
        (await SetFeeRule.Run(world.Data(), Boss, new SetFeeRule.Body(provider, category, currency, basisPoints, fixedMinor, 0, null, tax, "Agreed."), default)).OrThrow();

    private async Task<long> Costs(Guid provider, string? category, Currency currency) =>
        (await FeeRules.Preview(world.Data(), provider, category, new Amount(10_000, currency), default)).OrThrow().Fee.Minor;

    [Fact]
    [Covers("M-11")]
    public async Task The_rule_of_the_provider_wins_over_the_category_s_and_that_over_everybody_s_and_in_each_the_currency_s()
    {
        var (omar, other) = (Guid.NewGuid(), Guid.NewGuid());
        (await Costs(omar, "visit", MoneyWorld.Usd)).ShouldBe(1_500); // the setting
        await Sets(1_000);
        await Sets(1_100, currency: MoneyWorld.Usd);
        (await Costs(omar, "visit", MoneyWorld.Usd)).ShouldBe(1_100);
        (await Costs(omar, "visit", MoneyWorld.Kwd)).ShouldBe(1_000);
        await Sets(900, category: "visit");
        (await Costs(omar, "visit", MoneyWorld.Usd)).ShouldBe(900);
        (await Costs(omar, "consultation", MoneyWorld.Usd)).ShouldBe(1_100);
        await Sets(800, provider: omar);
        await Sets(700, provider: omar, currency: MoneyWorld.Kwd, fixedMinor: 5);
        (await Costs(omar, "visit", MoneyWorld.Usd)).ShouldBe(800);
        (await Costs(omar, "visit", MoneyWorld.Kwd)).ShouldBe(705);
        (await Costs(other, "visit", MoneyWorld.Kwd)).ShouldBe(900);
    }

    [Fact]
    [Covers("M-11", "money-43")]
    public async Task A_sale_is_shared_by_the_rule_it_was_sold_by_and_tax_on_the_fee_is_owed_to_the_tax_office()
    {
        var provider = await world.Provider();
        await Sets(1_000, provider: provider.AccountId, currency: MoneyWorld.Usd, fixedMinor: 50, tax: 1_500);
        var deal = await world.Order(new Amount(10_000, MoneyWorld.Usd), provider) with { Currency = MoneyWorld.Usd };
        await Sets(5_000, provider: provider.AccountId, currency: MoneyWorld.Usd);
        var payment = (await deal.Starts()).Id;
        await world.Data().InTransaction(tx => SettlePayment.Run(tx, Caller.Gateway("stripe"), new PaymentFact(payment, FactState.Captured, new Amount(10_000, MoneyWorld.Usd), $"pi_{payment}")));
        (await deal.Releases()).OrThrow().Minor.ShouldBe(10_000 - 1_050 - 158); // 15 % of 10.50 is 1.575, half goes to the even neighbour
        (await deal.Owes("fee_tax")).ShouldBe(158);
        (await deal.Owes("platform_fee")).ShouldBe(1_050);
        await deal.Refunded(5_000);
        ((await deal.Owes("fee_tax")) + (await deal.Owes("platform_fee")) + (await deal.ProviderHas())).ShouldBe(5_000);
        (await deal.Owes("fee_tax")).ShouldBe(79);
        var seen = (await ReadOrder.Run(world.Data(), MoneyWorld.Staff, deal.Order, default)).OrThrow();
        seen.Lines.Sum(l => l.Fee.Minor).ShouldBe(1_050);
    }

    [Fact]
    [Covers("M-11")]
    public async Task Of_twenty_who_set_the_same_rule_at_once_one_is_in_force_and_the_others_are_kept()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => SetFeeRule.Run(world.Data(i % 2), Boss, new SetFeeRule.Body(null, null, null, 100 + i, 0, 0, null, 0, "Race."), default)));
        (await FeeRules.InForce(world.Data(), default)).Count.ShouldBe(1);
        (await world.Database.Value<long>("select count(*) from money.fee_rules where retired_at is not null")).ShouldBe(19);
        (await SetFeeRule.Retire(world.Data(), Boss, (await FeeRules.InForce(world.Data(), default))[0].Id, default)).OrThrow().RetiredAt.ShouldNotBeNull();
        (await FeeRules.InForce(world.Data(), default)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(10_001, 0, 0, null, "KWD")]
    [InlineData(-1, 0, 0, null, "KWD")]
    [InlineData(100, -1, 0, null, "KWD")]
    [InlineData(100, 0, 10, 5L, "KWD")]
    [InlineData(100, 5, 0, null, null)]
    [Covers("M-11")]
    public async Task What_is_no_rule_is_refused(int basisPoints, long fixedMinor, long minimum, long? maximum, string? currency)
    {
        Currency? of = currency is null ? null : Currency.Of(currency);
        (await SetFeeRule.Run(world.Data(), Boss, new SetFeeRule.Body(null, null, of, basisPoints, fixedMinor, minimum, maximum, 0, "No."), default)).Refusal!.Code.ShouldBe("fee_rule_invalid");
    }
}
