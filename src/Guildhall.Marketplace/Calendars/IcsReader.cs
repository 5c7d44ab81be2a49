using System.Text;

namespace Guildhall.Marketplace.Calendars;

/// <summary>Something in a calendar that is not understood. Nothing of it is used then: what was skipped could be busy time.</summary>
internal sealed class NotReadableException(string why) : FormatException(why);

/// <summary>One content line: <c>NAME;PARAMETER=value:value</c>. Names are in capitals.</summary>
internal sealed record IcsProperty(string Name, IReadOnlyDictionary<string, string> Parameters, string Value)
{
    public string? Parameter(string name) => Parameters.GetValueOrDefault(name);
}

/// <summary>A component with its lines and the components in it.</summary>
internal sealed record IcsComponent(string Name, List<IcsProperty> Properties, List<IcsComponent> Parts)
{
    public IcsProperty? Find(string name)
    {
        var found = Properties.Where(p => p.Name == name).Take(2).ToArray();
        return found.Length < 2 ? found.FirstOrDefault() : throw new NotReadableException($"{Name} has {name} twice");
    }

    public IEnumerable<IcsProperty> All(string name) => Properties.Where(p => p.Name == name);
}

/// <summary>Reads the shape of an iCalendar stream (RFC 5545, 3.1): unfolds lines, nests components. A stream that is cut off is no calendar.</summary>
internal static class IcsReader
{
    private const int MostLines = 400_000, MostDeep = 6;

    /// <exception cref="NotReadableException">It is no whole iCalendar stream.</exception>
    public static IReadOnlyList<IcsComponent> Read(string text)
    {
        var root = new IcsComponent("", [], []);
        var open = new Stack<IcsComponent>([root]);
        foreach (var line in Unfold(text))
        {
            var property = Property(line);
            if (property.Name == "BEGIN")
            {
                if (open.Count > MostDeep) throw new NotReadableException("components stand too deep in each other");
                var part = new IcsComponent(property.Value.Trim().ToUpperInvariant(), [], []);
                open.Peek().Parts.Add(part);
                open.Push(part);
            }
            else if (property.Name == "END")
            {
                if (open.Count == 1 || open.Pop().Name != property.Value.Trim().ToUpperInvariant()) throw new NotReadableException("BEGIN and END do not match");
            }
            else if (open.Count == 1) throw new NotReadableException("it does not begin with BEGIN:VCALENDAR");
            else open.Peek().Properties.Add(property);
        }
        if (open.Count > 1) throw new NotReadableException("it ends before its end");
        if (root.Parts.Count == 0 || root.Parts.Exists(part => part.Name != "VCALENDAR")) throw new NotReadableException("it is no calendar");
        return root.Parts;
    }

    private static List<string> Unfold(string text)
    {
        var (lines, line, raws) = (new List<string>(), new StringBuilder(), 0);
        foreach (var range in text.AsSpan().Split('\n'))
        {
            if (++raws > MostLines) throw new NotReadableException("it has too many lines");
            var raw = text.AsSpan(range).TrimEnd('\r');
            if (raws == 1) raw = raw.TrimStart('\ufeff');
            if (raw.IsEmpty) continue;
            var folded = raw[0] is ' ' or '\t' && line.Length > 0;
            if (!folded && line.Length > 0)
            {
                lines.Add(line.ToString());
                line.Clear();
            }
            line.Append(folded ? raw[1..] : raw);
        }
        if (line.Length > 0) lines.Add(line.ToString());
        return lines;
    }

    private static IcsProperty Property(string line)
    {
        var (name, at) = Take(line, 0);
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        while (line[at] == ';')
        {
            var equals = line.IndexOf('=', at);
            if (equals < 0) throw new NotReadableException("a parameter has no value");
            var key = line[(at + 1)..equals].ToUpperInvariant();
            (var value, at) = Value(line, equals + 1);
            parameters[key] = value;
        }
        return new IcsProperty(name.ToUpperInvariant(), parameters, line[(at + 1)..]);
    }

    private static (string Name, int At) Take(string line, int from)
    {
        var at = line.AsSpan(from).IndexOfAny(':', ';');
        if (at <= 0 || !line.AsSpan(from, at).ToString().All(c => char.IsAsciiLetterOrDigit(c) || c == '-')) throw new NotReadableException("a line has no name");
        return (line.Substring(from, at), from + at);
    }

    // A value may be a list, and its parts may be quoted; quotes go.
    private static (string Value, int At) Value(string line, int from)
    {
        var (value, quoted) = (new StringBuilder(), false);
        for (var at = from; at < line.Length; at++)
        {
            if (line[at] == '"') quoted = !quoted;
            else if (!quoted && line[at] is ':' or ';' && !quoted) return (value.ToString(), at);
            else value.Append(line[at]);
        }
        throw new NotReadableException("a line has no value");
    }
}
