using Guildhall.Marketplace;
using Guildhall.Tests.Files;

namespace Guildhall.Tests.Marketplace.ClientProjects;

[Covers("B-8")]
public sealed class ClientProjectTests(FilesWorld world) : IClassFixture<FilesWorld>
{
    [Fact]
    [Covers("N-1", "M-18")]
    public async Task A_project_goes_from_its_draft_to_an_invoice_that_is_paid()
    {
        var work = await Work.Between(world);
        var draft = await work.Begins();
        (draft.Word("state"), draft.Word("role"), draft.Word("currency"), draft.Word("bookings.0.id")).ShouldBe(("draft", "provider", "KWD", work.Booking.Word("id")));
        (await work.Client.Get(work.Path())).MustRefuse(MarketplaceRefusals.ClientProjectNotFound);
        (await work.Client.Get("client-projects")).Must().At("items").GetArrayLength().ShouldBe(0);

        await work.Adds("Plan", 500_000);
        await work.Adds("Fitting", null, "2031-06-01");
        (await work.Moves(work.Provider, "start")).MustRefuse(MarketplaceRefusals.ClientProjectNotNow); // a draft
        await work.Does("open");
        (await work.Client.Get(work.Path())).Must().Word("role").ShouldBe("client");
        var listed = (await work.Client.Get("client-projects?role=client")).Must();
        (listed.Word("items.0.id"), listed.At("items.0.milestones").GetInt32(), listed.Word("items.0.nextDue")).ShouldBe((work.Id, 2, "2031-05-01"));
        await Told(work.Client, "A project for you: New kitchen");

        await work.Delivers();
        await Told(work.Client, "Delivered: Plan");
        (await work.Moves(work.Client, "request-changes", note: " ")).MustRefuse(MarketplaceRefusals.MilestoneNoteInvalid);
        (await work.Moves(work.Client, "request-changes", note: "The sink to the left.")).Must();
        await Told(work.Provider, "Changes requested: Plan");
        (await work.Now()).At("events").EnumerateArray().First(e => e.GetProperty("kind").GetString() == "changes_requested").GetProperty("note").GetString().ShouldBe("The sink to the left.");
        (await work.Invoices(work.Provider)).MustRefuse(MarketplaceRefusals.MilestoneNotDue);
        await work.IsAccepted();
        await Told(work.Provider, "Accepted: Plan");

        var invoiced = (await work.Invoices(work.Provider)).Must();
        invoiced.Word("milestones.0.invoice.state").ShouldBe("issued");
        var invoice = (await work.Client.Get($"invoices/{invoiced.Word("milestones.0.invoice.id")}")).Must();
        (invoice.At("document.total.minor").GetInt64(), invoice.Word("lines.0.text")).ShouldBe((500_000, "New kitchen: Plan"));
        (await work.Invoices(work.Provider, no: 2)).MustRefuse(MarketplaceRefusals.MilestoneNotDue);

        var payment = (await world.Visitor().Post($"/api/v1{invoice.Word("payLink")}/payments")).Must(201);
        await work.Client.AtTheGateway(payment, "success");
        await Eventually.Get(work.Now, a => a.Word("milestones.0.invoice.state") == "paid", "The invoice was not paid");
        (await work.Tries(work.Provider, "complete")).MustRefuse(MarketplaceRefusals.ClientProjectUnfinished);
        await work.IsAccepted(2);
        (await work.Does("complete")).Word("state").ShouldBe("completed");
        world.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_project_is_opened_from_a_paid_booking_by_its_provider_or_by_staff_who_may()
    {
        var work = await Work.Between(world);
        (await work.TriesToBegin(work.Client)).MustRefuse(MarketplaceRefusals.OnlyTheProvider);
        (await work.TriesToBegin((await world.Provider()).Person)).MustRefuse(MarketplaceRefusals.BookingNotFound);
        (await work.TriesToBegin(await world.Customer())).MustRefuse(MarketplaceRefusals.BookingNotFound);
        (await work.TriesToBegin(work.Provider, "")).MustRefuse(FoundationRefusals.InvalidInput);
        var seller = await world.Provider();
        var held = await work.Client.Books(seller);
        (await seller.Person.Post("client-projects", new { booking = held.Word("id"), title = "Too soon" })).MustRefuse(MarketplaceRefusals.ClientProjectUnpaid);

        var key = Guid.NewGuid().ToString();
        (await work.TriesToBegin(work.Provider, key: key)).Must(201).Word("id").ShouldBe((await work.TriesToBegin(work.Provider, key: key)).Must(201).Word("id"));
        var admin = await world.Staff();
        var opened = (await work.TriesToBegin(admin, "By the house")).Must(201);
        (opened.Word("role"), opened.At("mayRun").GetBoolean(), opened.At("bookings").GetArrayLength()).ShouldBe(("staff", true, 0)); // the booking belongs to the first
        (await work.Provider.Get("client-projects?role=provider")).Must().At("items").GetArrayLength().ShouldBe(2);
        (await admin.Get("admin/client-projects?state=draft")).Must().At("items").EnumerateArray().Select(i => i.GetProperty("id").GetString()).ShouldContain(opened.Word("id"));
        (await (await world.Staff("finance")).Get("admin/client-projects")).MustRefuse(FoundationRefusals.NotAllowed);
        (await (await world.Staff("finance")).Get($"client-projects/{opened.Word("id")}")).MustRefuse(MarketplaceRefusals.ClientProjectNotFound);
    }

    [Fact]
    [Covers("I-12")]
    public async Task A_stranger_finds_nothing_on_any_route_and_each_side_does_only_its_own()
    {
        var work = await Work.Opened(world);
        await work.Adds();
        var milestone = await work.MilestoneId();
        var file = (await work.Provider.PutsIn(await work.Now())).Must(201);
        await work.Provider.Becomes(file, "ready");
        foreach (var stranger in new[] { await world.Customer(), (await world.Provider()).Person })
        {
            (await stranger.Get(work.Path())).MustRefuse(MarketplaceRefusals.ClientProjectNotFound);
            (await stranger.Put(work.Path(), new { title = "Mine", description = "", revision = 2 })).MustRefuse(MarketplaceRefusals.ClientProjectNotFound);
            foreach (var act in new[] { "open", "pause", "resume", "complete", "cancel" }) (await stranger.Post(work.Path($"/actions/{act}"), new { revision = 2 })).MustRefuse(MarketplaceRefusals.ClientProjectNotFound);
            (await work.TriesToAdd(stranger)).MustRefuse(MarketplaceRefusals.ClientProjectNotFound);
            (await stranger.Put(work.Path($"/milestones/{milestone}"), new { title = "Mine", dueOn = "2031-01-01", revision = 1 })).MustRefuse(MarketplaceRefusals.ClientProjectNotFound);
            (await stranger.Delete(work.Path($"/milestones/{milestone}?revision=1"))).MustRefuse(MarketplaceRefusals.ClientProjectNotFound);
            foreach (var act in new[] { "start", "deliver", "accept", "request-changes" })
                (await stranger.Post(work.Path($"/milestones/{milestone}/actions/{act}"), new { revision = 1, note = "x" })).MustRefuse(MarketplaceRefusals.ClientProjectNotFound);
            (await stranger.Post(work.Path($"/milestones/{milestone}/actions/invoice"), new { dueDays = 3 })).MustRefuse(MarketplaceRefusals.ClientProjectNotFound);
            (await stranger.Put(work.Path($"/bookings/{work.Booking.Word("id")}"), new { })).MustRefuse(MarketplaceRefusals.ClientProjectNotFound);
            (await stranger.Delete(work.Path($"/bookings/{work.Booking.Word("id")}"))).MustRefuse(MarketplaceRefusals.ClientProjectNotFound);
            (await stranger.Signs(await work.Now())).MustRefuse(Guildhall.Files.FilesRefusals.SubjectNotFound);
            (await stranger.Fetches(file)).MustRefuse(Guildhall.Files.FilesRefusals.UploadNotFound);
            foreach (var page in new[] { $"/my/projects/{work.Id}", $"/desk/projects/{work.Id}", $"/desk/projects/{work.Id}/edit", $"/desk/projects/{work.Id}/milestones/new", $"/desk/projects/{work.Id}/milestones/{milestone}" })
                (await stranger.Send(HttpMethod.Get, page)).Status.ShouldBe(404, page);
        }
        (await work.Client.Fetches(file)).Must().Text.ShouldBe(FileTalk.Words);
        (await work.TriesToAdd(work.Client)).MustRefuse(MarketplaceRefusals.OnlyTheProvider);
        (await work.Tries(work.Client, "cancel")).MustRefuse(MarketplaceRefusals.OnlyTheProvider);
        (await work.Moves(work.Client, "start")).MustRefuse(MarketplaceRefusals.OnlyTheProvider);
        await work.Delivers();
        (await work.Moves(work.Provider, "accept")).MustRefuse(MarketplaceRefusals.OnlyTheCustomer);
        (await work.Moves(await world.Staff(), "accept")).MustRefuse(MarketplaceRefusals.OnlyTheCustomer);
        (await work.Invoices(work.Client)).MustRefuse(MarketplaceRefusals.OnlyTheProvider);
        var other = await Work.Opened(world);
        (await other.Provider.Post(other.Path($"/milestones/{milestone}/actions/start"), new { revision = 1 })).MustRefuse(MarketplaceRefusals.MilestoneNotFound);
    }

    [Fact]
    public async Task What_was_delivered_or_accepted_keeps_its_amount_and_two_editors_do_not_overwrite_each_other()
    {
        var work = await Work.Opened(world);
        (await work.TriesToAdd(work.Provider, currency: "USD")).MustRefuse(FoundationRefusals.InvalidInput);
        (await work.TriesToAdd(work.Provider, minor: 0)).MustRefuse(FoundationRefusals.InvalidInput);
        await work.Adds("Plan", 500_000);
        (await work.Changes(work.Provider, 1, Body(revision: 1, minor: 600_000))).Must().At("milestones.0.amount.minor").GetInt64().ShouldBe(600_000);
        var late = await work.Changes(work.Provider, 1, Body(revision: 1, minor: 700_000));
        late.MustRefuse(MarketplaceRefusals.ClientProjectChanged).At("project.milestones.0.amount.minor").GetInt64().ShouldBe(600_000);
        (await work.Provider.Put(work.Path(), new { title = "Larger kitchen", description = "", revision = 2 })).Must();
        (await work.Provider.Put(work.Path(), new { title = "Smaller kitchen", description = "", revision = 2 })).MustRefuse(MarketplaceRefusals.ClientProjectChanged).Word("project.title").ShouldBe("Larger kitchen");

        // The client has read 600.000, and it became dearer before they pressed.
        await work.Delivers();
        var seen = (await work.Milestone()).GetProperty("revision").GetInt32();
        (await work.Changes(work.Provider, 1, Body(seen, 900_000))).MustRefuse(MarketplaceRefusals.MilestoneNotNow);
        (await work.Provider.Delete(work.Path($"/milestones/{await work.MilestoneId()}?revision={seen}"))).MustRefuse(MarketplaceRefusals.MilestoneNotNow);
        (await work.Moves(work.Client, "request-changes", note: "Cheaper.")).Must();
        (await work.Changes(work.Provider, 1, Body((await work.Milestone()).GetProperty("revision").GetInt32(), 550_000))).Must();
        (await work.Moves(work.Provider, "start")).Must();
        (await work.Moves(work.Provider, "deliver")).Must();
        (await work.Moves(work.Client, "accept", revision: seen)).MustRefuse(MarketplaceRefusals.ClientProjectChanged);
        (await work.Moves(work.Client, "accept")).Must();
        (await work.Provider.Post(work.Path($"/milestones/{await work.MilestoneId()}/actions/invoice"), new { dueDays = 7, amount = new { minor = 999_000, currency = "KWD" } })).MustRefuse(FoundationRefusals.ServerDecides);
        var invoiced = (await work.Invoices(work.Provider)).Must();
        (await work.Client.Get($"invoices/{invoiced.Word("milestones.0.invoice.id")}")).Must().At("document.total.minor").GetInt64().ShouldBe(550_000);
    }

    [Fact]
    public async Task Milestones_keep_an_order_without_gaps()
    {
        var work = await Work.Opened(world);
        foreach (var title in new[] { "A", "B", "C", "D" }) await work.Adds(title, null);
        (await work.Changes(work.Provider, 4, new { title = "D", dueOn = "2031-05-01", no = 1, revision = 1 })).Must();
        (await Titles(work)).ShouldBe("DABC");
        (await work.Changes(work.Provider, 1, new { title = "D", dueOn = "2031-05-01", no = 99, revision = 2 })).Must();
        (await Titles(work)).ShouldBe("ABCD");
        (await work.Changes(work.Provider, 2, new { title = "B", dueOn = "2031-05-01", no = 3, revision = 1 })).Must();
        (await Titles(work)).ShouldBe("ACBD");
        (await work.Provider.Delete(work.Path($"/milestones/{await work.MilestoneId(2)}?revision=1"))).Must();
        (await Titles(work)).ShouldBe("ABD");
        (await work.Now()).At("milestones").EnumerateArray().Select(m => m.GetProperty("no").GetInt32()).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task A_booking_belongs_to_one_project_of_its_two_people()
    {
        var work = await Work.Opened(world);
        await work.Begins("Second");
        var booking = work.Booking.Word("id");
        (await work.Provider.Put(work.Path($"/bookings/{booking}"), new { })).MustRefuse(MarketplaceRefusals.BookingInProject);
        var foreign = await (await world.Customer()).BooksAndPays(await world.Provider());
        (await work.Provider.Put(work.Path($"/bookings/{foreign.Word("id")}"), new { })).MustRefuse(MarketplaceRefusals.BookingNotFound);
        var first = (await work.Provider.Get("client-projects?role=provider")).Must().Word("items.1.id");
        (await work.Provider.Delete($"client-projects/{first}/bookings/{booking}")).Must().At("bookings").GetArrayLength().ShouldBe(0);
        (await work.Provider.Put(work.Path($"/bookings/{booking}"), new { })).Must();
        (await work.Provider.Put(work.Path($"/bookings/{booking}"), new { })).Must().Word("bookings.0.id").ShouldBe(booking);
    }

    [Fact]
    [Covers("B-3")]
    public async Task Across_a_block_nothing_is_written_or_put_in_and_what_was_delivered_is_still_accepted()
    {
        var work = await Work.Opened(world);
        await work.Adds();
        await work.Adds("Fitting", null);
        await work.Delivers();
        await work.Delivers(2);
        (await work.Client.Post($"chats/{work.Booking.Word("chatId")}/actions/block")).Must();
        (await work.TriesToAdd(work.Provider)).MustRefuse(MarketplaceRefusals.PeopleBlocked);
        (await work.TriesToBegin(work.Provider)).MustRefuse(MarketplaceRefusals.PeopleBlocked);
        (await work.Provider.Put(work.Path(), new { title = "Call me", description = "", revision = 2 })).MustRefuse(MarketplaceRefusals.PeopleBlocked);
        (await work.Moves(work.Client, "request-changes", no: 2, note: "No.")).MustRefuse(MarketplaceRefusals.PeopleBlocked);
        (await work.Provider.Signs(await work.Now())).MustRefuse(Guildhall.Files.FilesRefusals.NotWritable);
        (await work.Moves(work.Client, "accept")).Must();
        (await work.Invoices(work.Provider)).Must();
        (await work.Does("cancel")).Word("state").ShouldBe("cancelled");
    }

    [Fact]
    [Covers("M-18")]
    public async Task A_milestone_shows_the_invoice_that_stands_and_is_invoiced_again_only_when_none_does()
    {
        var (work, staff) = (await Work.Opened(world), await world.Staff());
        await work.Adds();
        await work.IsAccepted();
        var first = (await work.Invoices(work.Provider)).Must().Word("milestones.0.invoice.id");
        var corrected = (await staff.Post($"admin/invoices/{first}/actions/correct", new
        {
            reason = "Wrong words.", lines = new[] { new { text = "New kitchen, the plan", amount = new { minor = 500_000, currency = "KWD" } } },
        })).Must(201).Word("document.id");
        (await Shown(work)).ShouldBe((corrected, "issued"));
        (await work.Invoices(work.Provider)).Must().Word("milestones.0.invoice.id").ShouldBe(corrected);

        (await staff.Post($"admin/invoices/{corrected}/actions/void", new { reason = "Not yet." })).Must();
        (await Shown(work)).ShouldBe((corrected, "void"));
        async Task<string> Page() => (await work.Provider.Send(HttpMethod.Get, $"/desk/projects/{work.Id}")).Must().Text;
        (await Page()).ShouldContain("/invoice\"");
        var again = (await work.Invoices(work.Provider)).Must();
        again.Word("milestones.0.invoice.state").ShouldBe("issued");
        again.Word("milestones.0.invoice.id").ShouldNotBe(corrected);
        (await world.Database.Count("money.orders where customer_id = $1 and purpose = 'invoice' and state = 'open'", work.Client.Id)).ShouldBe(1);
        (await Page()).ShouldNotContain("/invoice\"");
    }

    private static async Task<(string, string)> Shown(Work work)
    {
        var now = await work.Now();
        return (now.Word("milestones.0.invoice.id"), now.Word("milestones.0.invoice.state"));
    }

    private static object Body(int revision, long minor) => new { title = "Plan", dueOn = "2031-05-01", amount = new { minor, currency = "KWD" }, revision };

    private static async Task<string> Titles(Work work) => string.Concat((await work.Now()).At("milestones").EnumerateArray().Select(m => m.GetProperty("title").GetString()));

    private static Task<Answer> Told(Person who, string title) => Eventually.Get(async () => (await who.Get("inbox")).Must(),
        inbox => inbox.At("items").EnumerateArray().Any(i => i.GetProperty("title").GetString() == title), $"Nobody was told: {title}");
}
