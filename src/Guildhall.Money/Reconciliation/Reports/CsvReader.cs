using System.Text;

namespace Guildhall.Money.Reconciliation;

/// <summary>RFC 4180 by rows, streaming: quotes, doubled quotes, line breaks within quotes, CRLF or LF. UTF-8 only, with limits on fields and rows.</summary>
internal sealed class CsvReader(Stream stream) : IDisposable
{
    private const int MaxField = 4000;
    private const int MaxFields = 200;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly StreamReader _text = new(stream, Strict, detectEncodingFromByteOrderMarks: false, bufferSize: 64 * 1024, leaveOpen: true);
    private readonly char[] _buffer = new char[64 * 1024];
    private readonly StringBuilder _field = new();
    private readonly List<string> _fields = [];
    private int _at, _end;

    /// <summary>The number of the row read last; the head is row 1.</summary>
    public long Row { get; private set; }

    /// <summary>The next row, valid until the one after it is read; null at the end. Empty lines are stepped over.</summary>
    public async Task<IReadOnlyList<string>?> Next(CancellationToken stop)
    {
        while (true)
        {
            Row++;
            _fields.Clear();
            if (!await ReadRow(stop)) return null;
            if (_fields.Count > 1 || _fields[0].Length > 0) return _fields;
        }
    }

    private async Task<bool> ReadRow(CancellationToken stop)
    {
        var (quoted, any) = (false, false);
        _field.Clear();
        while (true)
        {
            if (_at == _end && !await Fill(stop))
            {
                if (quoted) throw new ReportUnreadableException(Row, "A quote is opened and never closed.");
                if (!any) return false;
                Take();
                return true;
            }
            var c = _buffer[_at++];
            any = true;
            if (quoted)
            {
                if (c != '"') Keep(c);
                else if (await Peek(stop) == '"') { Keep('"'); _at++; }
                else quoted = false;
            }
            else if (c == '"' && _field.Length == 0) quoted = true;
            else if (c == ',') Take();
            else if (c == '\n') { Take(); return true; }
            else if (c != '\r' && c != '\uFEFF') Keep(c);
        }
    }

    private void Keep(char c)
    {
        if (_field.Length == MaxField) throw new ReportUnreadableException(Row, $"A field is longer than {MaxField} characters.");
        if (c == '\0') throw new ReportUnreadableException(Row, "This is not a text file.");
        _field.Append(c);
    }

    private void Take()
    {
        if (_fields.Count == MaxFields) throw new ReportUnreadableException(Row, $"There are more than {MaxFields} columns.");
        _fields.Add(_field.ToString());
        _field.Clear();
    }

    private async ValueTask<char?> Peek(CancellationToken stop) => _at < _end || await Fill(stop) ? _buffer[_at] : null;

    private async ValueTask<bool> Fill(CancellationToken stop)
    {
        try { (_at, _end) = (0, await _text.ReadAsync(_buffer.AsMemory(), stop)); }
        catch (DecoderFallbackException) { throw new ReportUnreadableException(Row, "This is not UTF-8 text."); }
        return _end > 0;
    }

    public void Dispose() => _text.Dispose();
}

/// <summary>The columns of a file by name, wherever they stand.</summary>
internal sealed class CsvColumns
{
    private readonly Dictionary<string, int> _places = new(StringComparer.OrdinalIgnoreCase);

    public CsvColumns(IReadOnlyList<string> head)
    {
        for (var i = 0; i < head.Count; i++) _places.TryAdd(head[i].Trim(), i);
    }

    /// <summary>Says so when a column is missing.</summary>
    public void Need(params string[] names)
    {
        var missing = names.Where(name => !_places.ContainsKey(name)).ToArray();
        if (missing.Length > 0) throw new ReportUnreadableException(1, $"The head has no column {string.Join(", ", missing)}.");
    }

    /// <summary>The field, or null when it is empty or its column does not stand in this file.</summary>
    public string? Of(IReadOnlyList<string> row, string name) =>
        _places.TryGetValue(name, out var place) && place < row.Count && row[place].AsSpan().Trim() is { Length: > 0 } text ? text.ToString() : null;
}
