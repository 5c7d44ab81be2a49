using Guildhall.Content.Documents;
using Guildhall.Content.Text;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;

namespace Guildhall.Content.Previews;

/// <summary>What whoever has a preview's address sees: that version and no other, while it is open.</summary>
public static class ReadPreview
{
    /// <param name="Html">Of the body, safe; null for a menu, which is <paramref name="Links"/>.</param>
    public sealed record View(ContentKind Kind, int Version, ContentLocale Locale, IReadOnlyList<ContentLocale> Languages, LocaleText Text, string? Html, IReadOnlyList<MenuLink> Links, DateTimeOffset Until);

    /// <param name="locale">In which it is shown, when it is said in it.</param>
    public static async Task<Result<View>> Run(Database database, string token, ContentLocale locale, CancellationToken stop)
    {
        if (PreviewToken.Read(token) is not { } says || says.Until <= database.Clock.GetUtcNow()) return ContentRefusals.NotFound;
        if (await Document.Find(database, says.Document, stop) is not { } document || document.PreviewEpoch != says.Epoch) return ContentRefusals.NotFound;
        if (await StoredVersion.Find(database, says.Document, says.Version, stop) is not { } stored) return ContentRefusals.NotFound;
        var texts = stored.Words;
        var (shown, text) = texts.In(locale) is { } asked ? (locale, asked) : texts.All.FirstOrDefault();
        if (text is null) return ContentRefusals.NotFound;
        var isMenu = document.Kind is ContentKind.Menu;
        return new View(document.Kind, says.Version, shown, [.. texts.All.Select(t => t.Locale)], text, isMenu ? null : SafeMarkdown.Render(text.Body), isMenu ? MenuLinks.Of(text.Body) : [], says.Until);
    }
}
