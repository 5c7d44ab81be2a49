using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Guildhall.Foundation.Http;

namespace Guildhall.Tests.Foundation;

public sealed class AmountTests
{
    private const int Runs = 40;
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-US");
    private static readonly CultureInfo Arabic = CultureInfo.GetCultureInfo("ar-KW");
    private static readonly CultureInfo German = CultureInfo.GetCultureInfo("de-DE");

    // The same amounts on every run; a failure names the one it met.
    private static IEnumerable<(Amount Amount, Random Random)> Samples(int seed)
    {
        foreach (var currency in Currency.All)
        {
            var random = new Random((seed * 100_000) + (currency.Code[0] * 676) + (currency.Code[1] * 26) + currency.Code[2]);
            foreach (var minor in new[] { 0, 1, -1, 2, 3, 99, 100, 101, long.MaxValue, long.MinValue + 1 }) yield return (new Amount(minor, currency), random);
            for (var i = 0; i < Runs; i++) yield return (new Amount(random.NextInt64(-1, 1L << random.Next(2, 62)), currency), random);
        }
    }

    [Fact]
    [Covers("M-10")]
    public void Parts_always_sum_to_the_whole_in_every_currency_for_up_to_twenty_parties()
    {
        foreach (var (amount, random) in Samples(seed: 1))
        {
            var weights = Enumerable.Range(0, random.Next(1, 21)).Select(_ => random.NextInt64(0, 1L << random.Next(1, 50))).Append(1).ToArray();
            var parts = amount.Allocate(weights);
            parts.Count.ShouldBe(weights.Length);
            parts.Aggregate(BigInteger.Zero, (sum, part) => sum + part.Minor).ShouldBe(amount.Minor, $"{amount} by {string.Join(',', weights)}");
            parts.ShouldAllBe(part => part.Currency == amount.Currency && Math.Sign(part.Minor) * Math.Sign(amount.Minor) >= 0);
        }
    }

    [Fact]
    public void A_part_is_less_than_one_unit_from_its_exact_share()
    {
        foreach (var (amount, random) in Samples(seed: 2))
        {
            var weights = Enumerable.Range(0, random.Next(1, 21)).Select(_ => random.NextInt64(0, 10_000)).Append(1).ToArray();
            var total = weights.Aggregate(BigInteger.Zero, (sum, w) => sum + w);
            var parts = amount.Allocate(weights);
            for (var i = 0; i < weights.Length; i++)
                BigInteger.Abs((parts[i].Minor * total) - ((BigInteger)amount.Minor * weights[i])).ShouldBeLessThan(total, $"{amount} by {string.Join(',', weights)}");
        }
    }

    [Fact]
    public void What_cannot_be_shared_evenly_goes_to_the_largest_remainder_then_to_the_first()
    {
        new Amount(100, Currency.Of("USD")).Allocate([1, 1, 1]).Select(a => a.Minor).ShouldBe([34, 33, 33]);
        new Amount(5, Currency.Of("KWD")).Allocate([3, 7]).Select(a => a.Minor).ShouldBe([2, 3]);
        new Amount(-100, Currency.Of("USD")).Allocate([1, 1, 1]).Select(a => a.Minor).ShouldBe([-34, -33, -33]);
        new Amount(0, Currency.Of("JPY")).Allocate([0, 5]).Select(a => a.Minor).ShouldBe([0, 0]);
    }

    [Fact]
    public void Shares_of_nothing_or_less_are_refused()
    {
        Should.Throw<ArgumentException>(() => new Amount(1, Currency.Of("USD")).Allocate([0, 0]));
        Should.Throw<ArgumentException>(() => new Amount(1, Currency.Of("USD")).Allocate([]));
        Should.Throw<ArgumentOutOfRangeException>(() => new Amount(1, Currency.Of("USD")).Allocate([2, -1]));
    }

    [Fact]
    public void What_is_written_is_read_back_in_every_currency_and_language()
    {
        foreach (var (amount, _) in Samples(seed: 3))
        {
            Amount.TryParse(amount.Text, amount.Currency, CultureInfo.InvariantCulture, out var plain).ShouldBeTrue(amount.Text);
            plain.ShouldBe(amount);
            foreach (var culture in new[] { English, Arabic, German })
            {
                Amount.TryParse(amount.ToText(culture), amount.Currency, culture, out var read).ShouldBeTrue($"{amount.ToText(culture)} in {culture.Name}");
                read.ShouldBe(amount);
            }
        }
    }

    [Theory]
    [InlineData("12.5", "KWD", 12500L)]
    [InlineData("1,234.500", "KWD", 1234500L)]
    [InlineData("١٢٫٥", "KWD", 12500L)]
    [InlineData("٤٥", "INR", 4500L)]
    [InlineData("-3.07", "USD", -307L)]
    [InlineData("700", "JPY", 700L)]
    [InlineData("0.0001", "CLF", 1L)]
    [InlineData("92233720368547758.07", "USD", long.MaxValue)]
    public void Amounts_are_read_as_people_type_them(string text, string currency, long minor)
    {
        Amount.TryParse(text, Currency.Of(currency), English, out var amount).ShouldBeTrue();
        amount.Minor.ShouldBe(minor);
    }

    [Theory]
    [InlineData("12.5555", "KWD")]
    [InlineData("1.001", "USD")]
    [InlineData("1.0", "JPY")]
    [InlineData("1e3", "USD")]
    [InlineData("NaN", "USD")]
    [InlineData("0x10", "USD")]
    [InlineData("1.2.3", "USD")]
    [InlineData("--1", "USD")]
    [InlineData("1-", "USD")]
    [InlineData("", "USD")]
    [InlineData(" ", "USD")]
    [InlineData(".", "USD")]
    [InlineData("-", "USD")]
    [InlineData("12 USD", "USD")]
    [InlineData("92233720368547758.08", "USD")]
    [InlineData("99999999999999999999999999999999999999999999", "USD")]
    public void What_is_not_exactly_an_amount_is_not_read(string text, string currency) =>
        Amount.TryParse(text, Currency.Of(currency), English, out _).ShouldBeFalse();

    [Fact]
    [Covers("money-67")]
    public void Arithmetic_that_does_not_fit_throws_and_never_wraps()
    {
        var most = new Amount(long.MaxValue, Currency.Of("USD"));
        Should.Throw<OverflowException>(() => most + new Amount(1, Currency.Of("USD")));
        Should.Throw<OverflowException>(() => -most - new Amount(2, Currency.Of("USD")));
        Should.Throw<OverflowException>(() => -new Amount(long.MinValue, Currency.Of("USD")));
        Should.Throw<OverflowException>(() => most.BasisPoints(10_001));
        most.BasisPoints(10_000).ShouldBe(most);
    }

    [Fact]
    public void Two_currencies_never_meet()
    {
        var (dinar, dollar) = (new Amount(1, Currency.Of("KWD")), new Amount(1, Currency.Of("USD")));
        Should.Throw<InvalidOperationException>(() => dinar + dollar);
        Should.Throw<InvalidOperationException>(() => dinar - dollar);
        Should.Throw<InvalidOperationException>(() => dinar < dollar);
    }

    [Theory]
    [InlineData(10_000, 1_000, 1_000)]
    [InlineData(25, 1_000, 2)]
    [InlineData(35, 1_000, 4)]
    [InlineData(-25, 1_000, -2)]
    [InlineData(1, 4_999, 0)]
    [InlineData(1, 5_001, 1)]
    public void Basis_points_round_half_to_even(long minor, int points, long expected) => new Amount(minor, Currency.Of("KWD")).BasisPoints(points).Minor.ShouldBe(expected);

    [Fact]
    public void In_json_an_amount_has_its_text_for_people_and_reads_back()
    {
        var json = JsonSerializer.Serialize(new Amount(12500, Currency.Of("KWD")), JsonRules.Options);
        json.ShouldBe("""{"minor":12500,"currency":"KWD","text":"12.500"}""");
        JsonSerializer.Deserialize<Amount>(json, JsonRules.Options).ShouldBe(new Amount(12500, Currency.Of("KWD")));
    }

    [Theory]
    [InlineData("""{"minor":12.5,"currency":"KWD"}""")]
    [InlineData("""{"minor":"12","currency":"KWD"}""")]
    [InlineData("""{"minor":12}""")]
    [InlineData("""{"currency":"KWD"}""")]
    [InlineData("""{"minor":12,"currency":"ZZZ"}""")]
    [InlineData("""{"minor":12,"currency":"KWD","minor":13}""")]
    [InlineData("""{"minor":9223372036854775808,"currency":"KWD"}""")]
    [InlineData("12.500")]
    public void Other_json_is_no_amount(string json) => Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Amount>(json, JsonRules.Options));
}
