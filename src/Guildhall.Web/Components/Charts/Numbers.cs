using System.Globalization;
using Guildhall.Web.Components.Text;

namespace Guildhall.Web.Components.Charts;

/// <summary>Figures on an axis.</summary>
public static class Numbers
{
    /// <summary>Thousands as k, millions as M, exact below.</summary>
    public static string Short(long value) => Math.Abs(value) switch
    {
        >= 1_000_000 => (value / 1_000_000.0).ToString("0.##", CultureInfo.InvariantCulture) + "M",
        >= 10_000 => (value / 1_000.0).ToString("0.##", CultureInfo.InvariantCulture) + "k",
        _ => value.ToString("#,0", CultureInfo.InvariantCulture),
    };

    /// <summary>Minor units of a currency with this exponent, on an axis: whole units, shortened.</summary>
    public static Func<long, string> Major(int exponent) => minor =>
    {
        var (sign, whole, part) = AmountFormat.Split(minor, exponent);
        return sign + whole + (part.All(c => c is '.' or '0') ? "" : part);
    };
}
