using System.Text.Json;
using Guildhall.Content;
using Guildhall.Content.Documents;
using Guildhall.Content.Text;
using Guildhall.Foundation.Settings;

namespace Guildhall.Tests.Content.Documents;

[Covers("A-1")]
public sealed class PublishDocumentTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    private readonly Writer _anna = new(world), _ben = new(world);

    [Fact]
    public async Task An_old_address_leads_to_the_present_one_in_one_step_also_back_and_forth()
    {
        var (a, b, c) = (Writer.Word(), Writer.Word(), Writer.Word());
        var id = await _anna.HasPublished(ContentKind.Post, Writer.English("T", a));
        (await _anna.Saves(id, 1, Writer.English("T", b))).OrThrow();
        (await Gets($"posts/{b}")).Status.ShouldBe(404);
        (await _anna.Publishes(id, 2, seen: 1)).OrThrow();
        (await Gets($"posts/{a}")).Must(301).Headers["Location"].ShouldBe($"/api/v1/posts/{b}?locale=en");
        (await _anna.Saves(id, 2, Writer.English("T", c))).OrThrow();
        (await _anna.Publishes(id, 3, seen: 2)).OrThrow();
        foreach (var old in new[] { a, b }) (await Gets($"posts/{old}")).Must(301).Headers["Location"].ShouldBe($"/api/v1/posts/{c}?locale=en");
        (await world.Visitor().Get($"/en/posts/{a}")).Must(301).Headers["Location"].ShouldBe($"/en/posts/{c}");
        (await _anna.Saves(id, 3, Writer.English("T", a))).OrThrow();
        (await _anna.Publishes(id, 4, seen: 3)).OrThrow();
        (await Gets($"posts/{a}")).Must().Word("slug").ShouldBe(a);
        (await Gets($"posts/{c}")).Must(301).Headers["Location"].ShouldBe($"/api/v1/posts/{a}?locale=en");
        (await Gets($"posts/{a.ToUpperInvariant()}")).Must(301).Headers["Location"].ShouldBe($"/api/v1/posts/{a}?locale=en");
        (await Gets($"pages/{a}")).MustRefuse(ContentRefusals.NotFound);
        (await Gets($"posts/{a}?locale=ar")).MustRefuse(ContentRefusals.NotFound);
    }

    [Fact]
    public async Task An_address_is_its_first_documents_for_ever_and_of_two_who_publish_under_it_at_once_one_is_refused()
    {
        var slug = Writer.Word();
        var one = await _anna.Writes(ContentKind.Page, new(new("One", "x", "en-" + slug), new("واحد", "س", slug)));
        var two = await _ben.Writes(ContentKind.Page, new(new("Two", "x", "other-" + slug), new("اثنان", "س", slug)));
        await using (var gate = await Gate.Close(world.Database, "lock table content.slugs in exclusive mode"))
        {
            var both = new[] { Task.Run(() => _anna.Publishes(one, 1)), Task.Run(() => _ben.Publishes(two, 1, node: 1)) };
            await gate.OpenWhenWaiting(2);
            var answers = await Task.WhenAll(both);
            answers.Count(a => a.Granted).ShouldBe(1);
            answers.Single(a => !a.Granted).Refusal.ShouldBe(ContentRefusals.SlugTaken);
        }
        (await world.Database.Count("content.slugs where slug like '%' || $1", slug)).ShouldBe(2);
        var (winner, loser) = (await _anna.Reads(one)).PublishedVersion == 1 ? (one, two) : (two, one);
        (await _anna.Withdraws(winner, 1)).OrThrow();
        (await Gets($"pages/{slug}?locale=ar")).MustRefuse(ContentRefusals.NotFound);
        (await _ben.Publishes(loser, 1)).Refusal.ShouldBe(ContentRefusals.SlugTaken);
        (await _anna.Reads(loser)).State.ShouldBe(DocumentState.Draft);
        (await _anna.Reads(winner)).State.ShouldBe(DocumentState.Withdrawn);
    }

    [Fact]
    public async Task Who_saw_another_version_public_decides_again_and_publishing_twice_is_once()
    {
        var id = await _anna.HasPublished(ContentKind.Testimonial, Writer.English("Dana"));
        (await _anna.Saves(id, 1, Writer.English("Dana A."))).OrThrow();
        (await _ben.Publishes(id, 2, seen: 0)).Refusal.ShouldBe(ContentRefusals.PublishedMeanwhile);
        (await _ben.Withdraws(id, 2)).Refusal.ShouldBe(ContentRefusals.PublishedMeanwhile);
        (await _ben.Publishes(id, 2, seen: 1)).OrThrow();
        (await _ben.Publishes(id, 2, seen: 1)).OrThrow();
        (await world.Database.Count("foundation.audit where subject_id = $1 and action = 'content.published'", id.ToString())).ShouldBe(2);
    }

    [Fact]
    public async Task What_is_not_finished_is_not_published_and_says_what_is_missing()
    {
        foreach (var (kind, texts, says) in new (ContentKind, DocumentTexts, string)[]
        {
            (ContentKind.Post, new(), "Nothing is said"), (ContentKind.Post, Writer.English("", "a"), "the title is empty"), (ContentKind.Post, Writer.English("t", "a", ""), "the body is empty"),
            (ContentKind.Post, Writer.English("t", "a b"), "letters and digits"), (ContentKind.Post, Writer.English("t", "../x"), "letters and digits"), (ContentKind.Post, Writer.English("t"), "letters and digits"),
            (ContentKind.Testimonial, Writer.English("t", "a"), "no address of its own"),
        })
        {
            var id = await _anna.Writes(kind, texts);
            var refusal = (await _anna.Publishes(id, 1)).Refusal!;
            (refusal.Code, refusal.Sentence.Contains(says, StringComparison.Ordinal)).ShouldBe((ContentRefusals.NotReady.Code, true), refusal.Sentence);
        }
    }

    [Fact]
    public async Task Where_two_people_are_asked_for_the_writer_of_a_version_does_not_publish_it()
    {
        var id = await _anna.Writes(ContentKind.Testimonial, Writer.English("Rahul"));
        await TwoPeople(true, 0);
        try
        {
            (await _anna.Publishes(id, 1)).Refusal.ShouldBe(ContentRefusals.AnotherPublishes);
            (await _anna.Schedules(id, Guildhall.Content.Schedules.ScheduledAct.Publish, world.Clock.Now.AddDays(1).ToString("yyyy-MM-ddTHH:mm"), "UTC", 1)).Refusal.ShouldBe(ContentRefusals.AnotherPublishes);
            (await _ben.Publishes(id, 1)).OrThrow();
        }
        finally { await TwoPeople(false, 1); }
    }

    [Fact]
    [Covers("asvs-13.2.2")]
    public async Task Neither_a_version_nor_an_address_can_be_changed_or_removed_by_the_products_role()
    {
        foreach (var sql in new[] { "update content.versions set note = 'x'", "delete from content.versions", "update content.slugs set slug = 'x'", "delete from content.slugs", "delete from content.documents" })
            (await world.Database.RefusedToApp(sql)).ShouldBe("42501", sql);
    }

    private Task<Answer> Gets(string path) => world.Visitor().Get(path);

    private Task TwoPeople(bool value, int seen) => world.Data().InTransaction(async tx =>
        (await SettingValues.Change(tx, _anna.Caller, ContentSettings.TwoPeople, JsonSerializer.SerializeToElement(value), seen, "a test of it")).OrThrow());
}
