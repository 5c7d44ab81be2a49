using System.Globalization;

namespace Guildhall.Web.Components.Text;

/// <summary>Minor units as people read them: grouped, with the currency's decimals, in Latin digits.</summary>
public static class AmountFormat
{
    /// <summary>Sign (the real minus), whole part grouped by thousands, and the decimals with their point (empty for an exponent of 0).</summary>
    public static (string Sign, string Whole, string Part) Split(long minor, int exponent, bool plus = false)
    {
        var digits = minor.ToString(CultureInfo.InvariantCulture).TrimStart('-').PadLeft(exponent + 1, '0');
        var whole = digits[..^exponent];
        var part = exponent == 0 ? "" : "." + digits[^exponent..];
        var sign = minor < 0 ? "\u2212" : plus && minor > 0 ? "+" : "";
        return (sign, Group(whole), part);
    }

    /// <summary>The whole text with the currency's code, e.g. <c>12.500 KWD</c>, for titles and buttons.</summary>
    public static string Text(long minor, string currency, int exponent)
    {
        var (sign, whole, part) = Split(minor, exponent);
        return $"{sign}{whole}{part}\u00a0{currency}";
    }

    private static string Group(string whole)
    {
        for (var at = whole.Length - 3; at > 0; at -= 3) whole = whole.Insert(at, ",");
        return whole;
    }
}
