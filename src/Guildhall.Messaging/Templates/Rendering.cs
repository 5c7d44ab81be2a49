using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Guildhall.Messaging.Templates;

/// <summary>A message ready to be read.</summary>
internal sealed record Rendered(string Language, string Subject, string Text, string Html);

/// <summary>Puts facts into words. Facts are text: in HTML they are escaped and isolated with <c>bdi</c>, in plain text they stand between
/// Unicode isolates when the language runs right to left, so that a Latin name or a number cannot turn a sentence round.</summary>
internal static partial class Rendering
{
    private const char Isolate = '\u2068', EndIsolate = '\u2069';

    public static Rendered Mail(Template template, string language, IReadOnlyDictionary<string, string> facts, Uri product, Uri? unsubscribe = null)
    {
        var (words, rtl) = (template.In(language), IsRightToLeft(template, language));
        var link = words.Button is null ? null : Absolute(facts["link"], product);
        var lines = words.Lines.Select(line => Fill(line, facts, rtl));
        var text = string.Join("\n\n", link is null ? lines : lines.Append($"{words.Button}:\n{link}")) + "\n" + (unsubscribe is null ? "" : $"\n--\n{StopWords(rtl)}\n{unsubscribe.AbsoluteUri}\n");
        return new Rendered(rtl ? "ar" : "en", OneLine(Fill(words.Subject, facts, rtl)), text, Html(words, facts, rtl, link, unsubscribe));
    }

    /// <summary>Title and text of the inbox.</summary>
    public static (string Title, string Text) Notice(Template template, string language, IReadOnlyDictionary<string, string> facts)
    {
        var (words, rtl) = (template.In(language), IsRightToLeft(template, language));
        return (OneLine(Fill(words.Subject, facts, rtl)), string.Join(' ', words.Lines.Select(line => Fill(line, facts, rtl))));
    }

    private static bool IsRightToLeft(Template template, string language) => ReferenceEquals(template.In(language), template.Ar);

    /// <summary>Whether the words need a fact that is not there, as can be with one that was decided before the words were changed: then it is not sent, since "Hello ," helps nobody.</summary>
    public static bool Missing(Template template, string language, IReadOnlyDictionary<string, string> facts)
    {
        var words = template.In(language);
        return (words.Button is not null && !facts.ContainsKey("link")) || words.Lines.Append(words.Subject).SelectMany(line => Placeholder().Matches(line)).Any(hole => !facts.ContainsKey(hole.Groups[1].Value));
    }

    /// <summary>A fact is isolated where it could turn the sentence round: everywhere in Arabic, and what runs right to left in English.</summary>
    public static string Fill(string words, IReadOnlyDictionary<string, string> facts, bool isolated) => Placeholder().Replace(words, hole =>
    {
        var fact = facts.GetValueOrDefault(hole.Groups[1].Value, "…");
        return isolated || fact.AsSpan().ContainsAnyInRange('\u0590', '\u08ff') ? $"{Isolate}{fact}{EndIsolate}" : fact;
    });

    /// <summary>As it stands, in one pass: what a fact says is never looked at again.</summary>
    public static string Plain(string words, IReadOnlyDictionary<string, string> facts) => Placeholder().Replace(words, hole => facts[hole.Groups[1].Value]);

    private static string Html(Words words, IReadOnlyDictionary<string, string> facts, bool rtl, string? link, Uri? unsubscribe)
    {
        var html = new StringBuilder($"""
            <!doctype html>
            <html lang="{(rtl ? "ar" : "en")}" dir="{(rtl ? "rtl" : "ltr")}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
            <meta name="color-scheme" content="light dark"><title>{WebUtility.HtmlEncode(OneLine(Fill(words.Subject, facts, rtl)))}</title></head>
            <body style="margin:0;padding:24px 12px;background:#f4f5f7;font:16px/1.55 system-ui,sans-serif;color:#1c2430">
            <div style="max-width:560px;margin:0 auto;padding:28px 24px;background:#ffffff;border:1px solid #dfe3e8;border-radius:10px">
            <h1 style="margin:0 0 16px;font-size:21px;line-height:1.3">{Encoded(words.Subject, facts)}</h1>

            """);
        foreach (var line in words.Lines) html.Append("<p style=\"margin:0 0 14px\">").Append(Encoded(line, facts)).Append("</p>\n");
        if (link is not null)
            html.Append("<p style=\"margin:22px 0 0\"><a href=\"").Append(WebUtility.HtmlEncode(link))
                .Append("\" style=\"display:inline-block;padding:12px 20px;background:#1f4fd8;color:#ffffff;text-decoration:none;border-radius:8px\">")
                .Append(WebUtility.HtmlEncode(words.Button)).Append("</a></p>\n");
        if (unsubscribe is not null)
            html.Append("<p style=\"margin:28px 0 0;font-size:13px\"><a href=\"").Append(WebUtility.HtmlEncode(unsubscribe.AbsoluteUri)).Append("\" style=\"color:#5a6472\">").Append(StopWords(rtl)).Append("</a></p>\n");
        return html.Append("</div></body></html>\n").ToString();
    }

    // The words too are text: staff write them.
    private static string Encoded(string words, IReadOnlyDictionary<string, string> facts) =>
        Placeholder().Replace(WebUtility.HtmlEncode(words), hole => $"<bdi>{WebUtility.HtmlEncode(facts[hole.Groups[1].Value])}</bdi>");

    private static string StopWords(bool rtl) => rtl ? "لا أريد رسائل بريد من هذا النوع" : "I do not want e-mails like this";

    // Only our own pages and http(s): a link of a template is never something a person typed.
    private static string Absolute(string link, Uri product) =>
        Uri.TryCreate(product, link, out var address) && address.Scheme is "http" or "https" ? address.AbsoluteUri : product.AbsoluteUri;

    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();

    [GeneratedRegex(@"\{([a-z]+)\}", RegexOptions.NonBacktracking)]
    private static partial Regex Placeholder();
}
