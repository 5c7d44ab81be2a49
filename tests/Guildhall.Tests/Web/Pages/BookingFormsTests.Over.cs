using System.Net;
using Guildhall.Marketplace;

namespace Guildhall.Tests.Web.Pages;

/// <summary>Of bookings that are over.</summary>
public sealed partial class BookingFormsTests
{
    [Fact, Covers("B-9", "A-3", "marketplace-49")]
    public async Task A_completed_booking_is_reviewed_by_form_from_both_sides_shown_in_public_answered_and_hidden_by_staff()
    {
        var layla = await world.Person("layla");
        var booking = await Held(layla, later: true);
        await world.Gateway.Pays((await layla.Sends(booking, booking + "/pay")).Must(303).Headers["Location"].Split('/')[^1]);
        await Eventually.True(async () => (await layla.Opens(booking)).Text.Contains("Booked and paid", StringComparison.Ordinal), "The booking was not confirmed");
        var start = new DateTimeOffset(await world.Database.Value<DateTime>("select starts_at from marketplace.bookings where id = $1", IdOf(booking).Value));
        await world.Clock.Passes(start.AddMinutes(20) - world.Clock.Now);
        (layla, var omar, var ada) = (await world.Person("layla"), await world.Person("omar"), await world.Person("admin"));
        var desk = "/desk" + booking;
        (await omar.Follows(await omar.Sends(desk, desk + "/complete"))).Must();

        const string Words = "Clear & quick <script>alert(1)</script>";
        (await layla.Follows(await layla.Sends(booking, booking + "/review", ("text", Words)))).Text.ShouldContain("Clear &amp; quick &lt;script&gt;"); // no stars: typed words stay
        (await layla.Follows(await layla.Sends(booking, booking + "/review", ("rating", "4"), ("text", Words)))).Text.ShouldContain("Change review");
        WebUtility.HtmlDecode((await layla.Opens(booking + "?lang=ar")).Must().Text).ShouldContain("عدّل التقييم");
        (await omar.Opens(desk)).Text.ShouldNotContain("Clear &amp; quick");
        var answered = (await omar.Follows(await omar.Sends(desk, desk + "/review", ("rating", "5")))).Text;
        answered.ShouldContain("Clear &amp; quick &lt;script&gt;");
        (await omar.Follows(await omar.Sends(desk, desk + "/review/reply", ("reply", "Thank you, <b>Layla</b>")))).Text.ShouldContain("Thank you, &lt;b&gt;Layla&lt;/b&gt;");
        (await layla.Opens(booking + "?lang=en")).Text.ShouldContain("Omar Haddad about you");

        var provider = $"/providers/{new ProviderId(await world.Database.Value<Guid>("select provider_id from marketplace.bookings where id = $1", IdOf(booking).Value))}";
        var shown = (await world.Guest().Opens(provider)).Must().Text;
        foreach (var said in new[] { "4.00 ★", "1 review", "<svg viewBox=\"0 0 1000 100\"", "Clear &amp; quick &lt;script&gt;", "Thank you, &lt;b&gt;" }) shown.ShouldContain(said);
        shown.ShouldNotContain("Al-Sayed");
        WebUtility.HtmlDecode((await world.Guest().Opens(provider + "?lang=ar")).Must().Text).ShouldContain("تقييم واحد");
        var review = $"/console/reviews/{new ReviewId(await world.Database.Value<Guid>("select id from marketplace.reviews where booking_id = $1 and author = 'customer'", IdOf(booking).Value))}";
        (await ada.Opens("/console/reviews")).Must().Text.ShouldContain($"href=\"{review}\"");
        (await ada.Follows(await ada.Sends(review, review + "/hide", ("rule", ""), ("why", "Hm hm")))).Text.ShouldContain("Choose what is wrong");
        (await ada.Follows(await ada.Sends(review, review + "/hide", ("rule", "words"), ("why", "Script in it.")))).Text.ShouldContain("Words hidden");
        (await world.Guest().Opens(provider)).Text.ShouldContain("Our staff hid the words");
        (await layla.Opens(booking)).Text.ShouldContain("Script in it.");
        (await layla.Opens(review)).Must(403);
    }

    [Fact, Covers("B-4")]
    public async Task A_booking_that_is_over_is_booked_again_with_one_press()
    {
        var sean = await world.Person("sean");
        var over = await Held(sean, later: true);
        await Releases(sean, over);
        var service = $"/services/{new ServiceId(await world.Database.Value<Guid>("select service_id from marketplace.bookings where id = $1", IdOf(over).Value))}";
        (await sean.Opens(over)).Text.ShouldContain("Book it again");
        var again = (await sean.Sends(over, service + "/hold")).Must(303).Headers["Location"];
        again.ShouldStartWith("/bookings/bkg_");
        (await world.Database.Count("marketplace.bookings a join marketplace.bookings b on b.service_id = a.service_id and b.wall_time::time = a.wall_time::time and b.state = 'held' where a.id = $1 and b.id = $2",
            IdOf(over).Value, IdOf(again).Value)).ShouldBe(1);
        (await sean.Opens(over + "?lang=ar")).Must();
        await Releases(sean, again);
    }
}
