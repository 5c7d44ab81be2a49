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
}
