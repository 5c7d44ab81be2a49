using Guildhall.Money.Invoices;

namespace Guildhall.Tests.Money.Invoices;

/// <summary>Tax contained in amounts, shared over lines.</summary>
public sealed class TaxesTests
{
    private static readonly Currency Kwd = Currency.Of("KWD");

    [Theory]
    [InlineData(10_500, 500, 500)]
    [InlineData(1, 500, 0)]
    [InlineData(11, 10_000 / 2, 4)]
    [InlineData(-10_500, 500, -500)]
    [InlineData(0, 500, 0)]
    [Covers("M-18")]
    public void The_tax_of_one_line_is_rounded_half_up(long minor, int points, long tax) =>
        Taxes.Of([("a", new Amount(minor, Kwd), points)]).Taxes.ShouldHaveSingleItem().Tax.Minor.ShouldBe(tax);

    [Fact]
    [Covers("M-18", "money-47")]
    public void Lines_share_the_tax_of_their_rate_to_the_minor_unit_in_whatever_order_they_stand()
    {
        var random = new Random(5);
        for (var round = 0; round < 500; round++)
        {
            var lines = Enumerable.Range(0, random.Next(1, 12)).Select(i => ($"line {i}", new Amount(random.Next(0, 2000), Kwd), new[] { 0, 500, 1500 }[random.Next(3)])).ToList();
            var (shared, taxes) = Taxes.Of(lines);
            foreach (var rate in taxes)
            {
                var mine = shared.Where(l => l.TaxBasisPoints == rate.BasisPoints).ToList();
                mine.Sum(l => l.Tax.Minor).ShouldBe(rate.Tax.Minor);
                mine.Sum(l => l.Amount.Minor).ShouldBe(rate.Net.Minor + rate.Tax.Minor);
                mine.ShouldAllBe(l => l.Tax.Minor >= 0 && l.Tax <= l.Amount);
            }
            var turned = Taxes.Of([.. lines.OrderBy(_ => random.Next())]).Lines.ToDictionary(l => l.Text, l => l.Tax, StringComparer.Ordinal);
            shared.ShouldAllBe(l => turned[l.Text] == l.Tax);
        }
    }

    [Theory]
    [InlineData("*=INV-{year}-", "booking", "INV-2026-")]
    [InlineData("booking=BK/{year}/ *=INV-{year}-", "booking", "BK/2026/")]
    [InlineData("booking=BK/{year}/ *=INV-{year}-", "invoice", "INV-2026-")]
    public void A_series_is_chosen_by_purpose_and_year(string setting, string purpose, string series)
    {
        Series.Objection(setting).ShouldBeNull();
        Series.Of(setting, purpose, new DateTimeOffset(2026, 12, 31, 23, 0, 0, TimeSpan.Zero)).ShouldBe(series);
    }

    [Theory, InlineData(""), InlineData("INV-"), InlineData("booking=BK-"), InlineData("*=inv-"), InlineData("*=A *=B"), InlineData("*=ABCDEFGHIJKLMNOPQRS"), InlineData("*='; drop table")]
    public void What_is_no_series_is_refused(string setting) => Series.Objection(setting).ShouldNotBeNull();
}
