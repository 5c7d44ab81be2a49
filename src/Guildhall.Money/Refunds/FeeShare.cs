using Guildhall.Foundation;
using Guildhall.Money.Fees;

namespace Guildhall.Money.Refunds;

/// <summary>How much of the platform's fee and its tax goes with a part of a sale that leaves it, by refund or dispute: that of all parts so far less
/// what went before, so that the parts add up to the whole in any order. A part that comes back brings its own again.</summary>
internal static class FeeShare
{
    public static (Amount Fee, Amount Tax) Of(SaleFee sale, long goneMinor, long goneFeeMinor, long goneTaxMinor, Amount part)
    {
        var (fee, tax) = sale.GivenBack(part with { Minor = goneMinor + part.Minor });
        var both = Math.Clamp(fee.Minor + tax.Minor - goneFeeMinor - goneTaxMinor, 0, part.Minor);
        var itsTax = Math.Clamp(tax.Minor - goneTaxMinor, 0, both);
        return (part with { Minor = both - itsTax }, part with { Minor = itsTax });
    }
}
