using System.Buffers;
using System.Text.RegularExpressions;

namespace Guildhall.Marketplace.Contacts;

/// <summary>What a contact detail is.</summary>
public enum ContactKind { Phone, Email, Site, Messenger }

/// <summary>A contact detail in a text: where it stands and what it is.</summary>
internal sealed record ContactDetail(ContactKind Kind, int Start, int End)
{
    public string In(string text) => text[Start..End];
}

/// <summary>Finds ways round the marketplace in what people write: numbers to dial, addresses of mail, of sites and in messengers, also when they are spelled out, spaced, in
/// Arabic or in other digits. It reads words, not minds: whoever is wronged appeals (<see cref="AppealMask"/>).</summary>
internal static class ContactDetails
{
    /// <summary>What stands in place of a contact detail.</summary>
    public const string Hidden = "•••";

    private static readonly SearchValues<string> AtSigns = Any("@|at|ات"), Webs = Any("http|hxxp|ftp|www"), Dots = Any(".|dot|نقطه|دوت"),
        Mails = Any("gmail|hotmail|yahoo|outlook|icloud|protonmail|email|e-mail|جيميل|هوتميل|ياهو|اوتلوك|ايميل"),
        Apps = Any("insta|ig|snap|telegram|whats|tiktok|twitter|facebook|fb|signal|viber|skype|discord|wechat|linkedin|kik|messenger|انست|سناب|لغرام|ليجرام|لجرام|واتس|تويتر|تيك|فيسبوك|سكايب|ديسكورد|فايبر|يوزر");

    private static readonly HashSet<string> Places = Set("home work noon office school night all here everyone once least lunch midday");
    private static readonly HashSet<string> NoDomains = Set("asp.net vb.net ado.net");

    // What is said of an account rather than its name.
    private static readonly HashSet<string> Ordinary = Set("""
        hacked broken down full gone blocked suspended closed private public locked disabled banned not also the and but was were has had been better worse good bad great fine slow fast
        new old stolen deleted lost under for with only just too very still always never down. better. account account. profile page app group channel message messages number call calls
        link post posts story stories chat user users fraud scam problem problems marketing ads business support because since that this which where when who how why what can could will
        would should does did are you your our their his her its out off from into about after before than then there here full. missing required verified
        """);

    public static IReadOnlyList<ContactDetail> Find(string text)
    {
        var folded = FoldedText.Of(text);
        var found = new List<ContactDetail>();
        foreach (var view in new[] { folded, folded.Joined() }.OfType<FoldedText>())
        {
            foreach (var (kind, start, end) in Named(view.Text)) Add(found, view, kind, start, end);
            foreach (var (start, end) in SpokenNumbers.Find(Blanked(view.Text))) Add(found, view, ContactKind.Phone, start, end);
        }
        return Merged(found);
    }

    /// <summary>The text with each of these in it hidden.</summary>
    public static string Mask(string text, IReadOnlyList<ContactDetail> details)
    {
        foreach (var detail in details.Reverse()) text = string.Concat(text.AsSpan(0, detail.Start), Hidden, text.AsSpan(detail.End));
        return text;
    }

    public static string Mask(string text) => Mask(text, Find(text));

    // Each pattern is asked only about a text that has what it cannot do without: most have not.
    private static IEnumerable<(ContactKind, int, int)> Named(string text)
    {
        if (text.Contains('@', StringComparison.Ordinal)) foreach (Match m in ContactPatterns.Email().Matches(text)) yield return Of(ContactKind.Email, m);
        if (text.AsSpan().ContainsAny(AtSigns)) foreach (Match m in ContactPatterns.SpelledEmail().Matches(text)) yield return Of(ContactKind.Email, m);
        foreach (var name in AtProviders(text)) yield return Of(ContactKind.Email, name);
        if (text.AsSpan().ContainsAny(Webs)) foreach (Match m in ContactPatterns.Address().Matches(text)) yield return Of(ContactKind.Site, m);
        if (text.Contains('.', StringComparison.Ordinal))
            foreach (Match m in ContactPatterns.Domain().Matches(text)) if (!NoDomains.Contains(m.Value)) yield return Of(ContactKind.Site, m);
        if (text.AsSpan().ContainsAny(Dots))
        {
            foreach (Match m in ContactPatterns.SpelledDomain().Matches(text)) yield return Of(ContactKind.Site, m);
            foreach (Match m in ContactPatterns.ShortLink().Matches(text)) yield return Of(ContactKind.Messenger, m);
        }
        if (text.AsSpan().ContainsAny('@', '#'))
            foreach (Match m in ContactPatterns.Handle().Matches(text))
                if (!(m.Index > 0 && char.IsLetterOrDigit(text[m.Index - 1])) && !Places.Contains(m.Value.TrimStart('@').TrimEnd('.'))) yield return Of(ContactKind.Messenger, m);
        if (text.AsSpan().ContainsAny(Apps)) foreach (var name in OnApps(text)) yield return Of(ContactKind.Messenger, name);
    }

    private static IEnumerable<Capture> AtProviders(string text)
    {
        if (!text.AsSpan().ContainsAny(Mails)) yield break;
        foreach (Match m in ContactPatterns.AtProvider().Matches(text))
            if (m.Groups["at"].Value.Contains('@', StringComparison.Ordinal) || IsName(m.Groups["who"].Value)) yield return m;
        foreach (Match m in ContactPatterns.NamedEmail().Matches(text))
            if (!Ordinary.Contains(m.Groups["who"].Value) && (IsName(m.Groups["who"].Value) || !m.Value.StartsWith('e'))) yield return m.Groups["who"];
    }

    private static IEnumerable<Group> OnApps(string text)
    {
        foreach (Match m in ContactPatterns.OnApp().Matches(text))
        {
            var (who, said) = (m.Groups["who"], m.Groups["strong"].Success || m.Groups["my"].Success && m.Groups["weak"].Value.Contains("is", StringComparison.Ordinal));
            if (IsName(who.Value) || said && !Ordinary.Contains(who.Value.TrimEnd('.')) && who.Value.Any(char.IsLetter)) yield return who;
        }
        foreach (Match m in ContactPatterns.NameOnApp().Matches(text)) if (IsName(m.Groups["who"].Value)) yield return m.Groups["who"];
        foreach (Match m in ContactPatterns.OnArabicApp().Matches(text)) if (!Ordinary.Contains(m.Groups["who"].Value)) yield return m.Groups["who"];
    }

    // No ordinary word: a sign or a digit among letters.
    private static bool IsName(string token)
    {
        var bare = token.TrimEnd('.', ':', '-', '#');
        return bare.StartsWith('@') || bare.Any(char.IsLetter) && bare.Any(c => char.IsAsciiDigit(c) || c is '_' or '.' or '-' or ':');
    }

    private static (ContactKind, int, int) Of(ContactKind kind, Capture where) => (kind, where.Index, where.Index + where.Length);

    private static string Blanked(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('0', '9')) return text;
        foreach (var innocent in new[] { ContactPatterns.Innocent(), ContactPatterns.Time(), ContactPatterns.Date() })
            text = innocent.Replace(text, m => GoesOn(m, text) ? m.Value : new string('\u0001', m.Length));
        return text;
    }

    // 55:12:34:56 holds no time, and 1.2.2026.55.12 no date.
    private static bool GoesOn(Match m, string text)
    {
        var (before, after) = (m.Index - 1, m.Index + m.Length);
        return before > 0 && text[before] is ':' or '.' or '/' && char.IsAsciiDigit(text[before - 1])
            || after + 1 < text.Length && text[after] is ':' or '.' or '/' && char.IsAsciiDigit(text[after + 1]);
    }

    private static void Add(List<ContactDetail> found, FoldedText view, ContactKind kind, int start, int end)
    {
        while (end > start + 1 && view.Text[end - 1] is '.' or ',' or ';' or ':' or '!' or '?' or ')' or ' ') end--;
        found.Add(new ContactDetail(kind, view.From[start], view.To[end - 1]));
    }

    private static List<ContactDetail> Merged(List<ContactDetail> found)
    {
        var merged = new List<ContactDetail>();
        foreach (var next in found.OrderBy(d => d.Start).ThenByDescending(d => d.End))
        {
            if (merged.Count > 0 && next.Start < merged[^1].End) merged[^1] = merged[^1] with { End = Math.Max(merged[^1].End, next.End) };
            else merged.Add(next);
        }
        return merged;
    }

    private static SearchValues<string> Any(string words) => SearchValues.Create(words.Split('|'), StringComparison.Ordinal);

    private static HashSet<string> Set(string words) => new(words.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);
}
