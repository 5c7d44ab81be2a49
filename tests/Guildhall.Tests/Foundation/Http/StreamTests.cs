using Guildhall.Foundation.Http;
using Guildhall.Messaging;

namespace Guildhall.Tests.Foundation.Http;

public sealed class StreamTests(StreamWorld world) : IClassFixture<StreamWorld>
{
    [Fact, Covers("N-5")]
    public async Task What_happens_on_one_node_is_seen_on_the_other_within_a_second()
    {
        var reader = world.Actor();
        await using var stream = await EventReader.Open(world.Addresses[1], "inbox", reader.Header);
        stream.ContentType.ShouldBe("text/event-stream");

        await world.Data(0).InTransaction(tx => Notify.Person(tx, reader.Account, "new_message", Link("/a")));
        var (id, name, data) = await stream.Next(TimeSpan.FromSeconds(1));
        (id, name).ShouldBe(("inbox=1", "inbox"));
        data.GetProperty("data").GetProperty("unread").GetInt64().ShouldBe(1);

        await reader.Post("inbox/actions/read-all");
        (await stream.Next(TimeSpan.FromSeconds(1))).Data.GetProperty("data").GetProperty("unread").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task Who_comes_back_with_the_last_event_id_misses_nothing_and_sees_nothing_twice()
    {
        var reader = world.Actor();
        await world.Say("line", 5);
        await using (var first = await EventReader.Open(world.Addresses[0], "numbers:line", reader.Header))
            for (var i = 1; i <= 3; i++) (await first.Next()).Data.GetProperty("seq").GetInt64().ShouldBe(i);
        await world.Say("line", 2);

        await using var second = await EventReader.Open(world.Addresses[1], "numbers:line", reader.Header, "numbers:line=3");
        for (var i = 4; i <= 7; i++) (await second.Next()).Id.ShouldBe($"numbers:line={i}");
        (await second.IsSilent(TimeSpan.FromSeconds(1))).ShouldBeTrue();
    }

    [Fact]
    public async Task Several_hundred_events_arrive_in_order_however_they_were_hinted()
    {
        var reader = world.Actor();
        await using var stream = await EventReader.Open(world.Addresses[1], "numbers:many,inbox", reader.Header);
        for (var i = 0; i < 30; i++) await world.Say("many", 20, node: i % 2);
        for (var i = 1; i <= 600; i++) (await stream.Next()).Data.GetProperty("seq").GetInt64().ShouldBe(i);
    }

    [Fact]
    public async Task A_lost_hint_is_found_by_the_poll()
    {
        var reader = world.Actor();
        await using var stream = await EventReader.Open(world.Addresses[0], "numbers:lost", reader.Header);
        (await stream.IsSilent(TimeSpan.FromMilliseconds(300))).ShouldBeTrue();
        world.Numbers["lost"] = 1;
        (await stream.Next(TimeSpan.FromSeconds(7))).Data.GetProperty("seq").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task All_who_follow_a_topic_on_a_node_share_one_fetch()
    {
        var streams = new List<EventReader>();
        for (var i = 0; i < 20; i++) streams.Add(await EventReader.Open(world.Addresses[0], "numbers:crowd", world.Actor().Header));
        await world.Say("crowd", 1);
        foreach (var stream in streams) (await stream.Next()).Data.GetProperty("seq").GetInt64().ShouldBe(1); // all of them follow now
        var before = world.Fetches("crowd");
        await world.Say("crowd", 1);
        foreach (var stream in streams) (await stream.Next()).Data.GetProperty("seq").GetInt64().ShouldBe(2);
        (world.Fetches("crowd") - before).ShouldBeLessThanOrEqualTo(3); // one by the hint, at most two polls meanwhile
        foreach (var stream in streams) await stream.DisposeAsync();
    }

    [Fact]
    public async Task The_seventh_stream_of_a_session_is_refused_until_one_closes()
    {
        var reader = world.Actor();
        var streams = new List<EventReader>();
        for (var i = 0; i < 6; i++) streams.Add(await EventReader.Open(world.Addresses[0], "inbox", reader.Header));
        await using (var seventh = await EventReader.Open(world.Addresses[0], "inbox", reader.Header)) seventh.Body.ShouldContain(FoundationRefusals.TooManyStreams.Code);

        await streams[0].DisposeAsync();
        await world.EventuallyOr("The place stayed taken.", async () =>
        {
            await using var again = await EventReader.Open(world.Addresses[0], "inbox", reader.Header);
            return (int)again.Status == 200;
        });
        foreach (var stream in streams.Skip(1)) await stream.DisposeAsync();
    }

    [Fact]
    public async Task A_stream_closes_when_its_session_ends()
    {
        var reader = world.Actor();
        await using var stream = await EventReader.Open(world.Addresses[0], "inbox", reader.Header);
        world.EndedSessions[reader.Session] = true;
        world.Get<StreamHub>(0).Recheck(caller => caller.SessionId == reader.Session);
        await stream.Ended.WaitAsync(TimeSpan.FromSeconds(2));
    }

    [Theory]
    [InlineData("nothing"), InlineData("nothing:here"), InlineData("numbers"), InlineData("inbox:0190"), InlineData("numbers:forbidden"), InlineData("")]
    public async Task A_topic_one_may_not_follow_is_told_unknown(string topics)
    {
        await using var stream = await EventReader.Open(world.Addresses[0], topics, world.Actor().Header);
        ((int)stream.Status).ShouldBe(404);
        stream.Body.ShouldContain(FoundationRefusals.StreamTopicUnknown.Code);
    }

    [Fact]
    public async Task Who_is_not_signed_in_gets_a_refusal_and_no_page()
    {
        await using var stream = await EventReader.Open(world.Addresses[0], "inbox", who: null);
        ((int)stream.Status).ShouldBe(401);
        stream.Body.ShouldContain(FoundationRefusals.SignInFirst.Code);
    }

    private static Dictionary<string, string> Link(string link) => new(StringComparer.Ordinal) { ["link"] = link };
}

/// <summary>Two nodes with a topic that counts.</summary>
public sealed class StreamWorld : ActingWorld
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, int> _fetches = new(StringComparer.Ordinal);

    protected override bool HasSandbox => false;

    /// <summary>The last number said on each line.</summary>
    public System.Collections.Concurrent.ConcurrentDictionary<string, long> Numbers { get; } = new(StringComparer.Ordinal);

    public int Fetches(string line) => _fetches.GetValueOrDefault(line);

    public Task Say(string line, int count, int node = 0) => Data(node).InTransaction(tx =>
    {
        Numbers.AddOrUpdate(line, count, (_, last) => last + count);
        tx.Hint($"numbers:{line}");
        return Task.CompletedTask;
    });

    protected override void Adjust(Microsoft.AspNetCore.Builder.WebApplicationBuilder builder, int node)
    {
        base.Adjust(builder, node);
        builder.Services.AddStreamTopic(new StreamTopic("numbers", (_, _, line, _) => Task.FromResult(line is not "forbidden"), (_, line, after, _) =>
        {
            _fetches.AddOrUpdate(line, 1, (_, count) => count + 1);
            var events = new List<StreamEvent>();
            for (var seq = after + 1; seq <= Numbers.GetValueOrDefault(line) && events.Count < StreamTopic.MaxBatch; seq++) events.Add(new StreamEvent(seq, "number", new { seq }));
            return Task.FromResult<IReadOnlyList<StreamEvent>>(events);
        }));
    }
}
