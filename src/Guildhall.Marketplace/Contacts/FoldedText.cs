using System.Globalization;
using System.Text;

namespace Guildhall.Marketplace.Contacts;

/// <summary>A text as the patterns read it: small letters, ASCII digits, no marks and nothing invisible, Arabic letters in their plain form. Each character knows the stretch of
/// the original that it stands for.</summary>
internal sealed record FoldedText(string Text, IReadOnlyList<int> From, IReadOnlyList<int> To)
{
    private const int SpelledAtLeast = 4;

    public static FoldedText Of(string original)
    {
        var (text, from, to) = (new StringBuilder(original.Length), new List<int>(original.Length), new List<int>(original.Length));
        var at = 0;
        foreach (var rune in original.EnumerateRunes())
        {
            var end = at + rune.Utf16SequenceLength;
            if (rune.IsAscii)
            {
                text.Append(char.ToLowerInvariant((char)rune.Value)); from.Add(at); to.Add(end);
                at = end;
                continue;
            }
            // Half of a pair cannot be normalized; as U+FFFD it can.
            foreach (var part in rune.ToString().Normalize(NormalizationForm.FormKD).EnumerateRunes())
            {
                if (Fold(part) is { } folded) { text.Append(folded); from.Add(at); to.Add(end); }
                else if (to.Count > 0) to[^1] = end; // a mark belongs to what it marks
            }
            at = end;
        }
        return new FoldedText(text.ToString(), from, to);
    }

    /// <summary>With words that were spelled letter by letter put together; null when there are none.</summary>
    public FoldedText? Joined()
    {
        var keep = new bool[Text.Length];
        Array.Fill(keep, true);
        for (var i = 0; i < Text.Length; i++)
        {
            var end = i;
            while (end + 2 < Text.Length && IsAlone(end) && Text[end + 1] == ' ' && IsAlone(end + 2)) end += 2;
            if ((end - i) / 2 + 1 >= SpelledAtLeast) for (var space = i + 1; space < end; space += 2) keep[space] = false;
            i = end;
        }
        if (Array.TrueForAll(keep, k => k)) return null;
        var left = Enumerable.Range(0, Text.Length).Where(i => keep[i]).ToArray();
        return new FoldedText(new string([.. left.Select(i => Text[i])]), [.. left.Select(i => From[i])], [.. left.Select(i => To[i])]);
    }

    private bool IsAlone(int i) => Text[i] != ' ' && (i == 0 || Text[i - 1] == ' ') && (i + 1 == Text.Length || Text[i + 1] == ' ');

    private static char? Fold(Rune rune)
    {
        var category = Rune.GetUnicodeCategory(rune);
        if (category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format || rune.Value == 'ـ') return null;
        if (category is UnicodeCategory.DecimalDigitNumber) return (char)('0' + (int)Rune.GetNumericValue(rune));
        if (category is UnicodeCategory.DashPunctuation) return '-';
        if (category is UnicodeCategory.SpaceSeparator) return ' ';
        return rune.Value switch
        {
            'ى' => 'ي', 'ة' => 'ه', '٫' => '.', '٬' or '،' => ',', '×' => 'x', '؛' => ';', '−' => '-',
            _ when rune.IsBmp => char.ToLowerInvariant((char)rune.Value),
            _ => '\uFFFD',
        };
    }
}
