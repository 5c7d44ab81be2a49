using System.Net;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Guildhall.Content.Text;

/// <summary>Markdown (CommonMark, with tables and strike-through) as HTML that can run nothing: raw HTML is shown as the text it is, a link that leads anywhere else than <see cref="SafeLinks"/> allows is only
/// its words, a picture is its words, no element has a style. Headings begin one lower, since the title is the page's own.</summary>
public static class SafeMarkdown
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().UseEmphasisExtras(Markdig.Extensions.EmphasisExtras.EmphasisExtraOptions.Strikethrough).DisableHtml().Build();

    /// <summary>HTML for the inside of a block.</summary>
    public static string Render(string markdown) => TryRender(markdown) ?? $"<p>{WebUtility.HtmlEncode(markdown)}</p>";

    /// <summary>Null when blocks stand in each other more deeply than the reader goes.</summary>
    internal static string? TryRender(string markdown)
    {
        try
        {
            var document = Markdown.Parse(markdown, Pipeline);
            Tame(document);
            using var text = new StringWriter(System.Globalization.CultureInfo.InvariantCulture);
            var renderer = new HtmlRenderer(text);
            Pipeline.Setup(renderer);
            renderer.ObjectRenderers.TryRemove<HtmlBlockRenderer>();
            renderer.ObjectRenderers.TryRemove<Markdig.Renderers.Html.Inlines.HtmlInlineRenderer>();
            renderer.Render(document);
            return text.ToString();
        }
        catch (ArgumentException) { return null; } // its depth limit
    }

    private static void Tame(MarkdownDocument document)
    {
        foreach (var heading in document.Descendants<HeadingBlock>()) heading.Level = Math.Min(6, heading.Level + 1);
        foreach (var column in document.Descendants<Table>().SelectMany(t => t.ColumnDefinitions)) (column.Alignment, column.Width) = (null, 0);
        foreach (var link in document.Descendants<LinkInline>().ToList())
        {
            var url = link.GetDynamicUrl?.Invoke() ?? link.Url;
            if (link.IsImage || !SafeLinks.Allowed(url)) Unwrap(link);
            else if (SafeLinks.LeadsAway(url!)) link.GetAttributes().AddPropertyIfNotExist("rel", "nofollow noopener");
        }
        foreach (var link in document.Descendants<AutolinkInline>().ToList())
        {
            if (!SafeLinks.Allowed(link.IsEmail ? "mailto:" + link.Url : link.Url)) link.ReplaceBy(new LiteralInline(link.Url));
            else link.GetAttributes().AddPropertyIfNotExist("rel", "nofollow noopener");
        }
    }

    private static void Unwrap(LinkInline link)
    {
        link.MoveChildrenAfter(link);
        link.Remove();
    }
}
