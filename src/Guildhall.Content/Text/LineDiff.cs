namespace Guildhall.Content.Text;

/// <summary>What became of a line.</summary>
public enum LineChange { Same, Removed, Added }

/// <summary>One line of a difference.</summary>
public sealed record DiffLine(LineChange Change, string Text);

/// <summary>One field in one language, as it was and as it is.</summary>
/// <param name="Field"><c>title</c>, <c>slug</c>, <c>summary</c> or <c>body</c>.</param>
/// <param name="Lines">Every line, in order; of long stretches that are the same only the ends.</param>
public sealed record FieldDiff(ContentLocale Locale, string Field, IReadOnlyList<DiffLine> Lines);

/// <summary>The difference between two texts by lines: the longest that both have in common stays.</summary>
public static class LineDiff
{
    private const int MostCells = 1_000_000, Shown = 3;

    /// <summary>The fields that differ; none when the two say the same.</summary>
    public static IReadOnlyList<FieldDiff> Between(DocumentTexts before, DocumentTexts after)
    {
        var fields = new List<FieldDiff>();
        foreach (var locale in Enum.GetValues<ContentLocale>())
        {
            var (old, now) = (before.In(locale) ?? new LocaleText("", ""), after.In(locale) ?? new LocaleText("", ""));
            foreach (var (field, was, reads) in new[] { ("title", old.Title, now.Title), ("slug", old.Slug, now.Slug), ("summary", old.Summary, now.Summary), ("body", old.Body, now.Body) })
                if (!string.Equals(was, reads, StringComparison.Ordinal)) fields.Add(new FieldDiff(locale, field, Fold(Of(was, reads))));
        }
        return fields;
    }

    internal static IReadOnlyList<DiffLine> Of(string before, string after)
    {
        var (old, now) = (Lines(before), Lines(after));
        var (start, oldEnd, nowEnd) = (0, old.Length, now.Length);
        while (start < oldEnd && start < nowEnd && old[start] == now[start]) start++;
        while (oldEnd > start && nowEnd > start && old[oldEnd - 1] == now[nowEnd - 1]) (oldEnd, nowEnd) = (oldEnd - 1, nowEnd - 1);
        var all = old[..start].Select(line => new DiffLine(LineChange.Same, line)).ToList();
        all.AddRange(Middle(old[start..oldEnd], now[start..nowEnd]));
        all.AddRange(old[oldEnd..].Select(line => new DiffLine(LineChange.Same, line)));
        return all;
    }

    private static IEnumerable<DiffLine> Middle(string[] old, string[] now)
    {
        if ((long)old.Length * now.Length > MostCells) return [.. old.Select(l => new DiffLine(LineChange.Removed, l)), .. now.Select(l => new DiffLine(LineChange.Added, l))];
        var common = new int[old.Length + 1, now.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
            for (var j = now.Length - 1; j >= 0; j--)
                common[i, j] = old[i] == now[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        var lines = new List<DiffLine>();
        var (a, b) = (0, 0);
        while (a < old.Length || b < now.Length)
        {
            if (a < old.Length && b < now.Length && old[a] == now[b]) (_, b) = (Add(LineChange.Same, old[a++]), b + 1);
            else if (a < old.Length && (b == now.Length || common[a + 1, b] >= common[a, b + 1])) Add(LineChange.Removed, old[a++]);
            else Add(LineChange.Added, now[b++]);
        }
        return lines;

        bool Add(LineChange change, string text)
        {
            lines.Add(new DiffLine(change, text));
            return true;
        }
    }

    // Of what is the same, a few lines beside each change tell where it is.
    private static List<DiffLine> Fold(IReadOnlyList<DiffLine> lines)
    {
        var near = new bool[lines.Count];
        for (var i = 0; i < lines.Count; i++)
            if (lines[i].Change is not LineChange.Same)
                for (var j = Math.Max(0, i - Shown); j <= Math.Min(lines.Count - 1, i + Shown); j++) near[j] = true;
        var folded = new List<DiffLine>();
        for (var i = 0; i < lines.Count; i++)
            if (near[i]) folded.Add(lines[i]);
            else if (i == 0 || near[i - 1]) folded.Add(new DiffLine(LineChange.Same, "…"));
        return folded;
    }

    private static string[] Lines(string text) => text.Length == 0 ? [] : text.Split('\n');
}
