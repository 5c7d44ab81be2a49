using System.Globalization;
using System.Text.RegularExpressions;

namespace Guildhall.Tests.Web.Pages;

public sealed class SessionPagesTests(PagesWorld world) : IClassFixture<PagesWorld>
{
    [Fact, Covers("I-5")]
    public async Task A_page_of_somebody_signed_in_knows_when_the_session_ends_unused_and_one_of_a_visitor_does_not()
    {
        var (sean, admin) = (await world.Person("sean"), await world.Person("admin"));
        var page = (await sean.Opens("/account?lang=en")).Must().Text;
        (End(page, "idle-at") - world.Clock.Now).ShouldBeInRange(TimeSpan.FromHours(1.9), 2.Hours());
        (End(page, "ends-at") - world.Clock.Now).ShouldBeInRange(23.Hours(), 24.Hours());
        page.ShouldContain("Are you still there?");
        page.ShouldContain("data-warn-seconds=\"120\"");
        var staff = (await admin.Opens("/console?lang=ar")).Must().Text;
        (End(staff, "idle-at") - world.Clock.Now).ShouldBeInRange(14.Minutes(), 15.Minutes());
        (End(staff, "ends-at") - world.Clock.Now).ShouldBeInRange(11.Hours(), 12.Hours());
        System.Net.WebUtility.HtmlDecode(staff).ShouldContain("هل ما زلت هنا؟");
        (await world.Guest().Opens("/")).Must().Text.ShouldNotContain("data-idle");
    }

    [Theory, Covers("I-5")]
    [InlineData("/sign-in?ended=idle&lang=en", "nothing was done for a while")]
    [InlineData("/sign-in?ended=time&lang=en", "too long ago")]
    [InlineData("/sign-in?ended=idle&lang=ar", "سُجّل خروجك لأن شيئًا لم يحدث منذ فترة")]
    public async Task Who_was_signed_out_for_the_time_is_told_so_at_the_door(string path, string sentence) =>
        System.Net.WebUtility.HtmlDecode((await world.Guest().Opens(path)).Must().Text).ShouldContain(sentence);

    [Fact, Covers("I-5", "asvs-14.3.1")]
    public async Task The_account_page_shows_devices_extends_the_session_and_signs_out_everywhere()
    {
        var layla = await world.Person("layla");
        var page = System.Net.WebUtility.HtmlDecode((await layla.Opens("/account?lang=en")).Must().Text);
        page.ShouldContain("Where you are signed in");
        page.ShouldContain("place unknown");
        page.ShouldContain("password");
        await world.Database.Execute("""
            update identity.sessions set expires_at = created_at + interval '2 hours' where ended_at is null and account_id = (select id from identity.accounts where email = 'layla@example.test')
            """);
        var extended = await layla.Follows((await layla.Sends("/account", "/account/sessions/extend")).Must(303));
        extended.Must().Text.ShouldContain("goes on for another day");
        var out1 = (await layla.Sends("/account", "/account/sessions/end-all")).Must(303);
        out1.Headers["Clear-Site-Data"].ShouldBe("\"storage\"");
        (await layla.Opens("/account")).Must(302).Headers["Location"].ShouldStartWith("/sign-in");
    }

    [Fact, Covers("I-5", "A-3")]
    public async Task The_console_lists_all_sessions_and_ends_one_with_a_reason()
    {
        var (admin, omar) = (await world.Person("admin"), await world.Person("omar"));
        var page = (await admin.Opens("/console/sessions?person=omar%40example.test&state=living&lang=en")).Must().Text;
        page.ShouldContain("Living sessions");
        page.ShouldContain("Sign this person out everywhere");
        var end = Regex.Match(page, "action=\"(/console/sessions/ses_[^\"]+/end)\"", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups[1].Value;
        var refused = await admin.Follows(await admin.Sends("/console/sessions?person=omar%40example.test&state=living", end, ("why", "")));
        refused.Must().Text.ShouldContain("Say why, in 3 to 500 characters.");
        (await omar.Opens("/desk")).Must();
        (await admin.Follows(await admin.Sends("/console/sessions?person=omar%40example.test&state=living", end, ("why", "asked by phone")))).Must().Text.ShouldContain("ended on every node");
        (await omar.Opens("/desk")).Status.ShouldBe(302);
        (await admin.Opens("/console/sessions?lang=ar")).Must();
        (await admin.Opens("/console/sessions?country=Kuwait")).Must();
        (await (await world.Person("sean")).Opens("/console/sessions")).Status.ShouldBe(403);
        (await admin.Follows(await admin.Sends("/console/sessions", "/console/sessions/clean-up"))).Must().Text.ShouldContain("sessions closed that had run out");
    }

    private static DateTimeOffset End(string page, string which) =>
        DateTimeOffset.Parse(System.Net.WebUtility.HtmlDecode(Regex.Match(page, $"data-{which}=\"([^\"]+)\"", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups[1].Value), CultureInfo.InvariantCulture);
}
