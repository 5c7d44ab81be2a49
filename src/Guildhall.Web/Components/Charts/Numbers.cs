using System.Globalization;
using Guildhall.Foundation;
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

    /// <summary>Minor units of a currency, on an axis: decimals only where they say something.</summary>
    public static Func<long, string> Of(Currency currency) => minor => AmountFormat.Digits(new(minor, currency), brief: true);
}
