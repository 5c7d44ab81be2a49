using Guildhall.Money.Fees;
using Guildhall.Money.Orders;

namespace Guildhall.Tests.Money.Fees;

/// <summary>Random sales, each with a rule, lines and refunds in a random order. A seed makes the same sales again.</summary>
internal static class FeeCases
{
    private static readonly Currency[] Currencies = [.. Currency.All.OrderBy(c => c.Code, StringComparer.Ordinal)];

    public static void Run(int seed, long count)
    {
        var dice = new Random(seed);
        for (var i = 0L; i < count; i++) One(dice, $"seed {seed}, case {i}");
    }

    private static void One(Random dice, string name)
    {
        var currency = Currencies[dice.Next(Currencies.Length)];
        var total = new Amount(Size(dice), currency);
        var minimum = dice.Next(3) == 0 ? dice.NextInt64(1000) : 0;
        var rule = new FeeRule(dice.Next(10_001), dice.Next(3) == 0 ? dice.NextInt64(1000) : 0, minimum, dice.Next(3) == 0 ? minimum + dice.NextInt64(10_000) : null, dice.Next(2) == 0 ? dice.Next(10_001) : 0);
        var sale = rule.Of(total);
        Must(sale.Fee.Minor >= 0 && sale.Tax.Minor >= 0 && sale.Earned.Minor >= 0, name, rule, sale);
        Must(sale.Fee + sale.Tax + sale.Earned == total, name, rule, sale);
        Lines(dice, sale, name, rule);
        Refunds(dice, sale, name, rule);
    }

    // Whatever the order of the lines, each gets the same part, and the parts are the whole.
    private static void Lines(Random dice, SaleFee sale, string name, FeeRule rule)
    {
        var lines = new OrderLine[dice.Next(1, 21)];
        var left = sale.Total.Minor;
        for (var i = 0; i < lines.Length; i++)
        {
            var part = i == lines.Length - 1 ? left : dice.NextInt64(left / (lines.Length - i) + 1);
            lines[i] = new OrderLine(Names[i], sale.Total with { Minor = part });
            left -= part;
        }
        var shares = SaleFee.ByLine(sale.Fee, lines);
        var sum = 0L;
        for (var i = 0; i < lines.Length; i++)
        {
            sum += shares[i].Minor;
            Must(shares[i].Minor >= 0 && shares[i].Minor <= lines[i].Amount.Minor, name, rule, sale);
        }
        Must(sum == sale.Fee.Minor, name, rule, sale);
        var before = shares.Select((share, i) => (lines[i].Text, share.Minor)).ToDictionary(StringComparer.Ordinal);
        dice.Shuffle(lines);
        var after = SaleFee.ByLine(sale.Fee, lines);
        for (var i = 0; i < lines.Length; i++) Must(before[lines[i].Text] == after[i].Minor, name, rule, sale);
    }

    // However the sale goes back, at every moment each part is what the whole of what went back says, none negative, none more than its own.
    private static void Refunds(Random dice, SaleFee sale, string name, FeeRule rule)
    {
        var (refunded, fee, tax) = (0L, 0L, 0L);
        for (var i = 0; i < 4 && refunded < sale.Total.Minor; i++)
        {
            var part = i == 3 ? sale.Total.Minor - refunded : 1 + dice.NextInt64(sale.Total.Minor - refunded);
            var back = sale.GivenBack(sale.Total with { Minor = refunded + part });
            var (feePart, taxPart) = (back.Fee.Minor - fee, back.Tax.Minor - tax);
            Must(feePart >= 0 && taxPart >= 0 && feePart + taxPart <= part, name, rule, sale);
            (refunded, fee, tax) = (refunded + part, back.Fee.Minor, back.Tax.Minor);
            Must(sale.Earned.Minor >= refunded - fee - tax, name, rule, sale);
        }
        var all = sale.GivenBack(sale.Total);
        Must(all.Fee == sale.Fee && all.Tax == sale.Tax, name, rule, sale);
    }

    private static long Size(Random dice) => dice.Next(4) switch { 0 => dice.Next(0, 30), 1 => dice.Next(1, 100_000), 2 => dice.NextInt64(1, 1_000_000_000_000), _ => dice.NextInt64(1, long.MaxValue) };

    private static void Must(bool law, string name, FeeRule rule, SaleFee sale)
    {
        if (!law) Assert.Fail($"{name}: {rule} of {sale.Total} is {sale.Fee.Minor} and {sale.Tax.Minor}");
    }

    private static readonly string[] Names = [.. Enumerable.Range(0, 20).Select(i => $"line {i}")];
}
