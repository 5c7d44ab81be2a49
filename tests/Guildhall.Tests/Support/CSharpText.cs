using System.Text;

namespace Guildhall.Tests.Support;

/// <summary>Just enough C# reading for guards: a file's string literals apart from its code, comments apart from both.</summary>
internal sealed class CSharpText
{
    private readonly string _text;
    private readonly StringBuilder _code = new();
    private readonly StringBuilder _comments = new();
    private readonly List<Literal> _literals = [];
    private int _at;

    internal sealed record Literal(int Line, string Text);

    private CSharpText(string text) => _text = text;

    /// <summary>The file without comments and with every literal as <c>""</c>; lines stay where they were.</summary>
    public string Code => _code.ToString();

    public string Comments => _comments.ToString();

    /// <summary>Every string literal; a hole of an interpolated one is written <c>{}</c>.</summary>
    public IReadOnlyList<Literal> Literals => _literals;

    public static CSharpText Read(string text)
    {
        var file = new CSharpText(text);
        file.ReadCode(until: '\0');
        return file;
    }

    private char Now => Ahead(0);
    private char Ahead(int by) => _at + by < _text.Length ? _text[_at + by] : '\0';

    // Reads code up to the closing brace of a hole, or to the end of the file.
    private void ReadCode(char until)
    {
        var depth = 0;
        while (_at < _text.Length)
        {
            if (Now == '/' && Ahead(1) == '/') Comment("\n", skipEnd: false);
            else if (Now == '/' && Ahead(1) == '*') Comment("*/", skipEnd: true);
            else if (StringStartsHere(out var dollars, out var verbatim)) ReadString(dollars, verbatim);
            else if (Now == '\'') ReadChar();
            else
            {
                if (until != '\0' && depth == 0 && Now == until) return;
                if (Now is '{' or '(' or '[') depth++;
                if (Now is '}' or ')' or ']') depth--;
                _code.Append(_text[_at++]);
            }
        }
    }

    private void Comment(string end, bool skipEnd)
    {
        var stop = _text.IndexOf(end, _at + 2, StringComparison.Ordinal);
        if (stop < 0) stop = _text.Length;
        var body = _text[_at..stop];
        _comments.Append(body).Append('\n');
        foreach (var _ in body.Where(c => c == '\n')) _code.Append('\n');
        _at = Math.Min(_text.Length, skipEnd ? stop + end.Length : stop);
    }

    private void ReadChar()
    {
        _code.Append("' '");
        for (_at++; _at < _text.Length && Now != '\''; _at++)
            if (Now == '\\') _at++;
        _at++;
    }

    private bool StringStartsHere(out int dollars, out bool verbatim)
    {
        (dollars, verbatim) = (0, false);
        var i = 0;
        for (; Ahead(i) is '$' or '@'; i++)
        {
            if (Ahead(i) == '$') dollars++;
            else verbatim = true;
        }
        return Ahead(i) == '"';
    }

    private void ReadString(int dollars, bool verbatim)
    {
        var line = 1 + _text.AsSpan(0, _at).Count('\n');
        var index = _literals.Count;
        _literals.Add(new Literal(line, ""));
        while (Now is '$' or '@') _at++;
        var quotes = 0;
        while (Now == '"') { quotes++; _at++; }
        _code.Append("\"\"");
        if (quotes == 2) return; // empty
        var body = new StringBuilder();
        while (_at < _text.Length && !Closes(quotes, verbatim))
        {
            if (dollars > 0 && HoleStartsHere(dollars, raw: quotes > 2)) { ReadHole(dollars); body.Append("{}"); continue; }
            if (quotes == 1 && !verbatim && Now == '\\') { body.Append(Ahead(1) is 'n' or 'r' or 't' ? ' ' : Ahead(1)); _at += 2; continue; }
            if (quotes == 1 && (verbatim && Now == '"' || dollars > 0 && Now is '{' or '}')) _at++; // doubled
            if (Now == '\n') _code.Append('\n');
            body.Append(_text[_at++]);
        }
        _at += quotes;
        _literals[index] = new Literal(line, body.ToString());
    }

    private bool Closes(int quotes, bool verbatim)
    {
        for (var i = 0; i < quotes; i++)
            if (Ahead(i) != '"') return false;
        return !(quotes == 1 && verbatim && Ahead(1) == '"');
    }

    private bool HoleStartsHere(int dollars, bool raw)
    {
        for (var i = 0; i < dollars; i++)
            if (Ahead(i) != '{') return false;
        return raw || Ahead(1) != '{';
    }

    private void ReadHole(int dollars)
    {
        _at += dollars;
        ReadCode(until: '}');
        _at += dollars;
    }
}
