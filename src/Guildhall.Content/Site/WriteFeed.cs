using System.Globalization;
using System.Text;
using System.Xml;
using Guildhall.Content.Text;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Content.Site;

/// <summary>The newest posts of a language as an Atom feed (RFC 4287). An entry keeps its id whatever its address becomes.</summary>
public static class WriteFeed
{
    private const int Most = 30;
    private const string Atom = "http://www.w3.org/2005/Atom";

    private sealed record Row(DocumentId Id, string Title, string Slug, string Summary, string Body, DateTimeOffset FirstPublishedAt, DateTimeOffset PublishedAt);

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var (locale, name) in new[] { (ContentLocale.En, "EnglishFeed"), (ContentLocale.Ar, "ArabicFeed") })
            app.MapGet($"/{Names.Of(locale)}/feed.xml", async (Database database, ContentOptions options, CancellationToken stop) =>
                (IResult)new Cached(await Run(database, options.Product, locale, stop), "application/atom+xml; charset=utf-8")).WithName(name).ForAnyone().ExcludeFromDescription();
    }

    internal static async Task<byte[]> Run(Database database, Uri product, ContentLocale locale, CancellationToken stop)
    {
        var language = Names.Of(locale);
        var site = (await ReadSite.Run(database, language, stop)).Value;
        var posts = await database.List<Row>(Select, new { locale = language, limit = Most }, stop);
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true }))
        {
            xml.WriteStartElement("feed", Atom);
            xml.WriteAttributeString("xml", "lang", null, language);
            Element(xml, "id", new Uri(product, $"/{language}/posts").AbsoluteUri);
            Element(xml, "title", site?.Title ?? "Guildhall");
            Link(xml, "self", new Uri(product, $"/{language}/feed.xml"));
            Link(xml, "alternate", new Uri(product, $"/{language}/posts"));
            Element(xml, "updated", Instant(posts.Count == 0 ? DateTimeOffset.UnixEpoch : posts.Max(p => p.PublishedAt)));
            xml.WriteStartElement("author", Atom);
            Element(xml, "name", site?.Title ?? "Guildhall");
            xml.WriteEndElement();
            foreach (var post in posts) Entry(xml, product, locale, post);
            xml.WriteEndElement();
        }
        return bytes.ToArray();
    }

    private static void Entry(XmlWriter xml, Uri product, ContentLocale locale, Row post)
    {
        xml.WriteStartElement("entry", Atom);
        Element(xml, "id", "urn:uuid:" + post.Id.Value);
        Element(xml, "title", post.Title);
        Link(xml, "alternate", new Uri(product, ContentKind.Post.Address(locale, post.Slug)));
        Element(xml, "published", Instant(post.FirstPublishedAt));
        Element(xml, "updated", Instant(post.PublishedAt));
        if (post.Summary.Length > 0) Element(xml, "summary", post.Summary);
        xml.WriteStartElement("content", Atom);
        xml.WriteAttributeString("type", "html");
        xml.WriteAttributeString("xml", "base", null, product.AbsoluteUri);
        xml.WriteString(SafeMarkdown.Render(post.Body));
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void Element(XmlWriter xml, string name, string text) => xml.WriteElementString(name, Atom, text);

    private static void Link(XmlWriter xml, string relation, Uri address)
    {
        xml.WriteStartElement("link", Atom);
        xml.WriteAttributeString("rel", relation);
        xml.WriteAttributeString("href", address.AbsoluteUri);
        xml.WriteEndElement();
    }

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private const string Select = """
        select d.id, v.texts->@locale->>'title' as title, v.texts->@locale->>'slug' as slug, v.texts->@locale->>'summary' as summary, v.texts->@locale->>'body' as body, d.first_published_at, d.published_at
        from content.documents d join content.versions v on v.document_id = d.id and v.version = d.published_version
        where d.kind = 'post' and jsonb_typeof(v.texts->@locale) = 'object' order by d.first_published_at desc, d.id desc limit @limit
        """;
}
