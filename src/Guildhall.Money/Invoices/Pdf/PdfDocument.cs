using System.Globalization;
using System.Text;

namespace Guildhall.Money.Invoices.Pdf;

/// <summary>A document to be rendered: words only, in reading order. Every text is plain text; amounts and dates come ready to read.</summary>
/// <param name="Language"><c>en</c> or <c>ar</c>: the reading direction and the words of the frame.</param>
/// <param name="CreatedAt">Goes into the file instead of the time of rendering, so that the same document gives the same bytes.</param>
/// <param name="Mark">A word beside the heading (PAID, VOID).</param>
internal sealed record PdfDocument(string Language, string Title, string Author, DateTimeOffset CreatedAt, string Heading, string Number, string? Mark,
    IReadOnlyList<PdfParty> Parties, IReadOnlyList<PdfFact> Facts, IReadOnlyList<PdfTable> Tables, IReadOnlyList<PdfTotal> Totals, IReadOnlyList<string> Notes, string Footer);

/// <summary>Who sells, who buys; the first line is the name.</summary>
internal sealed record PdfParty(string Title, IReadOnlyList<string> Lines);

internal sealed record PdfFact(string Name, string Value);

/// <summary>Rows under column heads that are repeated on every page.</summary>
internal sealed record PdfTable(string? Title, IReadOnlyList<PdfColumn> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);

/// <param name="Share">Its part of the width.</param>
/// <param name="Number">Set at the end edge and always left to right.</param>
internal sealed record PdfColumn(string Title, int Share, bool Number = false);

internal sealed record PdfTotal(string Name, string Value, bool Strong = false);

/// <summary>Text as the renderer takes it.</summary>
internal static class PdfText
{
    private const int MaxText = 2000;

    /// <summary>One line without control characters and without the characters that turn the direction of what follows them; cut at 2000 characters.</summary>
    public static string Clean(string? text)
    {
        var clean = new StringBuilder();
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if (clean.Length >= MaxText) return clean.Append('…').ToString();
            if (rune.Value is >= 0x202A and <= 0x202E or >= 0x2066 and <= 0x2069 or 0xFFFD) continue;
            clean.Append(Rune.GetUnicodeCategory(rune) switch
            {
                UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => " ",
                UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse => "",
                _ => rune.ToString(),
            });
        }
        return clean.ToString().Trim();
    }

    /// <summary>An amount with its currency: <c>1,234.500 KWD</c>, Western digits in every language.</summary>
    public static string Say(Foundation.Amount amount) => $"{amount.ToText(CultureInfo.InvariantCulture)} {amount.Currency.Code}";

    /// <summary>A day: <c>21 November 2026</c>, <c>21 نوفمبر 2026</c>; Western digits and the Gregorian calendar in every language.</summary>
    public static string Day(DateTimeOffset at, string language) =>
        $"{at.UtcDateTime.Day.ToString(CultureInfo.InvariantCulture)} {Months[language == "ar" ? 1 : 0][at.UtcDateTime.Month - 1]} {at.UtcDateTime.Year.ToString(CultureInfo.InvariantCulture)}";

    private static readonly string[][] Months =
    [
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
        ["يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"],
    ];
}
