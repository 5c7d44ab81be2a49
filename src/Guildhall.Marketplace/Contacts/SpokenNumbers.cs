namespace Guildhall.Marketplace.Contacts;

/// <summary>Numbers that somebody could dial: seven digits or more that follow each other, written or spoken, with little between them.</summary>
internal static class SpokenNumbers
{
    private const int DigitsAtLeast = 7;
    private const int MaxGap = 6;

    private enum Sort { Number, Unit, Tens, AndTens, Often, Oh }

    /// <param name="Digits">How many digits it adds.</param>
    /// <param name="Value">Of a single digit.</param>
    private readonly record struct Element(Sort Sort, int Start, int End, int Digits, int? Value);

    private static readonly Dictionary<string, (Sort Sort, int Digits, int? Value)> Words = Book();
    private static readonly ILookup<char, string> ByLetter = Words.Keys.Where(w => w.Length > 2).OrderByDescending(w => w.Length).ToLookup(w => w[0]);
    private static readonly HashSet<string> Fillers = new(StringComparer.Ordinal) { "then", "and", "dash", "space", "ثم", "شرطه" };

    /// <summary>Stretches of a folded text in which what is no number to dial (dates, times, order ids) was blanked.</summary>
    public static IEnumerable<(int Start, int End)> Find(string text)
    {
        var run = new List<Element>();
        for (var at = 0; at < text.Length;)
        {
            if (Read(text, at, run.Count > 0) is not { } next)
            {
                // A word is passed over as a whole: what stands inside another word is no number.
                do at++; while (at < text.Length && char.IsLetter(text[at - 1]) && char.IsLetter(text[at]));
                continue;
            }
            if (run.Count > 0 && !Follows(text, run[^1], next))
            {
                if (IsDialled(text, run)) yield return Whole(text, run);
                run.Clear();
                if (next.Sort is Sort.Oh) { at = next.End; continue; }
            }
            run.Add(next);
            at = next.End;
        }
        if (IsDialled(text, run)) yield return Whole(text, run);
    }

    private static (int, int) Whole(string text, List<Element> run)
    {
        var (start, end) = (run[0].Start, run[^1].End);
        var before = text[..start].TrimEnd(' ');
        if (before.EndsWith('+')) start = before.Length - 1;
        else if (before.EndsWith("plus", StringComparison.Ordinal)) start = before.Length - "plus".Length;
        return (start, end);
    }

    private static bool IsDialled(string text, List<Element> run)
    {
        var digits = 0;
        for (var i = 0; i < run.Count; i++) digits += i > 0 && run[i].Sort == Sort.Unit && run[i - 1].Sort == Sort.Tens ? 0 : run[i].Digits;
        if (digits < DigitsAtLeast) return false;
        if (run.Count >= DigitsAtLeast && run[0].Value <= 1 && run.Take(DigitsAtLeast).Index().All(e => e.Item.Value == e.Index + run[0].Value)) return false; // counting, not dialling
        return run is not [{ Sort: Sort.Number } one] || !text[one.Start..one.End].EndsWith("0000", StringComparison.Ordinal); // a round sum
    }

    private static Element? Read(string text, int at, bool inRun)
    {
        var end = at;
        if (char.IsAsciiDigit(text[at]))
        {
            while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
            return new Element(Sort.Number, at, end, end - at, end - at == 1 ? text[at] - '0' : null);
        }
        if (!char.IsLetter(text[at]) || at > 0 && char.IsLetter(text[at - 1])) return null;
        while (end < text.Length && char.IsLetter(text[end])) end++;
        if (Words.TryGetValue(text[at..end], out var word)) return word.Sort == Sort.Oh && !inRun ? null : new Element(word.Sort, at, end, word.Digits, word.Value);
        return Together(text[at..end]) is { } digits ? new Element(Sort.Number, at, end, digits, null) : null;
    }

    // "fivefive" is two.
    private static int? Together(string letters)
    {
        var (rest, digits) = (letters, 0);
        while (rest.Length > 0)
        {
            var word = ByLetter[rest[0]].FirstOrDefault(w => rest.StartsWith(w, StringComparison.Ordinal));
            if (word is null) return null;
            (rest, digits) = (rest[word.Length..], digits + Words[word].Digits);
        }
        return digits;
    }

    // What stands between: signs, or one of a few words. A comma parts numbers, unless each is a single digit.
    private static bool Follows(string text, Element last, Element next)
    {
        var between = text[last.End..next.Start];
        var bare = string.Join("", between.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(part => !Fillers.Contains(part)));
        if (bare.Length > MaxGap || bare.Any(c => char.IsLetter(c) || c is '\u0001' or '%' or '=' or '#' or '@' or '"')) return false;
        if (between.Contains("and", StringComparison.Ordinal) && !between.Contains("then", StringComparison.Ordinal)) return false;
        return !bare.AsSpan().ContainsAny(",;?!") || last.Digits == 1 && next.Digits == 1;
    }

    private static Dictionary<string, (Sort Sort, int Digits, int? Value)> Book()
    {
        var book = new Dictionary<string, (Sort, int, int?)>(StringComparer.Ordinal);
        foreach (var (word, value) in Names(0, "zero one two three four five six seven eight nine")) book[word] = (Sort.Unit, 1, value);
        foreach (var (word, value) in Names(0, "صفر واحد اثنين ثلاثه اربعه خمسه سته سبعه ثمانيه تسعه")) book[word] = (Sort.Unit, 1, value);
        foreach (var (word, value) in Names(1, "واحده اثنان ثلاث اربع خمس ست سبع ثمان تسع")) book[word] = (Sort.Unit, 1, value);
        foreach (var (word, value) in Names(2, "تنين تلاته اربعا خمسا ستا سبعا تمانيه")) book[word] = (Sort.Unit, 1, value);
        foreach (var (word, _) in Names(0, "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen عشره")) book[word] = (Sort.Number, 2, null);
        foreach (var (word, _) in Names(2, "twenty thirty forty fourty fifty sixty seventy eighty ninety")) book[word] = (Sort.Tens, 2, null);
        foreach (var (word, _) in Names(2, "عشرين ثلاثين اربعين خمسين ستين سبعين ثمانين تسعين عشرون ثلاثون اربعون خمسون ستون سبعون ثمانون تسعون"))
        {
            book[word] = (Sort.Tens, 2, null);
            book["و" + word] = (Sort.AndTens, 1, null); // after its unit: تسعه وتسعين
        }
        (book["double"], book["triple"], book["oh"], book["o"]) = ((Sort.Often, 1, null), (Sort.Often, 2, null), (Sort.Oh, 1, 0), (Sort.Oh, 1, 0));
        return book;
    }

    private static IEnumerable<(string Word, int Value)> Names(int from, string words) => words.Split(' ').Select((word, i) => (word, from + i));
}
