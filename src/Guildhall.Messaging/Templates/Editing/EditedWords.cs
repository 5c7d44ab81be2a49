using System.Text.Json;
using System.Text.RegularExpressions;
using Guildhall.Foundation.Http;
using Guildhall.Messaging.Sms;

namespace Guildhall.Messaging.Templates.Editing;

/// <summary>The words of one language as staff write them. <c>{{fact}}</c> stands for a fact; there is nothing else: no condition, no loop, no call.</summary>
/// <param name="Subject">One line; empty for a text message.</param>
/// <param name="Text">Paragraphs with an empty line between them.</param>
/// <param name="Button">Empty where the built-in words have none.</param>
public sealed record LanguageWords(string Subject, string Text, string Button);

/// <summary>One version's words.</summary>
internal sealed partial record EditedWords(LanguageWords En, LanguageWords Ar)
{
    private const int MostSubject = 150, MostParagraphs = 10, MostParagraph = 1000, MostText = 480, MostButton = 60;

    public LanguageWords In(bool arabic) => arabic ? Ar : En;

    /// <summary>The built-in words, in the language that staff write.</summary>
    public static EditedWords Of(Editable editable) => new(Written(editable.En), Written(editable.Ar));

    /// <summary>As they are stored.</summary>
    public static EditedWords Read(string json) => JsonSerializer.Deserialize<EditedWords>(json, JsonRules.Options)!;

    /// <summary>Everything that keeps it from being published, as sentences; none: it may be.</summary>
    public IReadOnlyList<string> Objections(Editable editable) => [.. Objections(editable, En, "English", arabic: false), .. Objections(editable, Ar, "Arabic", arabic: true)];

    /// <summary>The template with these words; the built-in one when they do not fit it any more.</summary>
    public static Template Apply(Template builtIn, JsonElement? stored) =>
        stored is { } json && Fitting(Editable.Find(builtIn.Name)!, json) is { } words ? builtIn with { En = Parsed(words.En), Ar = Parsed(words.Ar) } : builtIn;

    /// <inheritdoc cref="Apply(Template, JsonElement?)"/>
    public static TextTemplate Apply(TextTemplate builtIn, JsonElement? stored) =>
        stored is { } json && Fitting(Editable.Find(Editable.KeyOf(builtIn))!, json) is { } words ? builtIn with { En = Parsed(words.En).Lines[0], Ar = Parsed(words.Ar).Lines[0] } : builtIn;

    private static EditedWords? Fitting(Editable editable, JsonElement json) => json.Deserialize<EditedWords>(JsonRules.Options) is { } words && words.Objections(editable).Count == 0 ? words : null;

    /// <summary>As the rendering wants it. Only for words without objections: then a brace is a fact's.</summary>
    public static Words Parsed(LanguageWords written) =>
        new(Single(written.Subject), [.. Paragraphs(written.Text).Select(Single)], written.Button.Trim() is { Length: > 0 } button ? Single(button) : null);

    private static IEnumerable<string> Objections(Editable editable, LanguageWords words, string language, bool arabic)
    {
        var (built, paragraphs) = (editable.BuiltIn(arabic), Paragraphs(words.Text));
        var all = string.Join('\n', [words.Subject, .. paragraphs, words.Button]);
        if (!editable.IsText && words.Subject.Trim().Length == 0) yield return $"{language}: the subject is empty.";
        if (editable.IsText && words.Subject.Length + words.Button.Length > 0) yield return $"{language}: a text message has neither subject nor button.";
        if (words.Subject.Length > MostSubject || words.Button.Length > MostButton) yield return $"{language}: a subject has at most {MostSubject} characters, a button {MostButton}.";
        var controlled = words.Subject.Any(char.IsControl) || words.Button.Any(char.IsControl) || words.Text.Any(c => char.IsControl(c) && c is not '\n' and not '\r');
        if (controlled) yield return $"{language}: subject and button are one line, and nothing has control characters.";
        if (paragraphs.Length is 0 or > MostParagraphs || paragraphs.Any(p => p.Length > MostParagraph) || (editable.IsText && (paragraphs.Length > 1 || words.Text.Length > MostText)))
            yield return editable.IsText ? $"{language}: a text message is one paragraph of at most {MostText} characters." : $"{language}: there are 1 to {MostParagraphs} paragraphs of at most {MostParagraph} characters.";
        if (built.Button is null != (words.Button.Trim().Length == 0)) yield return built.Button is null ? $"{language}: this message has no link, so it has no button." : $"{language}: the button has no words, and its link would be lost.";
        if (Braces().Replace(all, "").AsSpan().ContainsAny('{', '}')) yield return $"{language}: a brace is open or stands alone. Facts are written {{{{like_this}}}}, and there is nothing else.";
        foreach (var unknown in Used(all).Except(editable.Facts, StringComparer.Ordinal)) yield return $"{language}: there is no fact {{{{{unknown}}}}} here. There are: {string.Join(", ", editable.Facts)}.";
        foreach (var missing in BuiltInFacts(built).Except(Used(all), StringComparer.Ordinal)) yield return $"{language}: the fact {{{{{missing}}}}} is missing; the message is of no use without it.";
    }

    private static IEnumerable<string> Used(string text) => Braces().Matches(text).Select(m => m.Groups[1].Value).Distinct(StringComparer.Ordinal);

    // What the message is about; a person's name may be left out.
    private static IEnumerable<string> BuiltInFacts(Words words) =>
        OneBrace().Matches(string.Join('\n', [words.Subject, .. words.Lines])).Select(m => m.Groups[1].Value).Where(f => f is not "name").Distinct(StringComparer.Ordinal);

    private static LanguageWords Written(Words words) => new(Double(words.Subject), Double(string.Join("\n\n", words.Lines)), words.Button ?? "");

    private static string Double(string text) => OneBrace().Replace(text, "{{$1}}");

    private static string Single(string text) => Braces().Replace(text.Trim(), "{$1}");

    private static string[] Paragraphs(string text) =>
        [.. text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(p => p.Replace('\n', ' '))];

    [GeneratedRegex(@"\{\{([a-z]{1,30})\}\}", RegexOptions.NonBacktracking)]
    private static partial Regex Braces();

    [GeneratedRegex(@"\{([a-z]{1,30})\}", RegexOptions.NonBacktracking)]
    private static partial Regex OneBrace();
}
