using System.Text;
using System.Text.RegularExpressions;
using Guildhall.Tests.Files;
using Guildhall.Tests.Web.Pages;

namespace Guildhall.Tests.Marketplace.ClientProjects;

[Covers("B-8")]
public sealed partial class ProjectPagesTests(FilesWorld world) : IClassFixture<FilesWorld>
{
    private const int MaxBytes = 60_000;

    [Fact]
    public async Task Both_sides_go_through_a_project_by_its_pages()
    {
        var work = await Work.Between(world);
        var (desk, mine) = (await Browser(work.Provider), await Browser(work.Client));
        (await desk.Opens("/desk/projects")).Must().Text.ShouldContain("Open a project");
        (await desk.Follows(await desk.Sends("/desk/projects/new", "/desk/projects/new", ("booking", work.Booking.Word("id")), ("title", " ")))).Text.ShouldContain("1 to 100 characters");
        var begun = (await desk.Sends("/desk/projects/new", "/desk/projects/new", ("booking", work.Booking.Word("id")), ("title", "Garden & <b>gate</b>"), ("description", "Two\nlines"))).Must(303);
        var page = begun.Headers["Location"];
        var id = page[(page.LastIndexOf('/') + 1)..];
        var (acts, my) = ($"/client-projects/{id}", $"/my/projects/{id}");
        (await desk.Opens(page)).Must().Text.ShouldContain("Only you see it");
        (await mine.Opens(my)).Status.ShouldBe(404);

        var form = $"{page}/milestones/new";
        (await desk.Follows(await desk.Sends(form, form, ("title", "Plan"), ("dueOn", "2031-05-01"), ("amount", "twelve")))).Text.ShouldContain("Write the amount in digits");
        (await desk.Sends(form, form, ("title", "Plan"), ("dueOn", "2031-05-01"), ("amount", "1,250.500"))).Must(303);
        var shown = await desk.Follows(await desk.Sends(page, $"{acts}/moves/open"));
        shown.Must().Text.ShouldContain("1,250<span class=\"amount-part\">.500");
        var milestone = Milestone().Match(shown.Text).Value;
        await desk.Sends(page, $"{acts}/milestones/{milestone}/moves/start");
        (await desk.Follows(await desk.Sends(page, $"{acts}/milestones/{milestone}/moves/deliver"))).Text.ShouldContain("The client was told");

        (await mine.Opens("/my/projects")).Must().Text.ShouldContain("Waits for the client");
        (await mine.Opens("/my")).Must().Text.ShouldContain("href=\"/my/projects\"");
        var seen = (await mine.Opens(my)).Must();
        seen.Text.ShouldContain("Garden &amp; &lt;b&gt;gate");
        seen.Text.ShouldContain("Something was delivered and waits for you.");
        seen.Text.ShouldNotContain("Deliver to the client");
        (await mine.Follows(await mine.Sends(my, $"{acts}/milestones/{milestone}/moves/request_changes", ($"note_{milestone}", "A wider gate")))).Must();
        (await desk.Opens(page)).Must().Text.ShouldContain("A wider gate");
        await desk.Sends(page, $"{acts}/milestones/{milestone}/moves/start");
        await desk.Sends(page, $"{acts}/milestones/{milestone}/moves/deliver");
        (await mine.Follows(await mine.Sends(my, $"{acts}/milestones/{milestone}/moves/accept"))).Text.ShouldContain("Accepted. The provider was told.");
        var files = await mine.Form(my, $"{acts}/files");
        (await mine.Follows(await mine.PostsFile($"{acts}/files", files, "gate.txt", Encoding.UTF8.GetBytes(FileTalk.Words)))).Must().Text.ShouldContain("The file is here");
        await Eventually.Get(() => desk.Opens(page), a => a.Text.Contains("gate.txt", StringComparison.Ordinal), "The provider does not see the file");
        (await desk.Follows(await desk.Sends(page, $"{acts}/milestones/{milestone}/invoice", ("dueDays", "7")))).Must().Text.ShouldContain("/invoices/inv_");
        (await mine.Opens(my)).Must().Text.ShouldContain("/invoices/inv_");
        (await desk.Follows(await desk.Sends(page, $"{acts}/moves/complete"))).Must().Text.ShouldContain("Everything was accepted");

        var house = await Browser(await world.Staff());
        (await house.Opens("/console/client-projects?state=completed")).Must().Text.ShouldContain(id);
        (await house.Opens($"/console/client-projects/{id}")).Must().Text.ShouldContain("gate.txt");
        foreach (var (who, path) in new[] { (desk, page), (desk, "/desk/projects"), (mine, my), (mine, "/my/projects"), (house, "/console/client-projects"), (house, $"/console/client-projects/{id}") })
            foreach (var language in new[] { "en", "ar" })
            {
                var light = (await who.Opens($"{path}?lang={language}")).Must();
                light.Text.ShouldContain($"<html lang=\"{language}\"");
                Encoding.UTF8.GetByteCount(light.Text).ShouldBeLessThan(MaxBytes);
            }
        world.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_form_of_somebody_who_saw_an_older_project_says_so()
    {
        var work = await Work.Opened(world);
        await work.Adds();
        await work.Delivers();
        var mine = await Browser(work.Client);
        var (page, action) = ($"/my/projects/{work.Id}", work.Path($"/milestones/{await work.MilestoneId()}/moves/accept"));
        var form = await mine.Form(page, "/" + action);
        (await work.Moves(work.Client, "request-changes", note: "Later.")).Must();
        (await mine.Follows(await mine.Posts("/" + action, form))).Must().Text.ShouldContain("has changed since you looked");
        (await work.State()).ShouldBe("changes_requested");
    }

    private async Task<Guest> Browser(Person person)
    {
        var guest = new Guest(world);
        (await guest.Sends("/sign-in", "/sign-in", ("email", person.Email), ("password", Person.Password))).Must(303);
        return guest;
    }

    [GeneratedRegex("mls_[0-9a-z]{26}", RegexOptions.None, 1000)]
    private static partial Regex Milestone();
}
