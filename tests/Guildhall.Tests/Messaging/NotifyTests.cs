using Guildhall.Messaging;

namespace Guildhall.Tests.Messaging;

public sealed class NotifyTests(ActingWorld world) : IClassFixture<ActingWorld>
{
    private static readonly Dictionary<string, string> Booking = new(StringComparer.Ordinal)
    {
        ["service"] = "Tax advice <b>", ["when"] = "Sat 21 Nov 2026, 18:30 (Asia/Kuwait)", ["amount"] = "12.500 KWD", ["link"] = "/bookings/bkg_1",
    };

    [Fact, Covers("N-1", "N-5")]
    public async Task A_notice_is_in_the_inbox_and_in_the_mailbox()
    {
        var layla = await Person("layla", "Layla Haddad", "en");
        await Tell(layla, "booking_confirmed_customer", Booking);

        var inbox = (await layla.Get("inbox")).Must();
        inbox.At("unread").GetInt64().ShouldBe(1);
        inbox.Word("items.0.title").ShouldBe("Booked: Tax advice <b>");
        inbox.Word("items.0.link").ShouldBe("/bookings/bkg_1");
        inbox.Word("items.0.text").ShouldContain("Layla Haddad");
        var mail = await Mail(layla);
        mail.GetProperty("subject").GetString().ShouldBe("Booked: Tax advice <b>");
        mail.GetProperty("text").GetString()!.ShouldContain("/bookings/bkg_1");
        mail.GetProperty("html").GetString()!.ShouldContain("<bdi>Tax advice &lt;b&gt;</bdi>");
        (await State(layla)).ShouldBe("sent");
    }

    [Fact, Covers("N-2")]
    public async Task A_person_who_reads_Arabic_gets_it_right_to_left_with_names_isolated()
    {
        var noura = await Person("noura", "نورة", "ar-KW");
        await Tell(noura, "booking_confirmed_customer", Booking);

        var mail = await Mail(noura);
        mail.GetProperty("subject").GetString()!.ShouldStartWith("تم الحجز");
        mail.GetProperty("html").GetString()!.ShouldContain("dir=\"rtl\"");
        mail.GetProperty("text").GetString()!.ShouldContain("\u206812.500 KWD\u2069");
        (await noura.Get("inbox")).Must().Word("items.0.title").ShouldStartWith("تم الحجز");
    }

    [Fact]
    public async Task The_same_unique_key_tells_once()
    {
        var omar = await Person("omar", "Omar", "en");
        for (var i = 0; i < 3; i++) await Tell(omar, "booking_confirmed_customer", Booking, "booking-1");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => world.Data(i % 2).InTransaction(tx => Notify.Person(tx, omar.Account, "booking_confirmed_customer", Booking, "booking-2"))));

        await Mail(omar);
        await world.JobsAreDone();
        (await world.Gateway.MailTo(Address("omar"))).Count.ShouldBe(2);
        (await omar.Get("inbox")).Must().At("unread").GetInt64().ShouldBe(2);
    }

    [Fact]
    public async Task What_is_rolled_back_was_never_said()
    {
        var sara = await Person("sara", "Sara", "en");
        await Should.ThrowAsync<InvalidOperationException>(() => world.Data().InTransaction(async tx =>
        {
            await Notify.Person(tx, sara.Account, "new_message", new Dictionary<string, string>(StringComparer.Ordinal) { ["link"] = "/" });
            await tx.Flush();
            throw new InvalidOperationException("changed its mind");
        }));

        (await sara.Get("inbox")).Must().At("unread").GetInt64().ShouldBe(0);
        (await world.Database.Count("messaging.deliveries where person_id = $1", sara.Account)).ShouldBe(0);
    }

    [Fact]
    public async Task A_code_is_mailed_but_kept_neither_in_the_inbox_nor_readable_in_the_database()
    {
        var ravi = await Person("ravi", "Ravi", "en");
        await Tell(ravi, "email_verification", new Dictionary<string, string>(StringComparer.Ordinal) { ["link"] = "/verify-email", ["code"] = "481516" });

        (await Mail(ravi)).GetProperty("text").GetString()!.ShouldContain("481516");
        (await ravi.Get("inbox")).Must().At("items").GetArrayLength().ShouldBe(0);
        await world.JobsAreDone();
        (await world.Database.Count("messaging.deliveries where person_id = $1 and secrets is null and notice_id is null", ravi.Account)).ShouldBe(1);
    }

    [Fact, Covers("asvs-1.3.11")]
    public async Task A_name_with_line_breaks_adds_no_header()
    {
        var eve = await Person("eve", "Eve\r\nBcc: everyone@example.test\r\n\r\nHello", "en");
        await Tell(eve, "booking_confirmed_customer", new Dictionary<string, string>(Booking, StringComparer.Ordinal) { ["service"] = "Advice\r\nBcc: everyone@example.test" });

        (await Mail(eve)).GetProperty("subject").GetString()!.ShouldStartWith("Booked: Advice");
        (await world.Gateway.MailTo("everyone@example.test")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_missing_fact_and_an_unknown_template_are_mistakes_of_the_caller()
    {
        var nobody = Guid.CreateVersion7();
        var none = new Dictionary<string, string>(StringComparer.Ordinal);
        await Should.ThrowAsync<ArgumentException>(() => world.Data().InTransaction(tx => Notify.Person(tx, nobody, "booking_confirmed_customer", none)));
        await Should.ThrowAsync<ArgumentException>(() => world.Data().InTransaction(tx => Notify.Person(tx, nobody, "no_such_template", Booking)));
    }

    [Fact, Covers("N-3")]
    public async Task The_log_says_that_there_was_no_address()
    {
        var stranger = world.Actor();
        await Tell(stranger, "new_message", new Dictionary<string, string>(StringComparer.Ordinal) { ["link"] = "/" });

        await world.EventuallyOr("The delivery did not fail.", async () => await State(stranger) is "failed");
        (await world.Database.Value<string>("select reason from messaging.deliveries where person_id = $1", stranger.Account)).ShouldBe("RECIPIENT_UNKNOWN");
    }

    private async Task<Actor> Person(string name, string displayName, string language)
    {
        var actor = world.Actor();
        await world.Data().InTransaction(tx => Recipients.Put(tx, actor.Account, Address(name), displayName, language, "Asia/Kuwait"));
        _names[actor.Account] = name;
        return actor;
    }

    private readonly Dictionary<Guid, string> _names = [];
    private static string Address(string name) => $"{name}@notify.test";
    private Task Tell(Actor person, string template, IReadOnlyDictionary<string, string> facts, string? key = null) =>
        world.Data().InTransaction(tx => Notify.Person(tx, person.Account, template, facts, key));

    private async Task<System.Text.Json.JsonElement> Mail(Actor person) =>
        (await Eventually.Get(() => world.Gateway.MailTo(Address(_names[person.Account])), mails => mails.Count > 0, "No mail came"))[0];

    private async Task<string> State(Actor person)
    {
        await world.JobsAreDone();
        return await world.Database.Value<string>("select state from messaging.deliveries where person_id = $1", person.Account);
    }
}
