using Guildhall.Foundation;

namespace Guildhall.Money.Invoices;

/// <summary>A line of a document. The amount contains its tax.</summary>
/// <param name="TaxBasisPoints">Hundredths of a percent on the net amount.</param>
public sealed record InvoiceLine(string Text, Amount Amount, int TaxBasisPoints, Amount Tax);

/// <summary>What all lines of one rate come to.</summary>
public sealed record TaxLine(int BasisPoints, Amount Net, Amount Tax);

/// <summary>Tax contained in amounts. The tax of a rate is taken of the sum of its lines, rounded half up; each line gets its share by largest remainder, the
/// same whatever the order of the lines.</summary>
internal static class Taxes
{
    public static (IReadOnlyList<InvoiceLine> Lines, IReadOnlyList<TaxLine> Taxes) Of(IReadOnlyList<(string Text, Amount Amount, int BasisPoints)> lines)
    {
        var of = new long[lines.Count];
        var taxes = new List<TaxLine>();
        foreach (var rate in lines.Select((line, no) => (line, no)).GroupBy(l => l.line.BasisPoints).OrderBy(g => g.Key))
        {
            var (points, currency) = (rate.Key, lines[0].Amount.Currency);
            var gross = rate.Sum(l => l.line.Amount.Minor);
            var tax = (long)Floor(((Int128)gross * points * 2) + 10_000 + points, 2 * (10_000 + points));
            Share([.. rate.Select(l => (l.no, l.line.Amount.Minor, l.line.Text))], points, tax, of);
            taxes.Add(new TaxLine(points, new Amount(gross - tax, currency), new Amount(tax, currency)));
        }
        return ([.. lines.Select((l, no) => new InvoiceLine(l.Text, l.Amount, l.BasisPoints, l.Amount with { Minor = of[no] }))], taxes);
    }

    private static void Share(IReadOnlyList<(int No, long Minor, string Text)> lines, int points, long tax, long[] of)
    {
        var by = 10_000 + points;
        foreach (var line in lines) of[line.No] = (long)Floor((Int128)line.Minor * points, by);
        var left = tax - lines.Sum(l => of[l.No]);
        foreach (var line in lines.OrderByDescending(l => ((Int128)l.Minor * points) - ((Int128)of[l.No] * by)).ThenByDescending(l => l.Minor).ThenBy(l => l.Text, StringComparer.Ordinal))
        {
            if (left-- <= 0) break;
            of[line.No]++;
        }
    }

    private static Int128 Floor(Int128 value, Int128 by)
    {
        var (whole, rest) = Int128.DivRem(value, by);
        return rest < 0 ? whole - 1 : whole;
    }
}
