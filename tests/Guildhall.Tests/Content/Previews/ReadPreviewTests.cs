using Guildhall.Content;
using Guildhall.Content.Previews;
using Guildhall.Content.Text;

namespace Guildhall.Tests.Content.Previews;

[Covers("A-1", "marketplace-49")]
public sealed class ReadPreviewTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    private readonly Writer _anna = new(world);

    [Fact]
    public async Task Whoever_has_the_address_sees_that_version_without_signing_in_until_its_end()
    {
        var id = await _anna.Writes(ContentKind.Post, new(new("Second thoughts", "**Bold** and <b>not</b>"), new("أفكار أخرى", "نص")));
        var address = await Make(id, 1, 2);
        (await _anna.Saves(id, 1, Writer.English("Third thoughts"))).OrThrow();
        var page = (await world.Visitor().Get(address)).Must();
        page.Text.ShouldContain("Second thoughts");
        page.Text.ShouldContain("<strong>Bold</strong> and &lt;b&gt;not&lt;/b&gt;");
        page.Text.ShouldNotContain("Third thoughts");
        page.Text.ShouldNotContain("<script");
        page.Headers["Content-Security-Policy"].ShouldEndWith("; sandbox");
        page.Headers["Content-Security-Policy"].ShouldNotContain("script-src");
        page.Headers["X-Robots-Tag"].ShouldContain("noindex");
        page.Headers["Cache-Control"].ShouldBe("no-store");
        page.Headers["Referrer-Policy"].ShouldBe("no-referrer");
        page.Headers.ContainsKey("Set-Cookie").ShouldBeFalse();
        (await world.Visitor().Get(address + "?locale=ar")).Must().Text.ShouldContain("<html lang=\"ar\" dir=\"rtl\"");
        await world.Clock.Passes(2.Hours() + TimeSpan.FromSeconds(1));
        (await world.Visitor().Get(address)).MustRefuse(ContentRefusals.NotFound);
    }

    [Fact]
    public async Task One_that_was_withdrawn_or_changed_in_any_letter_is_not_found()
    {
        var id = await _anna.Writes(ContentKind.Post, Writer.English("Secret plans"));
        var (address, other) = (await Make(id, 1, 24), await Make(await _anna.Writes(ContentKind.Post, Writer.English("Other plans")), 1, 24));
        var token = address["/preview/".Length..];
        for (var i = 0; i < token.Length; i += 3)
        {
            var changed = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            (await ReadPreview.Run(world.Data(), changed, ContentLocale.En, default)).Refusal.ShouldBe(ContentRefusals.NotFound, changed);
        }
        foreach (var odd in new[] { "", "x", token[..^1], token + "A", new string('A', 86) }) (await ReadPreview.Run(world.Data(), odd, ContentLocale.En, default)).Refusal.ShouldBe(ContentRefusals.NotFound);
        (await world.Data().InTransaction(tx => WithdrawPreviews.Run(tx, _anna.Caller, id))).OrThrow();
        (await world.Visitor().Get(address)).MustRefuse(ContentRefusals.NotFound);
        (await world.Visitor().Get(other)).Must();
        (await world.Visitor().Get(await Make(id, 1, 24))).Must();
    }

    [Fact]
    public async Task It_is_open_for_an_hour_to_a_week_and_only_of_what_there_is()
    {
        var id = await _anna.Writes(ContentKind.Post, Writer.English("Plans"));
        foreach (var hours in new[] { 0, 169 }) (await world.Data().InTransaction(tx => MakePreview.Run(tx, _anna.Caller, id, new(1, hours)))).Refusal.ShouldBe(ContentRefusals.HoursInvalid);
        (await world.Data().InTransaction(tx => MakePreview.Run(tx, _anna.Caller, id, new(2)))).Refusal.ShouldBe(ContentRefusals.NotFound);
    }

    private async Task<string> Make(DocumentId id, int version, int hours) => (await world.Data().InTransaction(tx => MakePreview.Run(tx, _anna.Caller, id, new(version, hours)))).OrThrow().Address;
}
