using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Guildhall.Foundation;

/// <summary>Comma-separated values (RFC 4180) that a spreadsheet opens without running anything: text that would begin a formula is kept as text.</summary>
public sealed class Csv
{
    private readonly StringBuilder _text = new();

    /// <summary>One line: amounts and instants as they are written everywhere, everything else as text.</summary>
    public Csv Row(params ReadOnlySpan<object?> cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            if (i > 0) _text.Append(',');
            _text.Append(Cell(cells[i]));
        }
        _text.Append("\r\n");
        return this;
    }

    public override string ToString() => _text.ToString();

    /// <summary>The file in UTF-8.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(_text.ToString());

    /// <summary>The file, offered under a name.</summary>
    public IResult ToHttp(string name) => Results.File(ToBytes(), "text/csv; charset=utf-8", name);

    private static string Cell(object? value) => value switch
    {
        null => "",
        Amount amount => amount.Text,
        DateTimeOffset at => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture),
        long or int => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        _ => Text(value.ToString() ?? ""),
    };

    private static bool IsNumber(string text) => text[0] is '-' && text.Length > 1 && text.AsSpan(1).IndexOfAnyExcept("0123456789.") < 0;

    private static string Text(string text)
    {
        if (text.Length > 0 && "=+-@\t\r\n\0".Contains(text[0], StringComparison.Ordinal) && !IsNumber(text)) text = "'" + text;
        if (text.AsSpan().IndexOfAnyInRange('\0', '\u001f') >= 0) text = string.Concat(text.Select(c => char.IsControl(c) && c is not ('\r' or '\n' or '\t') ? '\uFFFD' : c));
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
