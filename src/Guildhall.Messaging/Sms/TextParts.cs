using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;
using Guildhall.Foundation.Settings;

namespace Guildhall.Messaging.Sms;

/// <summary>In how many parts a text message goes, by 3GPP TS 23.038 and 23.040: 160 characters of the GSM alphabet or 70 of any other, and 153 or 67 each when it needs several. A character
/// that takes two units is never cut in two.</summary>
internal static partial class TextParts
{
    /// <summary>What the operator's provider takes for one part, for showing what texts cost. Finer than any currency's smallest coin, and booked nowhere: so it is no amount of money.</summary>
    public static readonly Setting<string> PartPrice = new("messaging.sms_part_price", "What one part of a text message costs, as 0.0475 USD; empty: the console shows no cost", "decimal and ISO 4217 code", "",
        price => price.Length == 0 || Price().IsMatch(price) ? null : "Write it as 0.0475 USD, with at most six decimals, or leave it empty.");

    private const string Basic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
    private static readonly SearchValues<char> One = SearchValues.Create(Basic), Two = SearchValues.Create("^{}\\[~]|€\f");

    /// <summary>At least one.</summary>
    public static int Of(string text)
    {
        var gsm = text.All(c => One.Contains(c) || Two.Contains(c));
        var (alone, each) = gsm ? (160, 153) : (70, 67);
        var sizes = gsm ? text.Select(c => Two.Contains(c) ? 2 : 1) : text.EnumerateRunes().Select(r => r.Utf16SequenceLength);
        var (units, parts, used) = (0, 1, 0);
        foreach (var size in sizes)
        {
            units += size;
            if (used + size > each) (parts, used) = (parts + 1, 0);
            used += size;
        }
        return units <= alone ? 1 : parts;
    }

    /// <summary>What so many parts cost, such as <c>0.095 USD</c>; null while no price is set.</summary>
    public static string? Cost(int parts, string price)
    {
        if (Price().Match(price) is not { Success: true } match) return null;
        var decimals = match.Groups[2].Value;
        var millionths = long.Parse(match.Groups[1].Value + decimals.PadRight(6, '0'), CultureInfo.InvariantCulture) * parts;
        var fraction = (millionths % 1_000_000).ToString("D6", CultureInfo.InvariantCulture).TrimEnd('0');
        return string.Create(CultureInfo.InvariantCulture, $"{millionths / 1_000_000}{(fraction.Length > 0 ? "." + fraction : "")} {match.Groups[3].Value}");
    }

    [GeneratedRegex(@"^([0-9]{1,4})(?:\.([0-9]{1,6}))? ([A-Z]{3})$", RegexOptions.NonBacktracking)]
    private static partial Regex Price();
}
