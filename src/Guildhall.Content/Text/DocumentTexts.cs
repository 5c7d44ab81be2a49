using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Guildhall.Foundation.Http;

namespace Guildhall.Content.Text;

/// <summary>The words of one language. What they are for depends on the kind: of a testimonial the title is who speaks, the summary who that is, the body what was said; of a menu the body has a line
/// <c>Words | /address</c> per link; of the site's settings title and summary stand on the front and the body at the foot of every page.</summary>
/// <param name="Title">One line.</param>
/// <param name="Body">Markdown, but for menus.</param>
/// <param name="Slug">The last part of the address; empty for kinds without one.</param>
/// <param name="Summary">A sentence or two for lists; may be empty.</param>
public sealed record LocaleText(string Title, string Body, string Slug = "", string Summary = "")
{
    internal bool IsEmpty => Title.Length + Body.Length + Slug.Length + Summary.Length == 0;

    internal LocaleText Tidy() => new(Line(Title), Body.ReplaceLineEndings("\n").TrimEnd(), Line(Slug).Normalize(NormalizationForm.FormC).ToLowerInvariant(), Line(Summary));

    private static string Line(string text) => text.ReplaceLineEndings(" ").Trim();
}

/// <summary>The words of one version.</summary>
/// <param name="En">Null: it is not said in English.</param>
/// <param name="Ar">Null: it is not said in Arabic.</param>
public sealed record DocumentTexts(LocaleText? En = null, LocaleText? Ar = null)
{
    public LocaleText? In(ContentLocale locale) => locale is ContentLocale.Ar ? Ar : En;

    /// <summary>Those there are.</summary>
    [JsonIgnore]
    public IEnumerable<(ContentLocale Locale, LocaleText Text)> All
    {
        get
        {
            if (En is not null) yield return (ContentLocale.En, En);
            if (Ar is not null) yield return (ContentLocale.Ar, Ar);
        }
    }

    internal static DocumentTexts Read(string json) => JsonSerializer.Deserialize<DocumentTexts>(json, JsonRules.Options)!;

    // Halves of characters cannot be normalised: they are looked for first.
    internal DocumentTexts Tidy() => new(Tidy(En), Tidy(Ar));

    private static LocaleText? Tidy(LocaleText? text) => text?.Tidy() is { IsEmpty: false } tidy ? tidy : null;
}
