namespace Guildhall.Content.Text;

/// <summary>What a document is.</summary>
public enum ContentKind { Page, Post, Project, Testimonial, ServiceText, Menu, Site }

/// <summary>The languages that things are said in.</summary>
public enum ContentLocale { En, Ar }

/// <summary>What the kinds differ in.</summary>
public static class ContentKinds
{
    /// <summary>Has addresses of its own: <c>/en/posts/…</c>.</summary>
    public static bool HasSlug(this ContentKind kind) => kind is ContentKind.Page or ContentKind.Post or ContentKind.Project;

    /// <summary>Belongs to something: a service, a place of the page, the site.</summary>
    public static bool HasSubject(this ContentKind kind) => kind is ContentKind.ServiceText or ContentKind.Menu or ContentKind.Site;

    /// <summary>The part of its address, such as <c>posts</c>; null for kinds without addresses.</summary>
    public static string? Folder(this ContentKind kind) => kind switch
    {
        ContentKind.Page => "pages",
        ContentKind.Post => "posts",
        ContentKind.Project => "projects",
        _ => null,
    };

    /// <summary>The address of a page: <c>/ar/posts/…</c>, encoded.</summary>
    public static string Address(this ContentKind kind, ContentLocale locale, string slug) => $"/{Foundation.Data.Names.Of(locale)}/{kind.Folder()}/{Uri.EscapeDataString(slug)}";

    /// <summary>Reads <c>en</c> or <c>ar</c>; null for anything else.</summary>
    public static ContentLocale? Locale(string? text) => text switch { "en" => ContentLocale.En, "ar" => ContentLocale.Ar, _ => null };

    /// <summary>Reads a kind as the API writes it; null for anything else.</summary>
    public static ContentKind? Kind(string? text)
    {
        foreach (var kind in Enum.GetValues<ContentKind>())
            if (string.Equals(Foundation.Data.Names.Of(kind), text, StringComparison.Ordinal)) return kind;
        return null;
    }

    internal static bool SubjectFits(this ContentKind kind, string? subject) => kind switch
    {
        ContentKind.ServiceText => Foundation.Id.TryParse<ServiceName>(subject, out _),
        ContentKind.Menu => subject is "header" or "footer",
        ContentKind.Site => subject is "site",
        _ => subject is null,
    };

    // The marketplace's id of a service: only how it is written is known here.
    private readonly record struct ServiceName(Guid Value) : Foundation.IId<ServiceName>
    {
        public static string Prefix => "srv";
        public static ServiceName From(Guid value) => new(value);
    }
}
