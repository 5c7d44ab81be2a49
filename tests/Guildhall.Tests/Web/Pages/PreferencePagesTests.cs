using System.Text.RegularExpressions;
using Guildhall.Messaging;

namespace Guildhall.Tests.Web.Pages;

/// <summary>The notifications page, and the link in mails that stops them.</summary>
[Covers("N-1", "N-3")]
public sealed partial class PreferencePagesTests(PagesWorld world) : IClassFixture<PagesWorld>
{
    private static readonly Dictionary<string, string> Facts = new(StringComparer.Ordinal) { ["link"] = "/inbox", ["number"] = "RCP-1", ["amount"] = "12.500 KWD" };

    [Fact]
    public async Task A_person_chooses_by_switches_and_the_page_says_what_stays_on_and_why()
    {
        var layla = await world.Person("layla");
        var page = (await layla.Opens("/account/notifications")).Must().Text;
        Switch(page, "security-email").ShouldContain("disabled");
        Switch(page, "messages-email").ShouldContain("checked");
        Switch(page, "messages-email").ShouldContain("aria-label=\"Messages from people: E-mail\"");
        page.ShouldContain("you would not notice somebody else in your account");
        page.ShouldNotContain("work-email");

        (string, string)[] chosen = [("messages-inbox", "on"), ("messages-push", "on"), ("bookings-email", "on"), ("quiet", "true"), ("from", "21:30"), ("until", "06:15")];
        var saved = await layla.Follows(await layla.Sends("/account/notifications", "/account/notifications", chosen));
        saved.Must().Text.ShouldContain("It counts from now on");
        Switch(saved.Text, "messages-email").ShouldNotContain("checked");
        Switch(saved.Text, "bookings-email").ShouldContain("checked");
        Switch(saved.Text, "bookings-push").ShouldNotContain("checked");
        saved.Text.ShouldContain("value=\"21:30\"");
        (await layla.Follows(await layla.Sends("/account/notifications", "/account/notifications", ("quiet", "true"), ("from", "06:00"), ("until", "06:00")))).Text.ShouldContain("Quiet hours begin and end at different times");

        (await layla.Sends("/account", "/account", ("displayName", "Layla"), ("language", "ar"), ("zone", "Asia/Kuwait"), ("theme", "auto"))).Must(303);
        var arabic = (await layla.Opens("/account/notifications")).Must().Text;
        arabic.ShouldContain("dir=\"rtl\"");
        System.Net.WebUtility.HtmlDecode(arabic).ShouldContain("الأمان: البريد");
    }

    [Fact]
    [Covers("marketplace-36")]
    public async Task One_click_without_a_cookie_stops_that_kind_by_e_mail_and_opening_the_link_does_not()
    {
        var (person, address) = await Somebody();
        var mail = await Mail(person, address, "new_message", 1);
        var link = Header(mail, "list-unsubscribe")!;
        link.ShouldStartWith("<http");
        Header(mail, "list-unsubscribe-post").ShouldBe("List-Unsubscribe=One-Click");
        var path = new Uri(link.Trim('<', '>')).AbsolutePath;
        mail.GetProperty("text").GetString()!.ShouldContain(path);
        mail.GetProperty("html").GetString()!.ShouldContain(path);
        (path + mail).ShouldNotContain(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(address)));
        path.ShouldNotContain(person.ToString("n"));

        var stranger = world.Guest();
        for (var i = 0; i < 3; i++) (await stranger.Opens(path)).Must().Text.ShouldContain("Stop these e-mails");
        (await world.Visitor().Post(path)).MustRefuse(FoundationRefusals.InvalidInput);
        (await world.Visitor().Send(HttpMethod.Post, path, new FormUrlEncodedContent([new("anything", "else")]))).MustRefuse(FoundationRefusals.InvalidInput);
        (await Off(person)).ShouldBe(0);
        (await stranger.Opens(path)).Text.ShouldNotContain(address);

        (await OneClick(path)).Must().Text.ShouldBe("Done.");
        (await OneClick(path)).Must();
        (await Off(person)).ShouldBe(1);
        (await world.Database.Count("foundation.audit where action = 'notification_preferences.unsubscribed' and subject_id = $1", Id.Format("acc", person))).ShouldBe(1);
        await Tell(person, "new_message", "receipt_issued");
        (await world.Database.Column<string>("select concat_ws(' ', template, state, reason) from messaging.deliveries where person_id = $1 order by id", person))
            .ShouldBe(["new_message sent", "new_message suppressed SWITCHED_OFF", "receipt_issued sent"], ignoreOrder: true);
        Header(await Newest(address), "list-unsubscribe").ShouldBeNull();
    }

    [Fact]
    [Covers("marketplace-36")]
    public async Task A_forged_or_old_link_does_nothing_and_the_page_of_a_good_one_does()
    {
        var (person, address) = await Somebody();
        var path = new Uri(Header(await Mail(person, address, "new_message", 1), "list-unsubscribe")!.Trim('<', '>')).AbsolutePath;
        var (victim, other) = await Somebody();
        var theirs = new Uri(Header(await Mail(victim, other, "new_message", 1), "list-unsubscribe")!.Trim('<', '>')).AbsolutePath;
        var start = "/unsubscribe/".Length;
        foreach (var forged in new[] { path[..^1] + (path[^1] is 'A' ? 'B' : 'A'), path[..start] + theirs[start..(start + 21)] + path[(start + 21)..], path + "A", path[..start] + new string('A', 43), path[..start] + "nothing" })
        {
            (await OneClick(forged)).Must(404);
            (await world.Guest().Opens(forged)).Must(404);
        }
        (await Off(person) + await Off(victim)).ShouldBe(0);

        var done = await world.Guest().Sends(path, "/unsubscribe");
        done.Must(303);
        (await Off(person)).ShouldBe(1);

        await world.Clock.Passes(91.Days());
        (await OneClick(theirs)).MustRefuse(MessagingRefusals.UnsubscribeLinkInvalid);
        (await Off(victim)).ShouldBe(0);
    }

    private Task<Answer> OneClick(string path) => world.Visitor().Send(HttpMethod.Post, path, new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]));

    private Task<long> Off(Guid person) => world.Database.Count("messaging.preferences where person_id = $1 and category = 'messages' and channel = 'email' and not wanted", person);

    private async Task<(Guid Person, string Address)> Somebody()
    {
        var person = Guid.CreateVersion7();
        var address = $"{person:n}@mail.test";
        await world.Data().InTransaction(tx => Recipients.Put(tx, person, address, "Somebody", "en", "UTC"));
        return (person, address);
    }

    private async Task Tell(Guid person, params string[] templates)
    {
        await world.Data().InTransaction(async tx => { foreach (var template in templates) await Notify.Person(tx, person, template, Facts); });
        await world.JobsAreDone();
    }

    private async Task<System.Text.Json.JsonElement> Mail(Guid person, string address, string template, int count)
    {
        await Tell(person, template);
        (await world.Gateway.MailTo(address)).Count.ShouldBe(count);
        return await Newest(address);
    }

    private async Task<System.Text.Json.JsonElement> Newest(string address) => (await world.Gateway.MailTo(address))[0];

    private static string? Header(System.Text.Json.JsonElement mail, string name) => mail.GetProperty("headers").TryGetProperty(name, out var value) ? value.GetString() : null;

    private static string Switch(string page, string name) => Switches().Matches(page).Select(m => m.Value).Single(s => s.Contains($"name=\"{name}\"", StringComparison.Ordinal));

    [GeneratedRegex("<input class=\"switch\"[^>]*>", RegexOptions.None, 1000)]
    private static partial Regex Switches();
}
