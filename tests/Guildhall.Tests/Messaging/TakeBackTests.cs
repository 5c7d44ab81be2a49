using Guildhall.Messaging;
using Guildhall.Tests.Messaging.Push;

namespace Guildhall.Tests.Messaging;

[Covers("N-4", "marketplace-33")]
public sealed class TakeBackTests(PushWorld world) : IClassFixture<PushWorld>
{
    private static readonly Dictionary<string, string> Facts = new(StringComparer.Ordinal) { ["link"] = "/inbox", ["service"] = "Tax advice", ["when"] = "Sat 21 Nov 2026, 18:30", ["reason"] = "ill" };

    [Fact]
    public async Task What_is_taken_back_goes_by_no_way_and_others_of_its_kind_go()
    {
        var (person, token) = (await world.Person(), PushWorld.NewToken());
        (await person.Put("me/push-device", new { token, platform = "android" })).Must(204);
        await world.Database.Execute("insert into messaging.quiet_hours (person_id, starts, ends, changed_at) values ($1, $2, $3, now())", person.Id, Minute(-60), Minute(60));
        foreach (var key in new[] { "one", "two" }) await Tell(person, "booking_reminder_day", key);
        await world.JobsAreDone();
        (await States(person)).ShouldBe("email queued QUIET_HOURS, email queued QUIET_HOURS, push queued QUIET_HOURS, push queued QUIET_HOURS");
        await world.Data().InTransaction(tx => Notify.TakeBack(tx, person.Id, "booking_reminder_day", "one"));
        await person.Waits(61.Minutes());
        await world.JobsAreDone();
        await person.Waits(5.Minutes()); // the hour's token for the pushes may have run out just now: it is tried again with another
        await world.JobsAreDone();
        (await States(person)).ShouldBe("email failed TOO_LATE, email sent , push failed TOO_LATE, push sent ");
        (await world.Database.Count("messaging.notices where person_id = $1 and template = 'booking_reminder_day'", person.Id)).ShouldBe(2); // the inbox keeps both
        await world.Data().InTransaction(tx => Notify.TakeBack(tx, person.Id, "booking_reminder_day", "two")); // what is out is out
        (await world.Database.Count("messaging.deliveries where person_id = $1 and state = 'sent' and useful_until is null", person.Id)).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task It_stands_in_no_digest_and_a_digest_that_began_with_it_goes_for_the_others()
    {
        var (person, token) = (await world.Person(), PushWorld.NewToken());
        (await person.Put("me/push-device", new { token, platform = "android" })).Must(204);
        for (var n = 0; n < 5; n++) await Tell(person, "booking_cancelled", $"c{n}");
        await world.JobsAreDone();
        await Tell(person, "booking_reminder_day", "one"); // the sixth: it begins the digest
        await world.JobsAreDone();
        await Tell(person, "booking_cancelled", "c5");
        await world.JobsAreDone();
        await world.Data().InTransaction(tx => Notify.TakeBack(tx, person.Id, "booking_reminder_day", "one"));
        await person.Waits(16.Minutes());
        await world.JobsAreDone();
        var digest = (await world.Gateway.MailTo(person.Email))[0];
        (digest.GetProperty("subject").GetString(), digest.GetProperty("text").GetString()!.Contains("Tomorrow", StringComparison.Ordinal)).ShouldBe(("1 more for you", false));
        (await world.PushesTo(token)).Count(p => p.GetProperty("title").GetString() is "1 more for you").ShouldBe(1);
    }

    private Task Tell(Person person, string template, string key) => world.Data().InTransaction(tx => Notify.Person(tx, person.Id, template, Facts, key));

    private int Minute(int from) => (int)world.Clock.Now.AddHours(3).AddMinutes(from).TimeOfDay.TotalMinutes;

    private Task<string> States(Person person) => world.Database.Value<string>("""
        select string_agg(d.channel || ' ' || d.state || ' ' || coalesce(d.reason, ''), ', ' order by d.channel, d.state, d.id) from messaging.deliveries d
        where d.person_id = $1 and d.template = 'booking_reminder_day'
        """, person.Id);
}

public sealed class TakeBackMailTests(SilentMailWorld world) : IClassFixture<SilentMailWorld>
{
    [Fact, Covers("N-4", "marketplace-33")]
    public async Task What_the_server_did_not_take_is_not_tried_again_once_it_is_taken_back()
    {
        var person = Guid.CreateVersion7();
        world.Server.Answers("RCPT", "450 try later");
        await world.Data().InTransaction(async tx =>
        {
            await Recipients.Put(tx, person, $"{person:n}@mail.test", "Somebody", "en", "UTC");
            await Notify.Person(tx, person, "booking_reminder_soon", new Dictionary<string, string>(StringComparer.Ordinal) { ["service"] = "A talk", ["when"] = "soon", ["link"] = "/" }, "one");
        });
        await world.EventuallyOr("It was not tried.", async () => (await Log(person)).Count == 1);
        await world.Data().InTransaction(tx => Notify.TakeBack(tx, person, "booking_reminder_soon", "one"));
        await world.EventuallyOr("It was not given up.", async () => (await Log(person)).Count == 2);
        (await Log(person)).ShouldBe(["queued SERVER_UNAVAILABLE", "failed TOO_LATE"]);
        world.Server.Messages.ShouldNotContain(m => m.Contains($"{person:n}", StringComparison.Ordinal));
    }

    private Task<IReadOnlyList<string>> Log(Guid person) => world.Database.Column<string>("""
        select l.state || ' ' || coalesce(l.reason, '') from messaging.delivery_log l join messaging.deliveries d on d.id = l.delivery_id where d.person_id = $1 order by l.id
        """, person);
}
