namespace Guildhall.Tests.Foundation;

public sealed class CurrencyTests
{
    [Theory]
    [InlineData("JPY", 0)]
    [InlineData("KRW", 0)]
    [InlineData("VND", 0)]
    [InlineData("USD", 2)]
    [InlineData("INR", 2)]
    [InlineData("KWD", 3)]
    [InlineData("BHD", 3)]
    [InlineData("OMR", 3)]
    [InlineData("TND", 3)]
    [InlineData("CLF", 4)]
    public void Each_currency_has_the_decimals_of_its_standard(string code, int exponent)
    {
        Currency.Of(code).Exponent.ShouldBe(exponent);
        Currency.Of(code).MinorPerMajor.ShouldBe((long)Math.Pow(10, exponent));
    }

    [Fact]
    public void All_of_them_are_three_capital_letters_with_zero_to_four_decimals()
    {
        Currency.All.Count.ShouldBeGreaterThan(150);
        Currency.All.ShouldAllBe(c => c.Code.Length == 3 && c.Code.All(char.IsAsciiLetterUpper) && c.Exponent >= 0 && c.Exponent <= 4);
    }

    [Theory]
    [InlineData("kwd", true)]
    [InlineData("ZZZ", false)]
    [InlineData("XXX", false)]
    [InlineData("KW", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Codes_are_found_in_any_case_and_unknown_ones_are_not(string? code, bool found) => Currency.TryParse(code, out _).ShouldBe(found);

    [Fact]
    public void A_code_that_must_exist_and_does_not_throws() => Should.Throw<FormatException>(() => Currency.Of("ABC"));
}
