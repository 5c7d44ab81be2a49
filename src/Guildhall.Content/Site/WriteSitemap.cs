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

/// <summary>Every public address with its other language (sitemaps.org 0.9), and where it is and what not to look at for robots.</summary>
public static class WriteSitemap
{
    private const int Most = 10_000;
    private const string Sitemap = "http://www.sitemaps.org/schemas/sitemap/0.9", Xhtml = "http://www.w3.org/1999/xhtml";

    private static readonly string[] Fronts = ["/", "/services", "/en/posts", "/ar/posts", "/en/projects", "/ar/projects"];

    private sealed record Row(ContentKind Kind, string? En, string? Ar, DateTimeOffset PublishedAt);

    internal static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/sitemap.xml", async (Database database, ContentOptions options, CancellationToken stop) =>
            (IResult)new Cached(await Run(database, options.Product, stop), "application/xml; charset=utf-8")).WithName(nameof(WriteSitemap)).ForAnyone().ExcludeFromDescription();
        app.MapGet("/robots.txt", (ContentOptions options) =>
            (IResult)new Cached(Encoding.UTF8.GetBytes(Robots(options.Product)), "text/plain; charset=utf-8")).WithName("Robots").ForAnyone().ExcludeFromDescription();
    }

    internal static async Task<byte[]> Run(Database database, Uri product, CancellationToken stop)
    {
        var rows = await database.List<Row>(Select, new { limit = Most }, stop);
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true }))
        {
            xml.WriteStartElement("urlset", Sitemap);
            xml.WriteAttributeString("xmlns", "xhtml", null, Xhtml);
            foreach (var front in Fronts) Url(xml, new Uri(product, front), null, []);
            foreach (var row in rows)
            {
                var addresses = new[] { (Locale: ContentLocale.En, Slug: row.En), (Locale: ContentLocale.Ar, Slug: row.Ar) }.Where(a => a.Slug is not null)
                    .Select(a => (a.Locale, Address: new Uri(product, row.Kind.Address(a.Locale, a.Slug!)))).ToArray();
                foreach (var (_, address) in addresses) Url(xml, address, row.PublishedAt, addresses);
            }
            xml.WriteEndElement();
        }
        return bytes.ToArray();
    }

    private static void Url(XmlWriter xml, Uri address, DateTimeOffset? changed, (ContentLocale Locale, Uri Address)[] languages)
    {
        xml.WriteStartElement("url", Sitemap);
        xml.WriteElementString("loc", Sitemap, address.AbsoluteUri);
        if (changed is { } at) xml.WriteElementString("lastmod", Sitemap, at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        foreach (var (locale, other) in languages.Length > 1 ? languages : [])
        {
            xml.WriteStartElement("link", Xhtml);
            xml.WriteAttributeString("rel", "alternate");
            xml.WriteAttributeString("hreflang", Names.Of(locale));
            xml.WriteAttributeString("href", other.AbsoluteUri);
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    private static string Robots(Uri product) => $"User-agent: *\nDisallow: /api/\nDisallow: /console\nDisallow: /desk\nDisallow: /account\nDisallow: /preview/\n\nSitemap: {new Uri(product, "/sitemap.xml").AbsoluteUri}\n";

    private const string Select = """
        select d.kind, v.texts->'en'->>'slug' as en, v.texts->'ar'->>'slug' as ar, d.published_at
        from content.documents d join content.versions v on v.document_id = d.id and v.version = d.published_version
        where d.kind in ('page', 'post', 'project') order by d.first_published_at desc, d.id desc limit @limit
        """;
}
