using System.Text.RegularExpressions;

namespace Guildhall.Tests.Architecture;

/// <summary>Rules about single files of source; each is a function over a file, so that a test can plant a violation.</summary>
internal static partial class SourceRules
{
    /// <summary>Business time comes from the clock that is passed in; real time only where leases, timers and limits need it.</summary>
    public static IEnumerable<Violation> Time(SourceFile file) => Find(file, WallClock(), found => $"{found} is not the clock of this product");

    /// <summary>No fractions near money.</summary>
    public static IEnumerable<Violation> Numbers(SourceFile file) => Find(file, Fraction(), found => $"{found} is not exact");

    /// <summary>Foundation knows nothing of what the product sells: identifiers and texts are read, comments are not.</summary>
    public static IEnumerable<Violation> BusinessWords(SourceFile file, IReadOnlyCollection<string> words)
    {
        var text = CSharpText.Read(file.Text);
        var found = Words(text.Code).Select(w => (Line: 0, Word: w)).Concat(text.Literals.SelectMany(l => Words(l.Text).Select(w => (l.Line, Word: w))))
            .Where(w => words.Contains(w.Word, StringComparer.Ordinal)).Distinct();
        return found.Select(w => new Violation(w.Line == 0 ? file.Path : $"{file.Path}:{w.Line}", $"`{w.Word}` is a business word"));
    }

    /// <summary>Files stay small enough to be read in one go.</summary>
    public static IEnumerable<Violation> Size(SourceFile file)
    {
        var lines = file.Text.Split('\n');
        if (lines.Length > 251) yield return new Violation(file.Path, $"{lines.Length - 1} lines, more than 250");
        for (var i = 0; i < lines.Length; i++)
            if (lines[i].Length > 240) yield return new Violation($"{file.Path}:{i + 1}", $"{lines[i].Length} characters, more than 240");
    }

    /// <summary>What may stand in no file: marks of unfinished work, and paths of one person's machine.</summary>
    public static IEnumerable<Violation> Leftovers(SourceFile file)
    {
        var lines = file.Text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
            if (Leftover().Match(lines[i]) is { Success: true } found) yield return new Violation($"{file.Path}:{i + 1}", $"`{found.Value}` has no place in the tree");
    }

    /// <summary>Handlers hold no state, nothing is mediated or mapped, nothing is called by a name that says nothing.</summary>
    public static IEnumerable<Violation> EmptyNames(SourceFile file) =>
        file.Path.Split('/').Where(part => EmptyName().IsMatch(part)).Select(part => new Violation(file.Path, $"`{part}` says nothing"));

    private static IEnumerable<Violation> Find(SourceFile file, Regex pattern, Func<string, string> say)
    {
        var lines = CSharpText.Read(file.Text).Code.Split('\n');
        for (var i = 0; i < lines.Length; i++)
            foreach (Match found in pattern.Matches(lines[i])) yield return new Violation($"{file.Path}:{i + 1}", say(found.Value));
    }

    // OrderBy and `order by` are not about orders; a service provider sells nothing.
    private static IEnumerable<string> Words(string text) =>
        Part().Matches(Technical().Replace(text, " ")).Select(m => m.Value.ToLowerInvariant()).Select(w => w.EndsWith('s') && !w.EndsWith("ss", StringComparison.Ordinal) ? w[..^1] : w);

    [GeneratedRegex(@"\bDateTime(?:Offset)?\.(?:Now|UtcNow|Today)\b|\bTimeProvider\.System\b|\bEnvironment\.TickCount\w*", RegexOptions.None, 1000)]
    private static partial Regex WallClock();

    [GeneratedRegex(@"\b(?:decimal|double|float|Half|Decimal|Double|Single)\b(?!\s*\()", RegexOptions.None, 1000)]
    private static partial Regex Fraction();

    [GeneratedRegex(@"\bOrder(?:By|ed|ing)?(?:Descending)?\b|\border\s+by\b|I?Service\s?Provider\w*|TimeProvider|(?:CircuitBreaker)?StateProvider|payment=\(\)", RegexOptions.None, 1000)]
    private static partial Regex Technical();

    [GeneratedRegex("[A-Z]?[a-z]+|[A-Z]+(?![a-z])", RegexOptions.None, 1000)]
    private static partial Regex Part();

    [GeneratedRegex(@"\bTO" + @"DO\b|\bFIX" + @"ME\b|\bHA" + @"CK\b|(?<![\w./~])/wo" + @"rk/|/tmp/w" + @"t\b|(?<![\w.])/ho" + @"me/\w|(?<![\w.])/ro" + @"ot/", RegexOptions.None, 1000)]
    private static partial Regex Leftover();

    [GeneratedRegex(@"^(?:Common|Shared|Utils?|Helpers?|Managers?|Services|Core)(?:\.cs)?$|(?:Helper|Utils?|Manager)\.cs$", RegexOptions.None, 1000)]
    private static partial Regex EmptyName();
}
