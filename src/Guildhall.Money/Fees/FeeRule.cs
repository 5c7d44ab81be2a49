using System.Numerics;
using Guildhall.Foundation;
using Guildhall.Money.Orders;

namespace Guildhall.Money.Fees;

/// <summary>What the platform takes of a sale: a percentage plus a fixed amount, at least the minimum, at most the maximum, and tax on that fee.
/// Amounts are minor units of the sale's currency. Fee and tax together never exceed the sale: then both are cut, the tax last.</summary>
public sealed record FeeRule(int BasisPoints, long FixedMinor = 0, long MinimumMinor = 0, long? MaximumMinor = null, int TaxBasisPoints = 0)
{
    /// <summary>Fee and tax of a sale. Each is rounded half to even, once, on the whole sale.</summary>
    public SaleFee Of(Amount total)
    {
        if (total.Minor <= 0) return new SaleFee(total, Amount.Zero(total.Currency), Amount.Zero(total.Currency));
        var wanted = BigInteger.Max((BigInteger)total.BasisPoints(BasisPoints).Minor + FixedMinor, MinimumMinor);
        if (MaximumMinor is { } most) wanted = BigInteger.Min(wanted, most);
        var fee = total with { Minor = (long)BigInteger.Min(wanted, total.Minor) };
        var tax = fee.BasisPoints(TaxBasisPoints);
        if ((BigInteger)fee.Minor + tax.Minor <= total.Minor) return new SaleFee(total, fee, tax);

        // All of the sale is fee and its tax: share it as they stand to each other.
        var shares = total.Allocate([10_000, TaxBasisPoints]);
        return new SaleFee(total, shares[0], shares[1]);
    }
}

/// <summary>The fee of a sale and the tax on it, as frozen on the order. How much of them is given back depends only on how much of the sale was
/// given back, so that refunds in any order end the same, and no part is ever negative: the platform's part of what was given back is rounded
/// down, and the tax's part of that again.</summary>
public readonly record struct SaleFee(Amount Total, Amount Fee, Amount Tax)
{
    public Amount Earned => Total - Fee - Tax;

    /// <summary>Fee and tax given back once this much of the sale went back to the customer.</summary>
    public (Amount Fee, Amount Tax) GivenBack(Amount refunded)
    {
        var both = Share(Fee.Minor + Tax.Minor, refunded.Minor, Total.Minor);
        var tax = Share(Tax.Minor, both, Fee.Minor + Tax.Minor);
        return (Fee with { Minor = both - tax }, Tax with { Minor = tax });
    }

    /// <summary>Shares an amount among lines by their own amounts, exact to the minor unit and the same in whatever order the lines stand: what is
    /// left over goes to the largest remainders, among equals to the larger line, then by the text.</summary>
    public static IReadOnlyList<Amount> ByLine(Amount amount, IReadOnlyList<OrderLine> lines)
    {
        if (lines.All(l => l.Amount.IsZero)) return [.. lines.Select(_ => Amount.Zero(amount.Currency))];
        var order = Enumerable.Range(0, lines.Count).OrderByDescending(i => lines[i].Amount.Minor).ThenBy(i => lines[i].Text, StringComparer.Ordinal).ToArray();
        var shares = amount.Allocate([.. order.Select(i => lines[i].Amount.Minor)]);
        var result = new Amount[lines.Count];
        for (var place = 0; place < order.Length; place++) result[order[place]] = shares[place];
        return result;
    }

    private static long Share(long whole, long part, long of) => of == 0 ? 0 : (long)((Int128)whole * part / of);
}
