using Guildhall.Content;
using Guildhall.Content.Documents;
using Guildhall.Content.Text;

namespace Guildhall.Tests.Content.Documents;

[Covers("A-1")]
public sealed class SaveDocumentTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    private readonly Writer _anna = new(world), _ben = new(world);

    [Fact]
    public async Task Of_two_who_save_upon_the_same_version_the_second_is_refused_and_nothing_of_the_first_is_lost()
    {
        var id = await _anna.Writes(ContentKind.Post, Writer.English("One"));
        await using (var gate = await Gate.Close(world.Database, "select 1 from content.documents where id = $1 for update", id.Value))
        {
            var both = new[] { Task.Run(() => _anna.Saves(id, 1, Writer.English("Anna's"))), Task.Run(() => _ben.Saves(id, 1, Writer.English("Ben's"), node: 1)) };
            await gate.OpenWhenWaiting(2);
            var answers = await Task.WhenAll(both);
            answers.Count(a => a.Granted).ShouldBe(1);
            var refused = answers.Single(a => !a.Granted).Refusal!;
            refused.Code.ShouldBe(ContentRefusals.ChangedMeanwhile.Code);
            refused.Details!["version"].ShouldBe(2);
        }
        (await _anna.Reads(id)).Versions.Select(v => v.Version).ShouldBe([2, 1]);
        (await world.Database.Column<string>("select action from foundation.audit where subject_type = 'content' and subject_id = $1 order by id", id.ToString())).ShouldBe(["content.created", "content.saved"]);
    }

    [Fact]
    public async Task The_same_words_saved_again_are_no_version_whoever_saw_what()
    {
        var id = await _anna.Writes(ContentKind.Post, Writer.English("One"));
        (await _anna.Saves(id, 1, Writer.English("Two"))).OrThrow().Version.ShouldBe(2);
        (await _ben.Saves(id, 1, Writer.English("Two "))).OrThrow().Version.ShouldBe(2);
        (await _anna.Reads(id)).Versions.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_restored_version_is_a_new_one_that_says_where_it_is_from_and_the_old_ones_stay()
    {
        var id = await _anna.Writes(ContentKind.Post, Writer.English("One", "one", "a\nb\nc"));
        (await _anna.Saves(id, 1, Writer.English("Two", "one", "a\nB\nc"))).OrThrow();
        var differences = (await CompareVersions.Run(world.Data(), id, 1, 2, default)).OrThrow().Fields;
        differences.Select(f => (f.Locale, f.Field)).ShouldBe([(ContentLocale.En, "title"), (ContentLocale.En, "body")]);
        differences[1].Lines.Select(l => (l.Change, l.Text)).ShouldBe([(LineChange.Same, "a"), (LineChange.Removed, "b"), (LineChange.Added, "B"), (LineChange.Same, "c")]);
        (await world.Data().InTransaction(tx => RestoreVersion.Run(tx, _ben.Caller, id, 1, 1))).Refusal!.Code.ShouldBe(ContentRefusals.ChangedMeanwhile.Code);
        (await world.Data().InTransaction(tx => RestoreVersion.Run(tx, _ben.Caller, id, 1, 2))).OrThrow().Version.ShouldBe(3);
        var view = await _anna.Reads(id);
        (view.Texts.En!.Title, view.Versions[0].RestoredFrom, view.Versions[0].MadeBy, view.Versions.Count).ShouldBe(("One", 1, _ben.Caller.AccountId, 3));
        (await CompareVersions.Run(world.Data(), id, 1, 3, default)).OrThrow().Fields.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("a\0b")]
    [InlineData("a\u202eb")]
    [InlineData("a\u0007b")]
    [InlineData("a\uffffb")]
    public async Task Characters_that_no_page_can_carry_or_that_turn_what_follows_are_refused(string text)
    {
        foreach (var texts in new[] { Writer.English(text), Writer.English("t", text), Writer.English("t", body: text), Writer.English("t", summary: text) })
            (await world.Data().InTransaction(tx => CreateDocument.Run(tx, _anna.Caller, new CreateDocument.Body(ContentKind.Post, texts)))).Refusal!.Code.ShouldBe(ContentRefusals.TextInvalid.Code);
    }

    [Fact]
    public async Task What_is_too_long_half_a_character_or_nested_without_end_is_refused()
    {
        foreach (var texts in new[] { Writer.English(new string('x', 151)), Writer.English("t", body: new string('x', 40_001)), Writer.English("t", body: "a\ud83d"), Writer.English("t", body: new string('>', 2_000) + " deep") })
            (await world.Data().InTransaction(tx => CreateDocument.Run(tx, _anna.Caller, new CreateDocument.Body(ContentKind.Post, texts)))).Refusal!.Code.ShouldBe(ContentRefusals.TextInvalid.Code);
    }

    [Fact]
    public async Task What_belongs_to_something_is_there_once_and_says_where()
    {
        var service = Id.Format("srv", Guid.CreateVersion7());
        var id = await _anna.Writes(ContentKind.ServiceText, Writer.English("Good to know"), service);
        var again = (await world.Data().InTransaction(tx => CreateDocument.Run(tx, _anna.Caller, new CreateDocument.Body(ContentKind.ServiceText, Writer.English("x"), service)))).Refusal!;
        (again.Code, again.Details!["document"]).ShouldBe((ContentRefusals.SubjectTaken.Code, id.ToString()));
        foreach (var (kind, subject) in new (ContentKind, string?)[] { (ContentKind.ServiceText, "srv_x"), (ContentKind.ServiceText, null), (ContentKind.Menu, "side"), (ContentKind.Post, service) })
            (await world.Data().InTransaction(tx => CreateDocument.Run(tx, _anna.Caller, new CreateDocument.Body(kind, Writer.English("x"), subject)))).Refusal.ShouldBe(ContentRefusals.SubjectInvalid);
    }

    [Fact]
    public async Task Over_HTTP_staff_write_list_and_read_and_others_may_not()
    {
        var staff = await world.Staff();
        var word = Writer.Word();
        var made = (await staff.Post("admin/content", new { kind = "post", texts = new { en = new { title = word, body = "Text", slug = word } }, note = "first" })).Must(201);
        var id = made.Word("id");
        (await staff.Get($"admin/content?q={word}&kind=post&state=draft")).Must().At("items").GetArrayLength().ShouldBe(1);
        (await staff.Get($"admin/content?q={word}&state=published")).Must().At("items").GetArrayLength().ShouldBe(0);
        (await staff.Post($"admin/content/{id}/versions/1/actions/publish", new { seen = 0 })).Must(204);
        (await staff.Get($"admin/content?q={word}&state=published")).Must().At("items").GetArrayLength().ShouldBe(1);
        var view = (await staff.Get($"admin/content/{id}")).Must();
        view.Word("state").ShouldBe("published");
        view.At("texts").EnumerateObject().Select(p => p.Name).ShouldBe(["en", "ar"]);
        (await staff.Post($"admin/content/{id}/versions", new { seen = 1, texts = new { en = new { title = word, body = "Other", slug = word } } })).Must(201).At("version").GetInt32().ShouldBe(2);
        (await staff.Get($"admin/content/{id}/differences?from=1&to=2")).Must().At("fields").GetArrayLength().ShouldBe(1);
        (await staff.Get($"admin/content/{id}")).Must().Word("state").ShouldBe("changed");
        (await staff.Get("admin/content?kind=poem")).MustRefuse(ContentRefusals.KindUnknown);
        var customer = await world.Person("customer");
        foreach (var path in new[] { "admin/content", $"admin/content/{id}" }) (await customer.Get(path)).MustRefuse(FoundationRefusals.NotAllowed);
        (await world.Visitor().Get($"admin/content/{id}")).MustRefuse(FoundationRefusals.SignInFirst);
    }
}
