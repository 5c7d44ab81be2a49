namespace Guildhall.Tests.Web.Pages;

/// <summary>What holds for every form and page.</summary>
public sealed class FormTests(PagesWorld world) : IClassFixture<PagesWorld>
{
    private const int MaxBytes = 60_000;

    public static TheoryData<string> Pages => ["/", "/services", "/services?q=tax&kind=consultation", "/sign-in", "/sign-up", "/verify", "/forgot-password", "/reset-password", "/confirm-email", "/bookings", "/inbox", "/account",
        "/desk", "/desk/bookings", "/desk/messages", "/desk/hours", "/desk/services", "/desk/services/new", "/desk/calendar", "/my", "/my/packages", "/desk/packages", "/desk/packages/new",
        "/my/projects", "/desk/projects", "/desk/projects/new", "/services?sort=rating",
        "/account/calendar", "/services?sort=first_free&currency=KWD", "/desk/money", "/desk/money/withdraw", "/desk/money/bank"];

    [Theory, MemberData(nameof(Pages))]
    public async Task Every_page_is_light_in_both_languages(string path)
    {
        var omar = await world.Person("omar");
        foreach (var language in (string[])["en", "ar"])
        {
            var page = (await omar.Opens(path + (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "lang=" + language)).Must();
            page.Headers["Content-Type"].ShouldStartWith("text/html");
            page.Text.ShouldContain($"<html lang=\"{language}\"");
            System.Text.Encoding.UTF8.GetByteCount(page.Text).ShouldBeLessThan(MaxBytes);
        }
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused_as_a_page()
    {
        var layla = await world.Person("layla");
        var form = await layla.Form("/account", "/account");
        form.Remove("__RequestVerificationToken");
        form["displayName"] = "Somebody";
        var answer = await layla.Posts("/account", form);
        answer.Must(403).Headers["Content-Type"].ShouldStartWith("text/html");
        answer.Text.ShouldContain("too old or came from another site");
        (await layla.Opens("/account")).Text.ShouldContain("Layla Al-Sayed");
    }

    [Fact]
    public async Task The_token_of_another_browser_is_refused()
    {
        var (layla, sean) = (await world.Person("layla"), await world.Person("sean"));
        var form = await sean.Form("/account", "/account");
        form["displayName"] = "Somebody";
        (await layla.Posts("/account", form)).Must(403);
    }

    [Fact]
    public async Task A_form_made_by_one_node_is_understood_by_the_other()
    {
        var layla = await world.Person("layla"); // requests alternate: page and post meet different nodes
        for (var i = 0; i < 4; i++) (await layla.Sends("/account", "/account", ("displayName", "Layla Al-Sayed"), ("language", "en"), ("zone", "Asia/Kuwait"), ("theme", "dark"))).Must(303);
        (await layla.Opens("/account")).Text.ShouldContain("data-theme=\"dark\"");
    }

    [Theory]
    [InlineData("/no-such-page")]
    [InlineData("/services/nonsense")]
    [InlineData("/providers/prv_00000000000000000000000000")]
    [InlineData("/return/stripe/pay_00000000000000000000000000")]
    public async Task People_are_told_not_found_by_a_page(string path)
    {
        var answer = await world.Guest().Opens(path);
        answer.Must(404).Headers["Content-Type"].ShouldStartWith("text/html");
        answer.Text.ShouldContain("We could not find that page");
    }

    [Fact]
    public async Task Programs_get_the_problem_document()
    {
        var visitor = world.Visitor();
        (await visitor.Send(HttpMethod.Get, "/api/v1/no-such-thing", null, ("Accept", "text/html"))).MustRefuse(FoundationRefusals.NotFound);
        (await visitor.Send(HttpMethod.Get, "/no-such-page")).MustRefuse(FoundationRefusals.NotFound);
    }

    [Fact]
    public async Task A_signed_in_person_is_told_so_in_their_own_frame() =>
        (await (await world.Person("layla")).Opens("/no-such-page")).Must(404).Text.ShouldContain("Layla Al-Sayed");

    [Fact]
    public async Task A_customer_has_no_desk()
    {
        var answer = await (await world.Person("layla")).Opens("/desk");
        answer.Must(403).Text.ShouldContain("Only providers have a desk");
        answer.Text.ShouldContain("req_");
    }

    [Fact]
    public async Task A_failure_says_nothing_but_the_request_id()
    {
        var answer = await world.Guest().Opens("/fails");
        answer.Must(500).Headers["Content-Type"].ShouldStartWith("text/html");
        answer.Text.ShouldContain(answer.Headers["X-Request-Id"]);
        answer.Text.ShouldNotContain("planted");
    }

    [Fact]
    public async Task Pages_take_no_posts() => (await world.Guest().Posts("/services", new Dictionary<string, string>())).Must(405);
}
