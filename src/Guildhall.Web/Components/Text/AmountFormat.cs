using System.Globalization;
using System.Text.RegularExpressions;
using Guildhall.Foundation;

namespace Guildhall.Web.Components.Text;

/// <summary>Amounts as people read them: grouped, with the currency's decimals, in Latin digits and with the real minus.</summary>
public static partial class AmountFormat
{
    /// <summary>The whole text with the currency's code, e.g. <c>12.500 KWD</c>, for titles and buttons.</summary>
    public static string Words(this Amount amount) => Digits(amount) + "\u00a0" + amount.Currency.Code;

    /// <summary>A sentence of a right-to-left language in which each amount keeps its own order: digits, then currency.</summary>
    public static string InRightToLeft(string sentence) => sentence.Contains('\u00a0', StringComparison.Ordinal) ? WithCode().Replace(sentence, "\u2066$&\u2069") : sentence;

    [GeneratedRegex("[\u2212\\d.,]+\u00a0[A-Z]{3}", RegexOptions.None, 1000)]
    private static partial Regex WithCode();

    /// <summary>Sign, whole part, and the decimals with their point (empty for a currency without).</summary>
    internal static (string Sign, string Whole, string Part) Split(Amount amount, bool plus = false)
    {
        var digits = amount.ToText(CultureInfo.InvariantCulture).TrimStart('-');
        var point = amount.Currency.Exponent == 0 ? digits.Length : digits.Length - amount.Currency.Exponent - 1;
        return (amount.Minor < 0 ? "\u2212" : plus && amount.IsPositive ? "+" : "", digits[..point], digits[point..]);
    }

    /// <summary>Without the currency; decimals that are all zero are left out when <paramref name="brief"/>.</summary>
    internal static string Digits(Amount amount, bool brief = false)
    {
        var (sign, whole, part) = Split(amount);
        return sign + whole + (brief && part.AsSpan().TrimStart('.').Trim('0').IsEmpty ? "" : part);
    }
}
