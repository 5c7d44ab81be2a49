using System.Globalization;
using System.Text.Json;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Messaging;
using Guildhall.Tests.Messaging.Push;

namespace Guildhall.Tests.Messaging.Preferences;

[Covers("N-1", "N-3")]
public sealed class PreferencesTests(PushWorld world) : IClassFixture<PushWorld>
{
    private static readonly Dictionary<string, string> Facts = new(StringComparer.Ordinal)
    {
        ["link"] = "/inbox", ["service"] = "Tax advice", ["when"] = "Sat 21 Nov 2026, 18:30", ["reason"] = "ill", ["amount"] = "12.500 KWD", ["number"] = "INV-1",
    };

    [Fact]
    public async Task What_is_switched_off_is_not_sent_and_the_log_says_so_and_what_must_come_stays_on()
    {
        var (person, token) = await WithDevice();
        var kinds = (await person.Get("me/notification-preferences")).Must().At("categories").EnumerateArray().ToDictionary(k => k.GetProperty("category").GetString()!);
        kinds.Keys.ShouldBe(["security", "payments", "account", "bookings", "messages"]);
        kinds["security"].GetProperty("mandatory").GetBoolean().ShouldBeTrue();
        kinds["security"].GetProperty("why").GetString()!.ShouldContain("would not notice");
        kinds["messages"].GetProperty("channels").EnumerateArray().Select(c => $"{c.GetProperty("channel")} {c.GetProperty("on")} {c.GetProperty("canChange")}").ShouldBe(["inbox True True", "email True True", "push True True"]);

        await Wishes(person, ("messages", "email", false), ("messages", "inbox", false), ("bookings", "push", false));
        await Tell(person, "new_message");
        (await Log(person, "email", "new_message")).ShouldBe(["suppressed SWITCHED_OFF"]);
        (await world.Gateway.MailTo(person.Email)).ShouldBeEmpty();
        (await person.Get("inbox")).Must().At("unread").GetInt64().ShouldBe(0);
        (await person.Get("inbox")).Must().At("items").GetArrayLength().ShouldBe(0);
        (await world.PushesTo(token)).Count.ShouldBe(1);

        await Tell(person, "booking_cancelled", "receipt_issued");
        (await Log(person, "email", "booking_cancelled")).ShouldBe(["sent smtp"]);
        (await Log(person, "push", "booking_cancelled")).ShouldBe(["suppressed SWITCHED_OFF"]);
        (await Log(person, "email", "receipt_issued")).ShouldBe(["sent smtp"]);
        (await person.Get("inbox")).Must().At("unread").GetInt64().ShouldBe(2);

        // All of it at once: what is not named is as at first.
        await Wishes(person);
        await Tell(person, "new_message");
        (await Log(person, "email", "new_message")).ShouldBe(["suppressed SWITCHED_OFF", "sent smtp"]);
        (await world.Database.Count("foundation.audit where action = 'notification_preferences.changed' and subject_id = $1", Id.Format("acc", person.Id))).ShouldBe(2);
    }

    [Fact]
    public async Task What_must_come_cannot_be_switched_off_and_nonsense_is_refused()
    {
        var person = await world.Person();
        foreach (var (category, channel) in new[] { ("security", "email"), ("security", "push"), ("payments", "email"), ("account", "inbox"), ("bookings", "inbox") })
            (await Put(person, null, (category, channel, false))).MustRefuse(MessagingRefusals.PreferenceMandatory);
        (await Put(person, null, ("messages", "email", false), ("messages", "email", true))).MustRefuse(MessagingRefusals.PreferencesInvalid);
        (await Put(person, null, ("gossip", "email", false))).Must(400);
        foreach (var (from, until) in new[] { ("22:00", "22:00"), ("25:00", "07:00"), ("evening", "07:00"), ("22:00:00", "07:00") })
            (await Put(person, new { from, until })).MustRefuse(MessagingRefusals.QuietHoursInvalid);
        (await world.Visitor().Get("me/notification-preferences")).Must(401);
        (await world.Database.Count("messaging.preferences where person_id = $1", person.Id)).ShouldBe(0);
    }

    [Fact]
    [Covers("marketplace-36")]
    public async Task Whoever_switches_off_while_it_is_queued_does_not_get_it()
    {
        var person = await world.Person();
        await Quiet(person, -60, 100);
        await Tell(person, "new_message");
        (await Log(person, "email", "new_message")).ShouldBe(["queued QUIET_HOURS"]);
        await using (var gate = await Gate.Close(world.Database, "select 1 from messaging.deliveries where person_id = $1 for update", person.Id))
        {
            await person.Waits(101.Minutes());
            await Eventually.True(async () => await gate.Waiting() >= 1, "Nobody is about to send it.");
            await Wishes(person, ("messages", "email", false));
            await gate.Open();
        }
        await world.JobsAreDone();
        (await Log(person, "email", "new_message")).ShouldBe(["queued QUIET_HOURS", "suppressed SWITCHED_OFF"]);
        (await world.Gateway.MailTo(person.Email)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_has_a_number_may_want_a_kind_of_news_as_a_text_message()
    {
        var person = await world.Person();
        var number = await person.Confirms();
        var before = (await world.TextsTo(number)).Count;
        await Tell(person, "new_message");
        (await world.TextsTo(number)).Count.ShouldBe(before);

        await Wishes(person, ("messages", "sms", true));
        (await person.Get("me/notification-preferences")).Must().Word("number").ShouldBe("…" + number[^3..]);
        await Tell(person, "new_message");
        var text = await world.Text(number, before + 1);
        text.ShouldStartWith("Guildhall: You have a new message http");
        text.ShouldEndWith("/inbox");

        // What waits for a number that is taken off meanwhile does not go there.
        await Quiet(person, -60, 60, ("messages", "sms", true));
        await Tell(person, "new_message");
        (await person.Delete("me/phone")).Must(204);
        await world.Clock.Passes(61.Minutes());
        await world.JobsAreDone();
        await Tell(person, "new_message");
        (await Log(person, "sms", "notice")).ShouldBe(["sent twilio", "queued QUIET_HOURS", "failed RECIPIENT_UNKNOWN"]);
    }

    [Fact]
    public async Task In_quiet_hours_what_can_wait_waits_and_asks_again_whether_it_is_of_use()
    {
        var (person, token) = await WithDevice();
        await Quiet(person, -60, 100);
        await Tell(person, "booking_cancelled", "password_changed", "payment_failed");
        (await Log(person, "email", "booking_cancelled")).ShouldBe(["queued QUIET_HOURS"]);
        (await Log(person, "push", "booking_cancelled")).ShouldBe(["queued QUIET_HOURS"]);
        (await Log(person, "email", "password_changed")).ShouldBe(["sent smtp"]);
        (await Log(person, "email", "payment_failed")).ShouldBe(["sent smtp"]);
        (await person.Get("inbox")).Must().At("unread").GetInt64().ShouldBe(3);

        await world.Data().InTransaction(tx => Notify.Person(tx, person.Id, "session_completed", Facts, usefulUntil: tx.Now + TimeSpan.FromHours(1)));
        await Tell(person, "new_message");
        var read = (await person.Get("inbox?limit=1")).Must().Word("items.0.id");
        (await person.Post($"inbox/{read}/actions/read")).Must(204);

        await person.Waits(99.Minutes());
        await world.JobsAreDone();
        (await Log(person, "email", "booking_cancelled")).ShouldBe(["queued QUIET_HOURS"]);
        await person.Waits(2.Minutes());
        await world.JobsAreDone();
        (await Log(person, "email", "booking_cancelled")).ShouldBe(["queued QUIET_HOURS", "sent smtp"]);
        (await Log(person, "push", "booking_cancelled")).ShouldBe(["queued QUIET_HOURS", "sent firebase"]);
        (await Log(person, "email", "session_completed")).ShouldBe(["queued QUIET_HOURS", "failed TOO_LATE"]);
        (await Log(person, "push", "session_completed")).ShouldBe(["queued QUIET_HOURS", "failed TOO_LATE"]);
        (await Log(person, "email", "new_message")).ShouldBe(["queued QUIET_HOURS", "sent smtp"]);
        (await Log(person, "push", "new_message")).ShouldBe(["queued QUIET_HOURS", "suppressed ALREADY_READ"]);
        (await world.PushesTo(token)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Who_gives_the_quiet_up_gets_what_waited_at_once()
    {
        var person = await world.Person();
        await Quiet(person, -60, 100);
        await Tell(person, "new_message");
        (await person.Get("me/notification-preferences")).Must().At("quietHours.quietUntil").ValueKind.ShouldBe(JsonValueKind.String);
        await Wishes(person);
        await world.JobsAreDone();
        (await Log(person, "email", "new_message")).ShouldBe(["queued QUIET_HOURS", "sent smtp"]);
        (await world.Gateway.MailTo(person.Email)).Count.ShouldBe(1);
        await world.Clock.Passes(3.Hours());
        await world.JobsAreDone();
        (await world.Gateway.MailTo(person.Email)).Count.ShouldBe(1);
    }

    [Fact]
    [Covers("marketplace-37")]
    public async Task A_storm_becomes_the_first_few_and_then_one_digest_and_what_must_come_comes()
    {
        var (person, token) = await WithDevice();
        await Tell(person, [.. Enumerable.Repeat("new_message", 150), .. Enumerable.Repeat("receipt_issued", 6)]);
        (await Sent(person, "email", "new_message")).ShouldBe(5);
        (await Sent(person, "email", "receipt_issued")).ShouldBe(6);
        (await Sent(person, "push", "new_message")).ShouldBe(5);
        (await world.Database.Count("messaging.deliveries where person_id = $1 and reason = 'IN_DIGEST' and digest_id is not null", person.Id)).ShouldBe(290);

        await person.Waits(16.Minutes());
        await world.JobsAreDone();
        (await Log(person, "email", "digest")).ShouldBe(["sent smtp"]);
        (await Log(person, "push", "digest")).ShouldBe(["sent firebase"]);
        var digest = (await world.Gateway.MailTo(person.Email))[0];
        digest.GetProperty("subject").GetString().ShouldBe("145 more for you");
        digest.GetProperty("text").GetString()!.ShouldContain("You have a new message · You have a new message");
        (await world.PushesTo(token)).Count(p => p.GetProperty("title").GetString() is "145 more for you").ShouldBe(1);

        // It goes on: nothing but a digest each quarter of an hour. It is over: all is as before.
        await Tell(person, "new_message", "new_message");
        (await Sent(person, "email", "new_message")).ShouldBe(5);
        await person.Waits(16.Minutes());
        await person.Waits(16.Minutes());
        await world.JobsAreDone();
        (await Sent(person, "email", "digest")).ShouldBe(2);
        await Tell(person, "new_message");
        (await Sent(person, "email", "new_message")).ShouldBe(6);
    }

    [Fact]
    [Covers("marketplace-37")]
    public async Task A_hundred_identical_alarms_are_three_mails_to_staff()
    {
        var staff = await world.Person("admin");
        await Tell(staff, [.. Enumerable.Repeat("withdrawal_warning_staff", 100)]);
        await world.Clock.Passes(16.Minutes());
        await world.JobsAreDone();
        (await world.Gateway.MailTo(staff.Email)).Count.ShouldBe(3);
        (await world.Gateway.MailTo(staff.Email))[0].GetProperty("subject").GetString().ShouldBe("98 more for you");
    }

    [Fact]
    [Covers("I-15")]
    public async Task The_persons_copy_has_their_wishes_and_erasure_takes_them_away()
    {
        var person = await world.Person();
        await Put(person, new { from = "22:00", until = "07:00" }, ("messages", "email", false));
        var part = world.Get<IEnumerable<PersonalData>>().Single(p => p.Section == "messages");
        var copy = JsonSerializer.Serialize(await part.Read(world.Data(), person.Id, default), JsonRules.Options);
        copy.ShouldContain("\"category\":\"messages\",\"channel\":\"email\",\"wanted\":false");
        copy.ShouldContain("\"fromMinute\":1320,\"untilMinute\":420");
        await world.Data().InTransaction(tx => part.Erase(tx, person.Id));
        foreach (var table in new[] { "preferences", "quiet_hours", "bursts" }) (await world.Database.Count($"messaging.{table} where person_id = $1", person.Id)).ShouldBe(0);
    }

    private async Task Wishes(Person person, params (string Category, string Channel, bool On)[] wishes) => (await Put(person, null, wishes)).Must(204);

    private static Task<Answer> Put(Person person, object? quietHours, params (string Category, string Channel, bool On)[] wishes) =>
        person.Put("me/notification-preferences", new { preferences = wishes.Select(w => new { category = w.Category, channel = w.Channel, on = w.On }), quietHours });

    /// <summary>Quiet from so many minutes after now until so many, on the clock of Kuwait.</summary>
    private async Task Quiet(Person person, int from, int until, params (string Category, string Channel, bool On)[] wishes)
    {
        var now = world.Clock.Now.ToOffset(TimeSpan.FromHours(3));
        now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMinute));
        (await Put(person, new { from = now.AddMinutes(from).ToString("HH:mm", CultureInfo.InvariantCulture), until = now.AddMinutes(until).ToString("HH:mm", CultureInfo.InvariantCulture) }, wishes)).Must(204);
    }

    private async Task Tell(Person person, params string[] templates)
    {
        var facts = Facts;
        await world.Data().InTransaction(async tx => { foreach (var template in templates) await Notify.Person(tx, person.Id, template, facts); });
        await world.JobsAreDone();
    }

    private Task<IReadOnlyList<string>> Log(Person person, string channel, string template) => world.Database.Column<string>("""
        select concat_ws(' ', l.state, l.sender, l.reason) from messaging.delivery_log l join messaging.deliveries d on d.id = l.delivery_id
        where d.person_id = $1 and d.channel = $2 and d.template = $3 order by l.id
        """, person.Id, channel, template);

    private Task<long> Sent(Person person, string channel, string template) =>
        world.Database.Count("messaging.deliveries where person_id = $1 and channel = $2 and template = $3 and state = 'sent'", person.Id, channel, template);

    private async Task<(Person Person, string Token)> WithDevice()
    {
        var (person, token) = (await world.Person(), PushWorld.NewToken());
        (await person.Put("me/push-device", new { token, platform = "android" })).Must(204);
        return (person, token);
    }
}
