using Guildhall.Marketplace;
using Guildhall.Tests.Files;

namespace Guildhall.Tests.Marketplace.ClientProjects;

/// <summary>Everything in a project waits for its row: whoever comes second is told what is there now.</summary>
[Covers("B-8")]
public sealed class ProjectRaceTests(FilesWorld world) : IClassFixture<FilesWorld>
{
    [Fact]
    [Covers("I-12")]
    public async Task Of_accepting_and_asking_for_changes_at_once_one_wins()
    {
        var work = await Work.Opened(world);
        await work.Adds();
        await work.Delivers();
        var (path, revision) = (work.Path($"/milestones/{await work.MilestoneId()}/actions/"), (await work.Milestone()).GetProperty("revision").GetInt32());
        await using var gate = await work.Gate();
        var tries = new[] { "accept", "request-changes", "accept", "request-changes" }.Select(act => work.Client.Post(path + act, new { revision, note = "Not so." })).ToArray();
        await gate.OpenWhenWaiting(tries.Length);
        var answers = await Task.WhenAll(tries);
        answers.Count(a => a.Status == 200).ShouldBe(2); // who wanted the same is told that it is so
        foreach (var late in answers.Where(a => a.Status != 200)) late.MustRefuse(MarketplaceRefusals.ClientProjectChanged).Word("project.id").ShouldBe(work.Id);
        (await world.Database.Count("marketplace.project_events where project_id = $1 and side = 'client'", work.Guid)).ShouldBe(1);
    }

    [Fact]
    [Covers("M-18", "money-100")]
    public async Task However_often_it_is_pressed_at_once_on_two_nodes_a_milestone_is_invoiced_once()
    {
        var work = await Work.Opened(world);
        await work.Adds();
        await work.IsAccepted();
        var path = work.Path($"/milestones/{await work.MilestoneId()}/actions/invoice");
        await using var gate = await work.Gate();
        var tries = Enumerable.Range(0, 6).Select(_ => work.Provider.Post(path, new { dueDays = 14 })).ToArray();
        await gate.OpenWhenWaiting(tries.Length);
        var answers = await Task.WhenAll(tries);
        answers.Select(a => a.Must().Word("milestones.0.invoice.id")).Distinct().Count().ShouldBe(1);
        (await world.Database.Count("money.invoices where buyer_id = $1 and kind = 'invoice' and due_at is not null", work.Client.Id)).ShouldBe(1);
        (await world.Database.Count("money.orders where customer_id = $1 and purpose = 'invoice'", work.Client.Id)).ShouldBe(1);
        (await work.Invoices(work.Provider, dueDays: 3)).Must().Word("milestones.0.invoice.id").ShouldBe(answers[0].Word("milestones.0.invoice.id"));
    }

    [Fact]
    [Covers("marketplace-4")]
    public async Task What_was_done_before_a_cut_off_is_answered_as_done_when_it_is_asked_again_with_its_key()
    {
        var work = await Work.Between(world);
        await work.Begins();
        await work.Adds();
        async Task<Answer> Twice(Person who, string path, object body)
        {
            var key = Guid.NewGuid().ToString();
            (await who.Post(path, body, key)).Must();
            await world.Database.Execute("update foundation.idempotency set state = 'started', status = null, response = null, lease_until = now() - interval '1 second' where key = $1", key);
            return (await who.Post(path, body, key)).Must();
        }
        async Task<int> Revision() => (await work.Now()).At("revision").GetInt32();
        foreach (var act in new[] { "open", "pause", "resume" }) await Twice(work.Provider, work.Path($"/actions/{act}"), new { revision = await Revision() });
        var path = work.Path($"/milestones/{await work.MilestoneId()}/actions/");
        async Task Moves(Person who, string act, string? note = null) => await Twice(who, path + act, new { revision = (await work.Milestone()).GetProperty("revision").GetInt32(), note });
        await Moves(work.Provider, "start");
        await Moves(work.Provider, "deliver");
        await Moves(work.Client, "request-changes", "To the left.");
        // The same once more with other words is another wish: it was not kept, and that is said.
        var seen = (await work.Milestone()).GetProperty("revision").GetInt32() - 1;
        (await work.Client.Post(path + "request-changes", new { revision = seen, note = "To the right." })).MustRefuse(MarketplaceRefusals.ClientProjectChanged);
        await Moves(work.Provider, "start");
        await Moves(work.Provider, "deliver");
        await Moves(work.Client, "accept");
        await Twice(work.Provider, work.Path("/actions/complete"), new { revision = await Revision() });
        (await world.Database.Count("marketplace.project_events where project_id = $1", work.Guid)).ShouldBe(1 + 3 + 6 + 1);
    }

    [Fact]
    public async Task Of_two_editors_at_once_one_wins()
    {
        var work = await Work.Opened(world);
        await work.Adds();
        var path = work.Path($"/milestones/{await work.MilestoneId()}");
        await using var gate = await work.Gate();
        // Editors lock the people first: one waits for the row, the other for them.
        var tries = Enumerable.Range(1, 2).Select(i => work.Provider.Put(path, new { title = $"Editor {i}", dueOn = "2031-05-01", revision = 1 })).ToArray();
        await gate.OpenWhenWaiting(tries.Length);
        var answers = await Task.WhenAll(tries);
        var won = answers.Single(a => a.Status == 200).Word("milestones.0.title");
        answers.Single(a => a.Status != 200).MustRefuse(MarketplaceRefusals.ClientProjectChanged).Word("project.milestones.0.title").ShouldBe(won);
    }

    [Theory]
    [InlineData("complete")]
    [InlineData("cancel")]
    public async Task A_project_that_is_over_takes_no_more_milestones_bookings_or_files(string act)
    {
        var work = await Work.Opened(world);
        await work.Adds();
        await work.IsAccepted();
        var begun = (await work.Client.Signs(await work.Now())).Must(201);
        await work.Client.Puts(begun);
        await work.Does(act);
        (await work.TriesToAdd(work.Provider)).MustRefuse(MarketplaceRefusals.ClientProjectNotNow);
        (await work.Provider.Put(work.Path($"/bookings/{work.Booking.Word("id")}"), new { })).MustRefuse(MarketplaceRefusals.ClientProjectNotNow);
        (await work.Provider.Delete(work.Path($"/bookings/{work.Booking.Word("id")}"))).MustRefuse(MarketplaceRefusals.ClientProjectNotNow);
        (await work.Client.Signs(await work.Now())).MustRefuse(Guildhall.Files.FilesRefusals.NotWritable);
        (await work.Client.Confirms(begun)).MustRefuse(Guildhall.Files.FilesRefusals.NotWritable);
        foreach (var other in new[] { "open", "pause", "resume", "complete", "cancel" }) (await work.Tries(work.Provider, other)).MustRefuse(MarketplaceRefusals.ClientProjectNotNow);
        (await work.Invoices(work.Provider)).Must(); // what was accepted is owed
    }

    [Fact]
    public async Task A_milestone_or_file_that_comes_while_the_project_ends_is_in_before_or_refused()
    {
        var work = await Work.Opened(world);
        var begun = (await work.Client.Signs(await work.Now())).Must(201);
        await work.Client.Puts(begun);
        var revision = (await work.Now()).At("revision").GetInt32();
        await using var gate = await work.Gate();
        var ends = work.Provider.Post(work.Path("/actions/complete"), new { revision });
        await Eventually.True(async () => await gate.Waiting() >= 1, "The end does not wait.");
        var (adds, confirms, signs) = (work.TriesToAdd(work.Provider), work.Client.Confirms(begun), work.Client.Post("uploads", new { subject = work.Id, name = "late.txt", contentType = "text/plain", bytes = 5 }));
        await gate.OpenWhenWaiting(4);
        (await ends).Must();
        // The row is had in the order in which it was waited for.
        (await adds).MustRefuse(MarketplaceRefusals.ClientProjectNotNow);
        (await confirms).MustRefuse(Guildhall.Files.FilesRefusals.NotWritable);
        (await signs).MustRefuse(Guildhall.Files.FilesRefusals.NotWritable);
        (await world.Database.Count("marketplace.project_milestones where project_id = $1", work.Guid)).ShouldBe(0);
        (await world.Database.Count("files.uploads where subject = $1 and state <> 'signed'", work.Id)).ShouldBe(0);
    }
}
