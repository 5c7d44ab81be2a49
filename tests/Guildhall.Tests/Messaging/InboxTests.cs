using Guildhall.Messaging;

namespace Guildhall.Tests.Messaging;

[Covers("N-5")]
public sealed class InboxTests(ActingNodes world) : IClassFixture<ActingNodes>
{
    [Fact]
    public async Task Pages_go_from_the_newest_to_the_oldest_without_gap_or_repeat()
    {
        var reader = world.Actor();
        for (var i = 0; i < 7; i++) await Tell(reader.Account, $"/messages/{i}");

        var (seen, after) = (new List<string>(), "");
        do
        {
            var page = (await reader.Get("inbox?limit=3" + after)).Must();
            seen.AddRange(page.At("items").EnumerateArray().Select(e => e.GetProperty("link").GetString()!));
            after = page.At("next").GetString() is { } next ? "&after=" + next : "";
        }
        while (after.Length > 0);
        seen.ShouldBe(["/messages/6", "/messages/5", "/messages/4", "/messages/3", "/messages/2", "/messages/1", "/messages/0"]);
    }

    [Fact]
    public async Task Read_all_leaves_what_has_come_since()
    {
        var reader = world.Actor();
        await Tell(reader.Account, "/1");
        await Tell(reader.Account, "/2");
        var newestSeen = (await reader.Get("inbox")).Must().Word("items.0.id");
        await Tell(reader.Account, "/3");

        (await reader.Post($"inbox/actions/read-all?upTo={newestSeen}")).Must(204);
        (await reader.Get("inbox")).Must().At("unread").GetInt64().ShouldBe(1);
        (await reader.Post("inbox/actions/read-all")).Must(204);
        (await reader.Get("inbox")).Must().At("unread").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task Reading_twice_is_reading_once()
    {
        var reader = world.Actor();
        await Tell(reader.Account, "/1");
        var id = (await reader.Get("inbox")).Must().Word("items.0.id");
        (await reader.Post($"inbox/{id}/actions/read")).Must(204);
        (await reader.Post($"inbox/{id}/actions/read")).Must(204);
        (await reader.Get("inbox")).Must().At("items.0.read").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task A_stranger_is_told_not_found_rather_than_forbidden()
    {
        var (owner, stranger) = (world.Actor(), world.Actor());
        await Tell(owner.Account, "/1");
        var id = (await owner.Get("inbox")).Must().Word("items.0.id");

        (await stranger.Post($"inbox/{id}/actions/read")).MustRefuse(MessagingRefusals.NoticeNotFound);
        (await stranger.Get("inbox")).Must().At("items").GetArrayLength().ShouldBe(0);
        (await owner.Get("inbox")).Must().At("unread").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task A_cursor_that_is_not_ours_is_refused() => (await world.Actor().Get("inbox?after=pay_1")).MustRefuse(MessagingRefusals.CursorInvalid);

    [Fact]
    public async Task Nobody_reads_an_inbox_without_signing_in() => (await world.Visitor().Get("inbox")).MustRefuse(FoundationRefusals.SignInFirst);

    private async Task Tell(Guid person, string link)
    {
        await world.Clock.Passes(TimeSpan.FromSeconds(1));
        await world.Data().InTransaction(tx => Notify.Person(tx, person, "new_message", new Dictionary<string, string>(StringComparer.Ordinal) { ["link"] = link }));
    }
}

/// <summary>Two nodes without an outside.</summary>
public sealed class ActingNodes : ActingWorld
{
    protected override bool HasSandbox => false;
}
