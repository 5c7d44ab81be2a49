using System.Globalization;
using System.Text;

namespace Guildhall.Marketplace.Calendars;

/// <summary>Writes RFC 5545: CRLF, lines folded at 75 octets and never inside a character, text escaped. Whatever a text holds, it stays in its line.</summary>
internal sealed class IcsWriter
{
    private const int MostOctets = 75;
    private readonly StringBuilder _text = new();

    public void Begin(string component) => Line("BEGIN", component);

    public void End(string component) => Line("END", component);

    /// <summary>A word of the standard's own, or of ours: nothing that a person typed.</summary>
    public void Word(string name, string value) => Line(name, value);

    /// <summary>What people typed (RFC 5545, 3.3.11).</summary>
    public void Text(string name, string text) => Line(name, Escape(text));

    /// <summary>An instant in UTC (3.3.5, form 2).</summary>
    public void Instant(string name, DateTimeOffset at) => Line(name, at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture));

    public void Number(string name, int number) => Line(name, number.ToString(CultureInfo.InvariantCulture));

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(_text.ToString());

    internal static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 8);
        foreach (var rune in text.ReplaceLineEndings("\n").EnumerateRunes())
        {
            if (rune.Value is '\\' or ';' or ',') escaped.Append('\\').Append((char)rune.Value);
            else if (rune.Value == '\n') escaped.Append("\\n");
            else if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator) escaped.Append(' ');
            else escaped.Append(rune.ToString());
        }
        return escaped.ToString();
    }

    private void Line(string name, string value)
    {
        var room = MostOctets;
        foreach (var rune in $"{name}:{value}".EnumerateRunes())
        {
            if (rune.Value is '\r' or '\n') throw new ArgumentException($"A value of {name} breaks its line.", nameof(value));
            if (rune.Utf8SequenceLength > room)
            {
                _text.Append("\r\n ");
                room = MostOctets - 1;
            }
            _text.Append(rune.ToString());
            room -= rune.Utf8SequenceLength;
        }
        _text.Append("\r\n");
    }
}
