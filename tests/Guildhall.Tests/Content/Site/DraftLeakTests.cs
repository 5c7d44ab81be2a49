using Guildhall.Content;
using Guildhall.Content.Previews;
using Guildhall.Content.Schedules;
using Guildhall.Content.Text;
using Guildhall.Foundation.Http;

namespace Guildhall.Tests.Content.Site;

/// <summary>Whatever staff write, schedule, preview and withdraw: what the public reads does not change by a byte, and holds none of it, on any route that is open to it.</summary>
[Covers("A-1")]
public sealed class DraftLeakTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    private readonly Writer _anna = new(world);

    [Fact]
    public async Task No_draft_leaks_by_id_slug_search_feed_sitemap_etag_or_old_version()
    {
        var (open, secret, former) = (Writer.Word(), Writer.Word(), Writer.Word());
        var service = Id.Format("srv", Guid.CreateVersion7());
        var published = new List<DocumentId>();
        foreach (var kind in Enum.GetValues<ContentKind>()) published.Add(await _anna.HasPublished(kind, Said(kind, open), Subject(kind, service)));
        var withdrawn = await _anna.HasPublished(ContentKind.Post, Said(ContentKind.Post, former));
        (await _anna.Withdraws(withdrawn, 1)).OrThrow();
        var replaced = await _anna.HasPublished(ContentKind.Post, Said(ContentKind.Post, former + "b"));
        (await _anna.Saves(replaced, 1, Said(ContentKind.Post, open + "c"))).OrThrow();
        (await _anna.Publishes(replaced, 2, seen: 1)).OrThrow();
        string[] names = [open, open + "c", secret, former, former + "b", service, .. published.Select(d => d.ToString()), withdrawn.ToString()];
        var before = await Everything(names);
        before.Values.Count(a => a.Status == 200 && a.Text.Contains(open, StringComparison.Ordinal)).ShouldBeGreaterThan(20);
        before.Values.ShouldAllBe(a => a.Status < 500);

        var hidden = new List<DocumentId>();
        foreach (var (kind, id) in Enum.GetValues<ContentKind>().Zip(published))
        {
            (await _anna.Saves(id, 1, Said(kind, secret))).OrThrow();
            if (kind is not (ContentKind.Menu or ContentKind.Site)) hidden.Add(await _anna.Writes(kind, Said(kind, secret), kind is ContentKind.ServiceText ? Id.Format("srv", Guid.CreateVersion7()) : null));
            (await _anna.Schedules(id, ScheduledAct.Publish, world.Clock.Now.AddDays(3).ToString("yyyy-MM-ddTHH:mm"), "UTC", 2)).OrThrow();
            (await world.Data().InTransaction(tx => MakePreview.Run(tx, _anna.Caller, id, new(2)))).OrThrow();
        }
        var after = await Everything([.. names, .. hidden.Select(d => d.ToString())]);
        foreach (var (route, answer) in after)
        {
            answer.Text.ShouldNotContain(secret + "!", customMessage: route);
            foreach (var gone in new[] { former, former + "b" }) answer.Text.ShouldNotContain(gone + "!", customMessage: route);
            if (!before.TryGetValue(route, out var earlier)) { answer.Status.ShouldBeOneOf(400, 404, 422, 302, 303); continue; }
            answer.Status.ShouldBe(earlier.Status, route);
            if (!answer.Headers.TryGetValue("ETag", out var tag)) continue;
            (tag, answer.Text).ShouldBe((earlier.Headers["ETag"], earlier.Text), route);
        }
        after.Values.Count(a => a.Headers.ContainsKey("ETag")).ShouldBeGreaterThan(30);
    }

    [Fact]
    public async Task An_answer_that_is_the_same_is_304_and_one_that_was_withdrawn_is_gone_at_once()
    {
        var slug = Writer.Word();
        var id = await _anna.HasPublished(ContentKind.Post, Writer.English("T", slug));
        foreach (var path in new[] { $"posts/{slug}", "posts", "testimonials", "site", "/sitemap.xml", "/en/feed.xml", "/ar/feed.xml", "/robots.txt" })
        {
            var first = (await world.Visitor().Get(path)).Must();
            first.Headers["Cache-Control"].ShouldBe("public, no-cache");
            foreach (var known in new[] { first.Headers["ETag"], "W/" + first.Headers["ETag"], "\"x\", " + first.Headers["ETag"], "*" })
            {
                var again = await world.Visitor().Send(HttpMethod.Get, path, null, ("If-None-Match", known));
                (again.Status, again.Text).ShouldBe((304, ""), path + " " + known);
            }
            (await world.Visitor().Send(HttpMethod.Get, path, null, ("If-None-Match", "\"another\""))).Must();
        }
        (await _anna.Withdraws(id, 1)).OrThrow();
        (await world.Visitor().Get($"posts/{slug}")).MustRefuse(ContentRefusals.NotFound);
        (await world.Visitor().Get("/en/feed.xml")).Text.ShouldNotContain(slug);
    }

    // Title, slug and body hold the word; the body also one that only a leak of it would show.
    private static DocumentTexts Said(ContentKind kind, string word)
    {
        var (slug, body) = (kind.HasSlug() ? word : "", kind is ContentKind.Menu ? $"{word}! | /{word}" : $"About {word}!");
        return new(new($"{word} title", body, slug, $"{word}!"), new($"{word} عنوان", body, slug, $"{word}!"));
    }

    private static string? Subject(ContentKind kind, string service) => kind switch { ContentKind.ServiceText => service, ContentKind.Menu => "footer", ContentKind.Site => "site", _ => null };

    // Every route that is open to everyone, in both languages, under every name there is, and asked for every word.
    private async Task<Dictionary<string, Answer>> Everything(IReadOnlyList<string> names)
    {
        var answers = new Dictionary<string, Answer>(StringComparer.Ordinal);
        var routes = RouteCall.Of(world.Node(0)).Where(r => r.IsRead && r.Rule?.Access is RouteAccess.Anyone && !r.IsStream && r.Parts.Count <= 1 && !r.Pattern.Contains("health", StringComparison.Ordinal)).ToArray();
        foreach (var route in routes)
            foreach (var path in route.Parts.Count == 0 ? [route.Pattern] : names.Select(n => route.Path(_ => n)))
                foreach (var query in route.Query.Any(q => q.Name is "q") || route.Pattern.EndsWith("/posts",
                    StringComparison.Ordinal) ? names.Take(5).Select(n => $"?q={n}").Append("?locale=ar").Append("?locale=en") : ["?locale=en", "?locale=ar"])
                    answers[path + query] = await world.Visitor().Get(path + query);
        return answers;
    }
}
