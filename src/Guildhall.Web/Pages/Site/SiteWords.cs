using Guildhall.Content.Text;
using Guildhall.Web.Components.Text;

namespace Guildhall.Web.Pages.Site;

/// <summary>What the site calls its parts.</summary>
internal static class SiteWords
{
    public static readonly Phrase Posts = new("Posts", "مقالات"), Projects = new("Our work", "أعمالنا");

    public static Phrase Many(ContentKind kind) => kind is ContentKind.Project ? Projects : Posts;

    /// <summary>The kind and language of an address such as <c>/ar/posts/…</c>; only asked of pages that have such an address.</summary>
    public static (ContentLocale Locale, ContentKind Kind) Of(PathString path)
    {
        var parts = path.Value!.Split('/');
        return (parts[1] is "ar" ? ContentLocale.Ar : ContentLocale.En, parts[2] switch { "posts" => ContentKind.Post, "projects" => ContentKind.Project, _ => ContentKind.Page });
    }
}
