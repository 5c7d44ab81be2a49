using System.Net;
using Guildhall.Marketplace;

namespace Guildhall.Tests.Web.Pages;

/// <summary>Of what is wrong in chats.</summary>
public sealed partial class BookingFormsTests
{
    [Fact, Covers("B-6", "A-3")]
    public async Task A_message_is_reported_by_form_decided_in_the_console_and_the_other_side_blocked_and_let_back()
    {
        var (layla, omar, ada) = (await world.Person("layla"), await world.Person("omar"), await world.Person("admin"));
        var booking = await Held(layla, later: true);
        await world.Gateway.Pays((await layla.Sends(booking, booking + "/pay")).Must(303).Headers["Location"].Split('/')[^1]);
        await Eventually.True(async () => (await layla.Opens(booking)).Text.Contains("Booked and paid", StringComparison.Ordinal), "The booking was not confirmed");
        (await omar.Sends("/desk" + booking, booking + "/messages", ("text", "Pay me <b>outside</b>"))).Must(303);
        var chat = new ChatId(await world.Database.Value<Guid>("select id from marketplace.chats where booking_id = $1", IdOf(booking).Value));
        var message = new MessageId(await world.Database.Value<Guid>("select id from marketplace.messages where chat_id = $1", chat.Value));

        (await layla.Opens($"/chats/{chat}")).Headers["Location"].ShouldEndWith($"{booking}#chat");
        (await layla.Opens(booking)).Text.ShouldContain($"href=\"/chats/{chat}/report?message={message}\"");
        var page = $"/chats/{chat}/report?message={message}";
        (await layla.Opens(page)).Must().Text.ShouldContain("Pay me &lt;b&gt;outside&lt;/b&gt;");
        WebUtility.HtmlDecode((await layla.Opens(page + "&lang=ar")).Must().Text).ShouldContain("حظر Omar Haddad");
        (await layla.Follows(await layla.Sends(page + "&lang=en", $"/chats/{chat}/report", ("reason", ""), ("words", "typed before")))).Text.ShouldContain("typed before");
        (await layla.Sends(page, $"/chats/{chat}/report", ("reason", "outside_payment"), ("words", "He <i>insists</i>"))).Must(303);
        (await ada.Opens($"/chats/{chat}/report")).Must(404);

        var report = $"/console/talk-reports/{new TalkReportId(await world.Database.Value<Guid>("select id from marketplace.talk_reports where message_id = $1", message.Value))}";
        (await ada.Opens("/console/talk-reports")).Must().Text.ShouldContain($"href=\"{report}\"");
        (await ada.Opens(report)).Must().Text.ShouldContain("He &lt;i&gt;insists&lt;/i&gt;");
        (await ada.Follows(await ada.Sends(report, report + "/decide", ("outcome", ""), ("why", "Hm hm")))).Text.ShouldContain("Choose what follows");
        (await ada.Follows(await ada.Sends(report, report + "/decide", ("outcome", "suspended"), ("why", "Paid outside.")))).Text.ShouldContain("Sells nothing new");
        (await ada.Follows(await ada.Sends(report, report + "/resume", ("reason", "He is sorry.")))).Text.ShouldContain("can be booked again");
        (await layla.Opens(report)).Must(403);

        (await layla.Sends(page, $"/chats/{chat}/block")).Must(303);
        (await layla.Opens(booking)).Text.ShouldContain("This chat is paused");
        (await omar.Opens("/desk" + booking)).Text.ShouldContain("This chat is paused");
        (await omar.Opens("/desk" + booking)).Text.ShouldNotContain("/lift");
        (await layla.Opens("/account/blocks")).Must().Text.ShouldContain("Omar Haddad");
        var block = new BlockId(await world.Database.Value<Guid>("select id from marketplace.person_blocks where lifted_at is null and chat_id = $1", chat.Value));
        (await layla.Follows(await layla.Sends("/account/blocks", $"/blocks/{block}/lift"))).Text.ShouldContain("Nobody is blocked");
        (await omar.Opens("/desk" + booking)).Text.ShouldNotContain("This chat is paused");
    }
    [Fact, Covers("B-7", "B-5", "marketplace-24")]
    public async Task A_call_has_a_page_for_both_sides_and_only_it_may_use_the_camera_and_a_service_is_sold_by_the_minute_by_form()
    {
        var (layla, omar) = (await world.Person("layla"), await world.Person("omar"));
        var added = (await omar.Follows(await omar.Sends("/desk/services/new", "/desk/services/new", ("name", "Advice by the minute"), ("description", "As long as you need."), ("kind", "consultation"), ("amount", "0.500"),
            ("currency", "KWD"), ("minutes", "20"), ("bufferMinutes", "0"), ("noticeMinutes", "0"), ("horizonDays", "60"), ("perMinute", "true"), ("active", "true")))).Text;
        added.ShouldContain("Advice by the minute");
        var service = $"/services/{new ServiceId(await world.Database.Value<Guid>("select id from marketplace.services where name = 'Advice by the minute'"))}";
        var sold = WebUtility.HtmlDecode((await layla.Opens(service)).Must().Text);
        sold.ShouldContain("a minute");
        sold.ShouldContain("for 20 minutes first");
        WebUtility.HtmlDecode((await layla.Opens(service + "?lang=ar")).Must().Text).ShouldContain("للدقيقة");
        (await layla.Opens("/?lang=en")).Must();

        var booking = await Held(layla, name: "Advice by the minute");
        await world.Gateway.Pays((await layla.Sends(booking, booking + "/pay")).Must(303).Headers["Location"].Split('/')[^1]);
        await Eventually.True(async () => (await layla.Opens(booking)).Text.Contains("Booked and paid", StringComparison.Ordinal), "The booking was not confirmed");
        (await layla.Opens(booking)).Text.ShouldNotContain($"{booking}/call");
        var early = (await layla.Opens(booking + "/call")).Must();
        early.Text.ShouldContain("You can call each other from");
        early.Headers["Permissions-Policy"].ShouldStartWith("camera=(self), microphone=(self)");
        (await layla.Opens(booking)).Headers["Permissions-Policy"].ShouldStartWith("camera=(), microphone=()");
        var start = new DateTimeOffset(await world.Database.Value<DateTime>("select starts_at from marketplace.bookings where id = $1", IdOf(booking).Value));
        await world.Clock.Passes(start - world.Clock.Now);
        (layla, omar, var sean) = (await world.Person("layla"), await world.Person("omar"), await world.Person("sean"));
        foreach (var (side, page) in new[] { (layla, booking), (omar, "/desk" + booking) })
        {
            (await side.Opens(page)).Must().Text.ShouldContain($"{booking}/call");
            (await side.Opens(booking + "/call")).Must().Text.ShouldContain("data-act=\"ring\"");
            WebUtility.HtmlDecode((await side.Opens(booking + "/call?lang=ar")).Must().Text).ShouldContain("اتصال");
            (await side.Opens("/?lang=en")).Must();
        }
        (await sean.Opens(booking + "/call")).Must(404);
        (await omar.Follows(await omar.Sends("/desk" + booking, $"/desk{booking}/complete"))).Text.ShouldContain("You were in no call with each other yet");
    }
}
