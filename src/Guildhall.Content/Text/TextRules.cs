using System.Text.RegularExpressions;

namespace Guildhall.Content.Text;

/// <summary>What may be saved, and what may be published.</summary>
public static partial class TextRules
{
    public const int MostTitle = 150, MostSlug = 80, MostSummary = 400, MostBody = 40_000;

    /// <summary>Why these words cannot be saved, as a sentence; null when they can.</summary>
    internal static string? Refuse(ContentKind kind, DocumentTexts texts)
    {
        foreach (var (locale, text) in texts.All)
        {
            var language = Language(locale);
            if (text.Title.Length > MostTitle || text.Slug.Length > MostSlug || text.Summary.Length > MostSummary || text.Body.Length > MostBody)
                return $"{language}: a title has at most {MostTitle} characters, an address {MostSlug}, a summary {MostSummary}, a body {MostBody}.";
            if (new[] { text.Title, text.Slug, text.Summary, text.Body }.Any(field => !CanBeShown(field)))
                return $"{language}: there are control characters, halves of characters, or characters that turn the direction of what follows (U+202A to U+202E). Take them out.";
            if (kind is not ContentKind.Menu && SafeMarkdown.TryRender(text.Body) is null) return $"{language}: lists and quotations stand in each other too deeply.";
        }
        return null;
    }

    /// <summary>Everything that keeps these words from being published, as sentences; none: they may be.</summary>
    public static IReadOnlyList<string> Objections(ContentKind kind, DocumentTexts texts)
    {
        var all = texts.All.SelectMany(t => Objections(kind, t.Text).Select(o => $"{Language(t.Locale)}: {o}")).ToList();
        if (!texts.All.Any()) all.Add("Nothing is said in any language.");
        return all;
    }

    private static IEnumerable<string> Objections(ContentKind kind, LocaleText text)
    {
        if (text.Title.Length == 0) yield return "the title is empty.";
        if (text.Body.Length == 0 && kind is not ContentKind.Site) yield return "the body is empty.";
        if (kind.HasSlug() && !Slug().IsMatch(text.Slug)) yield return "the address has letters and digits, and single hyphens between them.";
        if (!kind.HasSlug() && text.Slug.Length > 0) yield return "this kind of text has no address of its own.";
        if (kind is ContentKind.Menu && MenuLinks.Objection(text.Body) is { } objection) yield return objection;
    }

    /// <summary>False for what no page, feed or file can carry, and for what would turn the text around it.</summary>
    internal static bool CanBeShown(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) i++;
            else if (char.IsSurrogate(c) || (char.IsControl(c) && c is not '\n' and not '\t' and not '\r') || c is >= '\u202a' and <= '\u202e' or '\ufffe' or '\uffff') return false;
        }
        return true;
    }

    private static string Language(ContentLocale locale) => locale is ContentLocale.Ar ? "Arabic" : "English";

    [GeneratedRegex(@"^[\p{Ll}\p{Lo}\p{Nd}]+(?:-[\p{Ll}\p{Lo}\p{Nd}]+)*$", RegexOptions.NonBacktracking)]
    private static partial Regex Slug();
}
