using System.Globalization;
using System.Text;

namespace Guildhall.Money.Payouts;

/// <summary>Names in the characters every bank reads: <c>a-z A-Z 0-9 / - ? : ( ) . , ' +</c> and space. Letters with marks lose them; a name in
/// another script is not guessed at.</summary>
internal static class BankText
{
    private const string Marks = "/-?:().,'+ ";

    private static readonly Dictionary<char, string> Others = new()
    {
        ['ß'] = "ss", ['ẞ'] = "SS", ['Æ'] = "AE", ['æ'] = "ae", ['Ø'] = "O", ['ø'] = "o", ['Œ'] = "OE", ['œ'] = "oe", ['Ł'] = "L", ['ł'] = "l", ['Đ'] = "D", ['đ'] = "d",
        ['Ð'] = "D", ['ð'] = "d", ['Þ'] = "TH", ['þ'] = "th", ['ı'] = "i", ['Ħ'] = "H", ['ħ'] = "h", ['&'] = "+", ['’'] = "'", ['‘'] = "'", ['ʼ'] = "'", ['`'] = "'", ['´'] = "'",
        ['–'] = "-", ['—'] = "-", ['_'] = "-", ['"'] = "'", ['“'] = "'", ['”'] = "'", ['«'] = "'", ['»'] = "'", [';'] = ",", ['@'] = "(at)", ['!'] = ".", ['*'] = ".", ['\u00a0'] = " ",
    };

    /// <summary>The name, or null when a letter of it cannot be written or nothing is left.</summary>
    public static string? Latin(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var c in name.Trim())
            if (char.IsAsciiLetterOrDigit(c) || Marks.Contains(c, StringComparison.Ordinal)) text.Append(c);
            else if (Others.TryGetValue(c, out var known)) text.Append(known);
            else
            {
                foreach (var part in c.ToString().Normalize(NormalizationForm.FormD))
                    if (char.IsAsciiLetter(part)) text.Append(part);
                    else if (CharUnicodeInfo.GetUnicodeCategory(part) != UnicodeCategory.NonSpacingMark) return null;
            }
        var written = text.ToString().Replace("//", "/", StringComparison.Ordinal).Trim(' ', '/');
        return written.Any(char.IsAsciiLetterOrDigit) ? written.Length > 70 ? written[..70].TrimEnd() : written : null;
    }
}
