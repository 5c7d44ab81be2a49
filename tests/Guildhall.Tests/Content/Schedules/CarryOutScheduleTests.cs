using System.Text.Json;
using Guildhall.Content;
using Guildhall.Content.Documents;
using Guildhall.Content.Schedules;
using Guildhall.Content.Text;
using Guildhall.Foundation.Settings;
using NodaTime;

namespace Guildhall.Tests.Content.Schedules;

[Covers("A-1")]
public sealed class CarryOutScheduleTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    private const string Zone = "Asia/Kuwait";
    private readonly Writer _anna = new(world), _ben = new(world);

    [Fact]
    public async Task The_version_that_was_scheduled_becomes_public_at_its_time_once_and_nothing_written_later_slips_in()
    {
        var slug = Writer.Word();
        var id = await _anna.Writes(ContentKind.Post, Writer.English("As scheduled", slug));
        var waits = (await _anna.Schedules(id, ScheduledAct.Publish, In(60), Zone, 1)).OrThrow();
        (await _anna.Saves(id, 1, Writer.English("Written later", slug))).OrThrow();
        await world.Clock.Passes(waits.At - world.Clock.Now - TimeSpan.FromSeconds(5));
        await world.JobsAreDone();
        (await world.Visitor().Get($"posts/{slug}")).Status.ShouldBe(404);
        await world.Clock.Passes(TimeSpan.FromSeconds(10));
        await world.JobsAreDone();
        (await world.Visitor().Get($"posts/{slug}")).Must().Word("title").ShouldBe("As scheduled");
        var view = await _anna.Reads(id);
        (view.State, view.PublishedVersion, view.Schedules.Single().State).ShouldBe((DocumentState.Changed, 1, ScheduleState.Done));
        // A second delivery of the same job does nothing.
        (await _anna.Withdraws(id, 1)).OrThrow();
        var schedule = await world.Database.Value<Guid>("select id from content.schedules where document_id = $1", id.Value);
        await world.Data().InTransaction(tx => tx.Enqueue(new CarryOutSchedule(ScheduleId.From(schedule))));
        await world.JobsAreDone();
        (await _anna.Reads(id)).State.ShouldBe(DocumentState.Withdrawn);
        (await world.Database.Column<string>("select action from foundation.audit where subject_id = $1 order by id", id.ToString()))
            .ShouldBe(["content.created", "content.scheduled", "content.saved", "content.published", "content.withdrawn"]);
    }

    [Fact]
    public async Task When_the_time_comes_while_somebody_publishes_something_newer_the_schedule_lapses_and_says_why()
    {
        var id = await _anna.Writes(ContentKind.Testimonial, Writer.English("One"));
        var waits = (await _anna.Schedules(id, ScheduledAct.Publish, In(60), Zone, 1)).OrThrow();
        (await _anna.Saves(id, 1, Writer.English("Two"))).OrThrow();
        await using (var gate = await Gate.Close(world.Database, "select 1 from content.documents where id = $1 for update", id.Value))
        {
            var publishing = Task.Run(() => _ben.Publishes(id, 2));
            await Eventually.True(async () => await gate.Waiting() >= 1, "Nobody publishes.");
            await world.Clock.Passes(waits.At - world.Clock.Now + TimeSpan.FromSeconds(1));
            await gate.OpenWhenWaiting(2);
            (await publishing).OrThrow();
        }
        await world.JobsAreDone();
        var view = await _anna.Reads(id);
        (view.PublishedVersion, view.Schedules.Single().State, view.Schedules.Single().Reason).ShouldBe((2, ScheduleState.Lapsed, ContentRefusals.NewerPublished.Code));
    }

    [Fact]
    public async Task What_stands_against_it_is_looked_for_again_address_people_and_state()
    {
        var slug = Writer.Word();
        var (late, lone, gone) = (await _anna.Writes(ContentKind.Page, Writer.English("Late", slug)), await _anna.Writes(ContentKind.Testimonial, Writer.English("Lone")), await _anna.HasPublished(ContentKind.Testimonial,
            Writer.English("Gone")));
        var at = In(60);
        (await _anna.Schedules(late, ScheduledAct.Publish, at, Zone, 1)).OrThrow();
        (await _anna.Schedules(lone, ScheduledAct.Publish, at, Zone, 1)).OrThrow();
        var waits = (await _anna.Schedules(gone, ScheduledAct.Unpublish, at, Zone)).OrThrow();
        await _ben.HasPublished(ContentKind.Page, Writer.English("First", slug));
        (await _ben.Withdraws(gone, 1)).OrThrow();
        await Set(true, 0);
        await world.Clock.Passes(waits.At - world.Clock.Now + TimeSpan.FromSeconds(1));
        await world.JobsAreDone();
        await Set(false, 1);
        foreach (var (id, reason) in new[] { (lone, ContentRefusals.AnotherPublishes), (gone, ContentRefusals.NotPublished), (late, ContentRefusals.AnotherPublishes) })
            ((await _anna.Reads(id)).Schedules.Single() is var s ? (s.State, s.Reason) : default).ShouldBe((ScheduleState.Lapsed, reason.Code));
        waits = (await _anna.Schedules(late, ScheduledAct.Publish, In(60), Zone, 1)).OrThrow();
        await world.Clock.Passes(waits.At - world.Clock.Now + TimeSpan.FromSeconds(1));
        await world.JobsAreDone();
        (await _anna.Reads(late)).Schedules[0].Reason.ShouldBe(ContentRefusals.SlugTaken.Code);
        (await world.Visitor().Get($"pages/{slug}")).Must().Word("title").ShouldBe("First");
    }

    [Fact]
    public async Task A_schedule_can_be_changed_cancelled_and_withdraw_again()
    {
        var staff = await world.Staff();
        var id = await _anna.HasPublished(ContentKind.Testimonial, Writer.English("For a while"));
        (await _anna.Schedules(id, ScheduledAct.Unpublish, In(60), Zone)).OrThrow();
        (await staff.Put($"admin/content/{id}/schedules/unpublish", new { at = In(120), zone = Zone })).Must();
        (await staff.Delete($"admin/content/{id}/schedules/publish")).MustRefuse(ContentRefusals.ScheduleNotFound);
        (await staff.Delete($"admin/content/{id}/schedules/unpublish")).Must(204);
        var waits = (await _anna.Schedules(id, ScheduledAct.Unpublish, In(240), Zone)).OrThrow();
        await world.Clock.Passes(waits.At - world.Clock.Now + TimeSpan.FromSeconds(1));
        await world.JobsAreDone();
        var view = await _anna.Reads(id);
        view.State.ShouldBe(DocumentState.Withdrawn);
        view.Schedules.Select(s => s.State).ShouldBe([ScheduleState.Done, ScheduleState.Cancelled, ScheduleState.Cancelled]);
    }

    [Theory]
    [InlineData("2027-03-28T01:30", "Europe/Dublin", "schedule_time_skipped")]
    [InlineData("2027-03-28T01:30", "Mars/Olympus", "schedule_zone_unknown")]
    [InlineData("2027-03-28 01:30", "Europe/Dublin", "schedule_time_invalid")]
    [InlineData("2020-01-01T00:00", "Europe/Dublin", "schedule_time_invalid")]
    [InlineData("2099-01-01T00:00", "Europe/Dublin", "schedule_time_invalid")]
    public void A_time_that_does_not_come_is_refused(string at, string zone, string code)
    {
        var instant = WallTime.InstantOf(at, zone);
        if (instant.Granted) code.ShouldBe(ContentRefusals.TimeInvalid.Code);
        else instant.Refusal!.Code.ShouldBe(code);
    }

    [Fact]
    public async Task A_time_in_the_past_or_far_away_is_refused_and_one_that_comes_twice_is_the_first()
    {
        var id = await _anna.Writes(ContentKind.Testimonial, Writer.English("When"));
        foreach (var days in new[] { -1, 401 })
            (await _anna.Schedules(id, ScheduledAct.Publish, world.Clock.Now.AddDays(days).ToString("yyyy-MM-ddTHH:mm"), "UTC", 1)).Refusal.ShouldBe(ContentRefusals.TimeInvalid);
        (await _anna.Schedules(id, ScheduledAct.Publish, In(60), Zone)).Refusal.ShouldBe(ContentRefusals.TimeInvalid);
        WallTime.InstantOf("2027-10-31T01:30", "Europe/Dublin").OrThrow().ShouldBe(new DateTimeOffset(2027, 10, 31, 0, 30, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task When_a_zone_gets_other_rules_the_wall_time_is_kept()
    {
        var id = await _anna.Writes(ContentKind.Testimonial, Writer.English("By the clock"));
        var waits = (await _anna.Schedules(id, ScheduledAct.Publish, In(180), Zone, 1)).OrThrow();
        // As if it had been scheduled by rules that put the same wall time two hours earlier.
        await world.Database.Execute("update content.schedules set at = at - interval '2 hours' where document_id = $1", id.Value);
        await world.Database.Execute("update foundation.jobs set run_at = run_at - interval '2 hours' where kind = 'carry_out_schedule' and state = 'ready' and run_at = $1", waits.At.ToUniversalTime());
        await world.Clock.Passes(waits.At.AddHours(-2) - world.Clock.Now + TimeSpan.FromSeconds(1));
        await world.JobsAreDone();
        (await _anna.Reads(id)).Schedules.Single().ShouldSatisfyAllConditions(s => s.State.ShouldBe(ScheduleState.Waiting), s => s.At.ShouldBe(waits.At));
        await world.Clock.Passes(TimeSpan.FromHours(2));
        await world.JobsAreDone();
        (await _anna.Reads(id)).PublishedVersion.ShouldBe(1);
    }

    private string In(int minutes) => Instant.FromDateTimeOffset(world.Clock.Now.AddMinutes(minutes)).InZone(DateTimeZoneProviders.Tzdb[Zone]).ToString("uuuu-MM-dd'T'HH:mm", System.Globalization.CultureInfo.InvariantCulture);

    private Task Set(bool value, int seen) => world.Data().InTransaction(async tx =>
        (await SettingValues.Change(tx, _anna.Caller, ContentSettings.TwoPeople, JsonSerializer.SerializeToElement(value), seen, "a test of it")).OrThrow());
}
