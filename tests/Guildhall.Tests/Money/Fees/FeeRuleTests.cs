using System.Globalization;
using Guildhall.Money.Fees;

namespace Guildhall.Tests.Money.Fees;

/// <summary>The arithmetic of fees, over every currency, every kind of rule, up to twenty lines and any order of refunds.</summary>
public sealed class FeeRuleTests
{
    [Fact]
    [Covers("M-11", "money-44", "money-45", "money-47")]
    public void A_million_sales_are_shared_to_the_minor_unit_and_nobody_s_part_is_negative()
    {
        // ./drill fees asks for more.
        long Asked(string name, long usual) => long.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var count) ? count : usual;
        var (cases, seed) = (Asked("GUILDHALL_FEE_CASES", 1_000_000), (int)Asked("GUILDHALL_FEE_SEED", 2026));
        Parallel.For(0, 100, part => FeeCases.Run((seed * 100) + part, cases / 100));
    }

    [Theory]
    [InlineData(10_000, 1500, 0, 0, null, 0, 1500, 0)]
    [InlineData(10_000, 1500, 100, 0, null, 0, 1600, 0)]
    [InlineData(1_000, 1500, 100, 500, null, 0, 500, 0)]
    [InlineData(1_000_000, 1500, 100, 500, 20_000L, 0, 20_000, 0)]
    [InlineData(10_000, 1500, 0, 0, null, 1600, 1500, 240)]
    [InlineData(300, 0, 500, 0, null, 0, 300, 0)] // more than the sale: all of it, and not more
    [InlineData(300, 0, 500, 0, null, 2000, 250, 50)] // with tax: what there is, shared as they stand to each other
    [InlineData(5, 1000, 0, 0, null, 0, 0, 0)] // half a unit goes to the even neighbour
    [InlineData(15, 1000, 0, 0, null, 0, 2, 0)]
    [InlineData(0, 1500, 100, 500, null, 2000, 0, 0)] // nothing of nothing
    [Covers("M-11", "money-45")]
    public void A_fee_is_a_percentage_and_a_fixed_part_between_two_bounds_and_tax_on_it(long total, int basisPoints, long fixedMinor, long minimum, long? maximum, int taxBasisPoints, long fee, long tax)
    {
        var sale = new FeeRule(basisPoints, fixedMinor, minimum, maximum, taxBasisPoints).Of(new Amount(total, Currency.Of("USD")));
        (sale.Fee.Minor, sale.Tax.Minor, sale.Earned.Minor).ShouldBe((fee, tax, total - fee - tax));
    }
}
