using System.Text.RegularExpressions;
using Guildhall.Marketplace;
using Guildhall.Money;

namespace Guildhall.Tests.Web.Pages;

public sealed partial class BookingFormsTests(PagesWorld world) : IClassFixture<PagesWorld>
{
    [Fact, Covers("B-4")]
    public async Task A_visitor_signs_in_first_and_finds_the_time_still_chosen()
    {
        var guest = world.Guest();
        var (service, start) = await FreeTime(guest);
        var answer = await guest.Sends(service, service + "/hold", ("start", start));
        var signIn = answer.Must(303).Headers["Location"];
        signIn.ShouldStartWith("/sign-in?returnUrl=%2Fservices%2F");
        var back = await guest.Sends(signIn, "/sign-in", ("email", "layla@example.test"), ("password", "guildhall-demo-2026"));
        (await guest.Follows(back)).Must().Text.ShouldContain($"value=\"{start}\" checked");
    }

    [Fact, Covers("B-4", "M-3")]
    public async Task Holding_twice_with_one_press_is_one_booking()
    {
        var sean = await world.Person("sean");
        var (service, start) = await FreeTime(sean);
        var form = await sean.Form(service, service + "/hold");
        form["start"] = start;
        var both = await Task.WhenAll(sean.Posts(service + "/hold", form), sean.Posts(service + "/hold", form));
        both[0].Must(303).Headers["Location"].ShouldBe(both[1].Must(303).Headers["Location"]);
        (await world.Database.Count("marketplace.bookings where id = $1", Booking(both[0]).Value)).ShouldBe(1);
    }

    [Fact, Covers("M-2", "M-3", "M-6", "B-4")]
    public async Task Paying_twice_with_one_press_is_one_payment_and_the_return_believes_nothing()
    {
        var layla = await world.Person("layla");
        var booking = await Held(layla);
        var form = await layla.Form(booking, booking + "/pay");
        var first = await layla.Posts(booking + "/pay", form);
        (await layla.Posts(booking + "/pay", form)).Must(303).Headers["Location"].ShouldBe(first.Must(303).Headers["Location"]);
        first.Headers["Location"].ShouldStartWith(world.Sandbox.Http.BaseAddress!.AbsoluteUri + "pay/cs_test_");
        var payment = await world.Database.Value<Guid>("select p.id from money.payments p join money.orders o on o.id = p.order_id where o.subject_id = $1", IdOf(booking).Value);
        var session = await world.Database.Value<string>("select gateway_ref from money.payments where id = $1", payment);

        // Somebody else's browser, or a cross-site POST without our cookie, says it is paid: nothing happens but a question.
        var returns = $"/return/stripe/{new PaymentId(payment)}";
        (await world.Guest().Posts(returns + "?status=paid", new Dictionary<string, string> { ["result"] = "success" })).Must(303).Headers["Location"].ShouldStartWith("/orders/ord_");
        var order = (await (await world.Person("sean")).Opens(returns)).Must(303).Headers["Location"];
        (await (await world.Person("sean")).Opens(order)).Must(404); // and not whose, or what for
        (await layla.Opens(booking)).Text.ShouldContain("Your payment is not finished");
        (await layla.Opens(booking + "?returned=true")).Text.ShouldContain("<noscript><meta http-equiv=\"refresh\""); // without script the page asks for itself

        await world.Gateway.Pays(session);
        var page = await Eventually.Get(async () => await layla.Follows(await layla.Opens(returns)), a => a.Text.Contains("Booked and paid", StringComparison.Ordinal), "The page did not say that it is paid");
        page.Text.ShouldContain("Chat with Omar Haddad");
        (await world.Database.Count("money.payments p join money.orders o on o.id = p.order_id where o.subject_id = $1", IdOf(booking).Value)).ShouldBe(1);
    }

    [Fact, Covers("M-2")]
    public async Task Starting_over_closes_the_first_page_and_pays_by_another()
    {
        var layla = await world.Person("layla");
        var booking = await Held(layla);
        var first = (await layla.Sends(booking, booking + "/pay")).Must(303).Headers["Location"];
        (await layla.Opens(booking)).Text.ShouldContain(first);
        (await layla.Sends(booking, booking + "/start-over")).Must(303);
        var second = (await layla.Sends(booking, booking + "/pay")).Must(303).Headers["Location"];
        second.ShouldNotBe(first);
        await Releases(layla, booking);
    }

    [Fact]
    public async Task Somebody_elses_booking_is_not_there()
    {
        var booking = await Held(await world.Person("layla"));
        var sean = await world.Person("sean");
        (await sean.Opens(booking)).Must(404).Text.ShouldContain(MarketplaceRefusals.BookingNotFound.Sentence);
        (await sean.Opens(booking + "/cancel")).Must(404);
        (await sean.Opens("/desk" + booking)).Must(404);
        var form = await sean.Form("/account", "/account");
        form["idempotencyKey"] = Guid.NewGuid().ToString("n");
        foreach (var act in (string[])["/pay", "/start-over", "/cancel", "/messages"]) (await sean.Posts(booking + act, form)).Must(404);
        (await sean.Posts($"/desk{booking}/complete", form)).Must(404);
    }

    [Fact, Covers("M-3")]
    public async Task A_form_that_moves_money_without_its_key_is_refused()
    {
        var layla = await world.Person("layla");
        var booking = await Held(layla);
        var form = await layla.Form(booking, booking + "/pay");
        form.Remove("idempotencyKey");
        (await layla.Posts(booking + "/pay", form)).Must(400);
        await Releases(layla, booking);
    }

    [Fact, Covers("M-8", "B-4", "B-6")]
    public async Task Cancelling_does_what_the_preview_said()
    {
        var layla = await world.Person("layla");
        var booking = await Held(layla, later: true);
        var session = (await layla.Sends(booking, booking + "/pay")).Must(303).Headers["Location"].Split('/')[^1];
        await world.Gateway.Pays(session);
        await Eventually.True(async () => (await layla.Opens(booking)).Text.Contains("Booked and paid", StringComparison.Ordinal), "The booking was not confirmed");
        (await layla.Sends(booking, booking + "/messages", ("text", "Hello <b>Omar</b>"))).Must(303);
        (await layla.Opens(booking)).Text.ShouldContain("Hello &lt;b&gt;Omar&lt;/b&gt;");

        (await layla.Opens(booking + "/cancel")).Must().Text.ShouldContain("Cancel and refund 7.500");
        var stale = await layla.Form(booking + "/cancel", booking + "/cancel");
        stale["seenRefundMinor"] = "1";
        (await layla.Follows(await layla.Posts(booking + "/cancel", stale))).Text.ShouldContain(MarketplaceRefusals.CancellationTermsChanged.Sentence);
        var done = await layla.Sends(booking + "/cancel", booking + "/cancel", ("reason", "I am ill"));
        var page = (await layla.Follows(done.Must(303))).Text;
        page.ShouldContain("goes back to the card");
        page.ShouldContain("This chat is closed");
        page.ShouldContain("I am ill");
    }

    [Fact, Covers("B-4", "B-11")]
    public async Task A_booking_is_moved_on_its_page_by_both_sides_and_the_customer_answers()
    {
        var (layla, omar) = (await world.Person("layla"), await world.Person("omar"));
        var booking = await Held(layla, later: true);
        await world.Gateway.Pays((await layla.Sends(booking, booking + "/pay")).Must(303).Headers["Location"].Split('/')[^1]);
        await Eventually.True(async () => (await layla.Opens(booking)).Text.Contains("Booked and paid", StringComparison.Ordinal), "The booking was not confirmed");

        var page = $"{booking}/move?from={world.Clock.Now.AddDays(16):yyyy-MM-dd}";
        (await layla.Sends(page, booking + "/move")).Must(303).Headers["Location"].ShouldBe(booking + "/move");
        var stale = await layla.Form(page, booking + "/move");
        stale["start"] = Starts().Match((await layla.Opens(page)).Text).Groups[1].Value;
        var moved = await layla.Follows((await layla.Posts(booking + "/move", stale)).Must(303));
        moved.Text.ShouldContain("Moved to ");
        moved.Text.ShouldContain("Moved from ");
        stale["idempotencyKey"] = Guid.NewGuid().ToString("n");
        (await layla.Follows((await layla.Posts(booking + "/move", stale)).Must(303))).Text.ShouldContain(MarketplaceRefusals.BookingChanged.Sentence);

        var desk = $"/desk{booking}/move?from={world.Clock.Now.AddDays(9):yyyy-MM-dd}";
        var other = Starts().Match((await omar.Opens(desk)).Must().Text).Groups[1].Value;
        (await omar.Follows(await omar.Sends(desk, $"/desk{booking}/move", ("start", other), ("reason", "A <b>hearing</b>")))).Text.ShouldContain("has not agreed to the new time yet");
        var asked = (await layla.Opens(booking)).Text;
        asked.ShouldContain("Omar Haddad moved this booking");
        asked.ShouldContain("A &lt;b&gt;hearing&lt;/b&gt;");
        (await layla.Opens(booking + "/cancel")).Text.ShouldContain("Cancel and refund 7.500");
        System.Net.WebUtility.HtmlDecode((await layla.Opens(booking + "?lang=ar")).Must().Text).ShouldContain("هذا الموعد يناسبني");
        (await layla.Opens(booking + "/move?lang=en")).Must();
        (await layla.Follows((await layla.Sends(booking, booking + "/accept-move")).Must(303))).Text.ShouldContain("Agreed to the new time");
        (await (await world.Person("sean")).Opens(booking + "/move")).Must(404);
    }

    [Fact, Covers("B-4", "A-3", "marketplace-21")]
    public async Task Who_did_not_come_is_said_and_answered_on_the_booking_and_decided_in_the_console()
    {
        var layla = await world.Person("layla");
        var booking = await Held(layla, later: true);
        await world.Gateway.Pays((await layla.Sends(booking, booking + "/pay")).Must(303).Headers["Location"].Split('/')[^1]);
        await Eventually.True(async () => (await layla.Opens(booking)).Text.Contains("Booked and paid", StringComparison.Ordinal), "The booking was not confirmed");
        var start = new DateTimeOffset(await world.Database.Value<DateTime>("select starts_at from marketplace.bookings where id = $1", IdOf(booking).Value));
        await world.Clock.Passes(start.AddMinutes(20) - world.Clock.Now);
        (layla, var omar, var ada) = (await world.Person("layla"), await world.Person("omar"), await world.Person("admin"));

        (await omar.Follows(await omar.Sends("/desk" + booking, $"/desk{booking}/absence", ("note", "Nobody <b>came</b>")))).Text.ShouldContain("You said that Layla Al-Sayed did not come");
        var asked = (await layla.Opens(booking)).Text;
        asked.ShouldContain("Nobody &lt;b&gt;came&lt;/b&gt;");
        asked.ShouldNotContain(booking + "/cancel\"");
        (await layla.Opens(booking + "?lang=ar")).Must();
        (await layla.Follows(await layla.Sends(booking + "?lang=en", booking + "/absence/answer", ("answer", "disagree"), ("note", "I was")))).Text.ShouldContain("Waits for a decision");

        var id = new AbsenceId(await world.Database.Value<Guid>("select id from marketplace.absences where booking_id = $1", IdOf(booking).Value));
        var page = $"/console/absences/{id}";
        (await ada.Opens("/console/absences")).Must().Text.ShouldContain($"href=\"{page}\"");
        (await ada.Opens(page)).Must().Text.ShouldContain("Not true, was there.");
        (await ada.Follows(await ada.Sends(page, page + "/decide", ("outcome", ""), ("why", "Hm hm")))).Text.ShouldContain("Choose what happened");
        (await ada.Follows(await ada.Sends(page, page + "/decide", ("outcome", "provider_absent"), ("why", "The chat shows it.")))).Text.ShouldContain("Settled");
        var ended = (await layla.Opens(booking)).Text;
        ended.ShouldContain("The provider did not come");
        ended.ShouldContain("The chat shows it.");
        (await layla.Opens(page)).Must(403);
    }

    [Fact, Covers("B-6", "A-3", "marketplace-28")]
    public async Task A_note_goes_with_the_hold_its_author_objects_to_what_is_hidden_and_staff_decide_in_the_console()
    {
        var (layla, omar, ada) = (await world.Person("layla"), await world.Person("omar"), await world.Person("admin"));
        var (service, start) = await FreeTime(layla, later: true);
        var booking = (await layla.Sends(service, service + "/hold", ("start", start), ("note", "The <b>meter</b> reads 00451290"))).Must(303).Headers["Location"];
        var mine = (await layla.Opens(booking)).Text;
        mine.ShouldContain("The &lt;b&gt;meter&lt;/b&gt; reads 00451290");
        mine.ShouldContain("Omar Haddad does not see this before it is paid:");
        (await layla.Opens(booking + "?lang=ar")).Must();
        var theirs = (await omar.Opens("/desk" + booking)).Must().Text;
        theirs.ShouldNotContain("00451290");
        System.Net.WebUtility.HtmlDecode(theirs).ShouldContain("reads •••");
        theirs.ShouldContain("Hidden until it is paid: a phone number.");

        (await layla.Follows(await layla.Sends(booking + "?lang=en", booking + "/mask-appeal", ("text", "note"), ("words", "A <b>reading</b>")))).Text.ShouldContain("Waits for a decision");
        var page = $"/console/mask-appeals/{new MaskAppealId(await world.Database.Value<Guid>("select id from marketplace.mask_appeals where subject_id = $1", IdOf(booking).Value))}";
        (await ada.Opens("/console/mask-appeals")).Must().Text.ShouldContain($"href=\"{page}\"");
        (await ada.Opens(page)).Must().Text.ShouldContain("A &lt;b&gt;reading&lt;/b&gt;");
        (await ada.Follows(await ada.Sends(page, page + "/decide", ("decision", ""), ("why", "Hm hm")))).Text.ShouldContain("Choose what it is");
        (await ada.Follows(await ada.Sends(page, page + "/decide", ("decision", "grant"), ("why", "A meter, no phone.")))).Text.ShouldContain("Shown as written");
        (await omar.Opens("/desk" + booking)).Text.ShouldContain("reads 00451290");
        (await layla.Opens(page)).Must(403);
        await Releases(layla, booking);
    }

    private async Task<string> Held(Guest guest, bool later = false, string name = "Quick legal question")
    {
        var (service, start) = await FreeTime(guest, later, name);
        return (await guest.Sends(service, service + "/hold", ("start", start))).Must(303).Headers["Location"];
    }

    // Open holds are few: a test that leaves one gives it back.
    private static async Task Releases(Guest guest, string booking) => (await guest.Sends(booking + "/cancel", booking + "/cancel")).Must(303);

    private async Task<(string Service, string Start)> FreeTime(Guest guest, bool later = false, string name = "Quick legal question")
    {
        var id = await world.Database.Value<Guid>("select id from marketplace.services where name = $1", name);
        var service = $"/services/{new ServiceId(id)}";
        var page = later ? $"{service}?from={world.Clock.Now.AddDays(8):yyyy-MM-dd}" : service;
        var free = Starts().Matches((await guest.Opens(page)).Must().Text).Select(m => m.Groups[1].Value).ToList();
        return (service, free[Random.Shared.Next(free.Count)]);
    }

    private static BookingId IdOf(string path) => Id.TryParse<BookingId>(path.Split('/')[^1], out var id) ? id : throw new FormatException(path);

    private static BookingId Booking(Answer answer) => IdOf(answer.Headers["Location"]);

    [GeneratedRegex("name=\"start\" value=\"([^\"]+)\"", RegexOptions.None, 1000)]
    private static partial Regex Starts();
}
