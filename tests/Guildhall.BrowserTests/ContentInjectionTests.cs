using System.Collections.Concurrent;
using Guildhall.BrowserTests.Support;
using Guildhall.Content;
using Guildhall.Content.Documents;
using Guildhall.Content.Previews;
using Guildhall.Content.Text;
using Guildhall.Foundation;
using Guildhall.Foundation.Security;
using Guildhall.Tests.Content;

namespace Guildhall.BrowserTests;

/// <summary>Every payload in every field of the site's texts, in every view of them, in Chromium: none runs, and none makes an element or an attribute that could.</summary>
public sealed class ContentInjectionTests(BrowserWorld world) : IClassFixture<BrowserWorld>
{
    // What the page's own frame has is counted out by looking only where texts stand, and at handlers everywhere.
    private const string Harmful = """
        () => {
            const found = [];
            for (const e of document.querySelectorAll('*')) {
                for (const a of e.attributes) {
                    if (a.name.startsWith('on')) found.push(`${e.tagName} ${a.name}`);
                    if (['href', 'src', 'action', 'formaction', 'xlink:href', 'data', 'srcdoc'].includes(a.name) && /^[\s\u0000-\u001f]*(javascript|data|vbscript|blob):/i.test(a.value)) found.push(`${e.tagName} ${a.name}=${a.value}`);
                }
                if (e.tagName === 'SCRIPT' && !e.src.startsWith(location.origin + '/assets/')) found.push('SCRIPT');
                if (['IFRAME', 'OBJECT', 'EMBED', 'BASE', 'STYLE', 'MATH', 'FOREIGNOBJECT', 'VIDEO', 'AUDIO'].includes(e.tagName.toUpperCase())) found.push(e.tagName);
            }
            for (const e of document.querySelectorAll('.prose *')) if (e.hasAttribute('style') || ['IMG', 'SVG', 'FORM', 'INPUT', 'META', 'LINK'].includes(e.tagName.toUpperCase())) found.push(`prose ${e.tagName}`);
            return found;
        }
        """;

    private readonly ConcurrentQueue<string> _ran = new();
    private readonly Caller _staff = new() { Kind = CallerKind.Person, AccountId = Guid.CreateVersion7() };

    [Fact]
    [Covers("A-1", "marketplace-39", "marketplace-49")]
    public async Task No_payload_runs_in_any_field_of_any_view_also_of_previews_feeds_and_the_console()
    {
        await world.Database.Execute("truncate content.documents cascade");
        var ada = await world.Surfer(node: 0, "Asia/Kuwait");
        ada.Page.Dialog += async (_, dialog) =>
        {
            _ran.Enqueue($"{ada.Page.Url}: {dialog.Message}");
            await dialog.DismissAsync();
        };
        (await ThePayloadsDoRunWhereTheyAreNotTamed(ada.Page)).ShouldBeGreaterThan(10);
        _ran.Clear();

        var service = await world.Database.Value<Guid>("select id from marketplace.services order by id limit 1");
        var body = string.Join("\n\n", Payloads.All.Where(CanBeSaved));
        var texts = new List<DocumentId> { await Puts(ContentKind.Site, "site", Texts(0, body, hasSlug: false)), await Puts(ContentKind.ServiceText, Id.Format("srv", service), Texts(1, body, hasSlug: false)) };
        var menu = string.Join('\n', Payloads.All.Where(p => CanBeSaved(p) && !p.Contains('\n') && !p.Contains('|') && p.Length <= 60).Take(19).Select(p => p + " | /x"));
        texts.Add(await Puts(ContentKind.Menu, "footer", Texts(2, menu, hasSlug: false)));
        foreach (var (i, kind) in new[] { ContentKind.Page, ContentKind.Post, ContentKind.Project, ContentKind.Testimonial }.SelectMany(k => Enumerable.Repeat(k, 15)).Index())
            texts.Add(await Puts(kind, null, Texts(3 + i, i % 15 == 0 ? body : Fields[i % Fields.Length], kind.HasSlug())));

        var views = new List<string> { "/", "/?lang=ar", "/?lang=en", "/en/posts", "/ar/posts", "/en/projects", "/en/feed.xml", "/ar/feed.xml", "/sitemap.xml", $"/services/{Id.Format("srv", service)}" };
        views.AddRange(new[] { "pages", "posts", "projects" }.SelectMany((folder, i) => new[] { $"/en/{folder}/inj-{3 + (15 * i)}", $"/ar/{folder}/inj-{3 + (15 * i)}" }));
        views.AddRange(["/api/v1/posts", "/api/v1/posts/inj-18", "/api/v1/testimonials", "/api/v1/site"]);
        foreach (var id in new[] { texts[0], texts[1], texts[2], texts[3], texts[18], texts[48] })
        {
            var made = (await world.Data().InTransaction(tx => MakePreview.Run(tx, _staff, id, new MakePreview.Body(1)))).OrThrow();
            views.AddRange([made.Address, made.Address + "?locale=ar"]);
        }
        foreach (var view in views) await LooksAt(ada, view);

        await ada.SignsIn("admin@example.test");
        foreach (var id in new[] { texts[0], texts[2], texts[3], texts[18] })
        {
            (await world.Data().InTransaction(tx => SaveDocument.Run(tx, _staff, id, new SaveDocument.Body(1, Texts(90, "another body", hasSlug: id == texts[3] || id == texts[18]))))).OrThrow();
            foreach (var page in new[] { "", "?version=1", "/history?from=1&to=2", "/history?from=2&to=1" }) await LooksAt(ada, $"/console/content/{id}{page}");
        }
        foreach (var list in new[] { "/console/content", "/console/content?kind=testimonial", "/console/content?q=" + Uri.EscapeDataString(Fields[0]), "/en/posts?q=" + Uri.EscapeDataString(Fields[1]) }) await LooksAt(ada, list);
        _ran.ShouldBeEmpty();
        world.Errors.ShouldBeEmpty();
        world.Complaints.ShouldBeEmpty();
    }

    [Fact]
    [Covers("A-1")]
    public async Task The_pages_of_the_site_look_as_they_should()
    {
        await world.Database.Execute("truncate content.documents cascade");
        var service = await world.Database.Value<Guid>("select id from marketplace.services where name = 'Quick legal question'");
        await Guildhall.Content.Seed.SeedContent.Ensure(world.Data(), Id.Format("srv", service));
        var ada = await world.Surfer(node: 1, "Asia/Kuwait");
        await ada.Looks("/", "site-front");
        foreach (var (path, name) in new[] { ("/en/posts", "site-posts"), ("/en/posts/six-things-for-your-air-conditioner", "site-post"), ("/ar/pages/" + Uri.EscapeDataString("من-نحن"), "site-page"), ("/en/pages/your-money",
            "site-table"), ($"/services/{Id.Format("srv", service)}", "site-service") })
            await ada.Looks(path, name);
        var post = DocumentId.From(await world.Database.Value<Guid>("select id from content.documents where kind = 'post' and revision = 2"));
        var preview = (await world.Data().InTransaction(tx => MakePreview.Run(tx, _staff, post, new MakePreview.Body(2)))).OrThrow();
        await ada.GoesTo(preview.Address);
        (await ada.Page.EvaluateAsync<string>("getComputedStyle(document.querySelector('.notice')).display")).ShouldNotBe("block", "the preview is drawn without the stylesheet");
        (await ada.Page.EvaluateAsync<string>("self.origin")).ShouldBe("null");
        await ada.KeepsAsItStands("site-preview");
        await ada.SignsIn("admin@example.test");
        await ada.Looks("/console/content", "console-content");
        await ada.Looks($"/console/content/{post}", "console-content-text");
        await ada.Looks($"/console/content/{post}/history", "console-content-history");
        world.Complaints.ShouldBeEmpty();
        world.Camera.Faults.ShouldBeEmpty();
    }

    private static readonly string[] Fields = [.. Payloads.All.Where(p => CanBeSaved(p) && p.Length <= 140)];

    private static bool CanBeSaved(string payload) => !payload.Any(c => char.IsControl(c) && c is not '\n' and not '\t');

    private static DocumentTexts Texts(int i, string body, bool hasSlug)
    {
        LocaleText Text() => new(Fields[i * 7 % Fields.Length], body, hasSlug ? $"inj-{i}" : "", Fields[((i * 7) + 3) % Fields.Length]);
        return new(Text(), Text());
    }

    private async Task<DocumentId> Puts(ContentKind kind, string? subject, DocumentTexts texts)
    {
        var id = (await world.Data().InTransaction(tx => CreateDocument.Run(tx, _staff, new CreateDocument.Body(kind, texts, subject, Fields[5])))).OrThrow().Id;
        (await world.Data().InTransaction(tx => PublishDocument.Run(tx, _staff, id, 1, new PublishDocument.Body(0)))).OrThrow();
        return id;
    }

    private async Task LooksAt(Surfer who, string view)
    {
        await who.GoesTo(view);
        var isFile = view.Contains(".xml", StringComparison.Ordinal) || view.StartsWith("/api", StringComparison.Ordinal);
        if (isFile) return;
        // Whoever reads with the keyboard or hovers sets off what waits for that.
        await who.Page.Keyboard.PressAsync("Tab");
        (await who.Page.EvaluateAsync<string[]>(Harmful)).ShouldBeEmpty(view);
        (await who.Page.TextContentAsync("body"))!.ShouldContain("alert(1)", customMessage: $"{view} shows no payload");
    }

    // The watch is awake: what is put into a page raw does run.
    private async Task<int> ThePayloadsDoRunWhereTheyAreNotTamed(IPage page)
    {
        foreach (var payload in Payloads.All.Where(p => p.Contains("onerror=alert", StringComparison.Ordinal) && p.StartsWith("<img", StringComparison.Ordinal) || p.StartsWith("<svg onload",
            StringComparison.Ordinal) || p.StartsWith("<script>", StringComparison.Ordinal) || p.StartsWith("<details", StringComparison.Ordinal)))
            await page.SetContentAsync($"<!doctype html><body>{string.Concat(Enumerable.Repeat(payload, 3))}");
        await page.GotoAsync("about:blank");
        return _ran.Count;
    }
}
