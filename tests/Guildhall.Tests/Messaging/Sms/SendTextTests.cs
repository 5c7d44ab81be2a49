using Guildhall.Messaging;
using Guildhall.Messaging.Delivery;
using Guildhall.Messaging.Sms;
using Guildhall.Web.Host;

namespace Guildhall.Tests.Messaging.Sms;

[Covers("N-6")]
public sealed class SendTextTests(World world) : IClassFixture<World>, IAsyncLifetime
{
    private static readonly Dictionary<string, string> Facts = new(StringComparer.Ordinal) { ["code"] = "123456" };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await world.Gateway.AnswersAsUsual();

    [Fact]
    public async Task A_text_message_arrives_in_the_persons_language_and_the_log_knows_the_end_of_the_number_only()
    {
        var (person, number) = (await Somebody("ar"), Handset.NewNumber());
        var delivery = await Send(person, number);
        (await world.Text(number)).ShouldContain("الرمز 123456");
        await Comes(person, "sent ");
        await world.EventuallyOr("Nobody told that it was delivered.", async () => await world.Database.Value<bool>("select delivered_at is not null from messaging.deliveries where id = $1", delivery.Value));

        var entry = (await DeliveryLog.Newest(world.Data(), person, 1, default)).Single();
        (entry.Channel, entry.Delivered, entry.To, entry.Attempts).ShouldBe(("sms", true, "…" + number[^3..], 1));
        (await world.Database.Value<bool>("select secrets is null from messaging.deliveries where id = $1", delivery.Value)).ShouldBeTrue();
        (await Everything()).ShouldNotContain(number[1..]);
    }

    [Fact]
    [Covers("marketplace-35")]
    public async Task A_lost_answer_leaves_it_unknown_and_it_is_never_sent_again()
    {
        await world.Gateway.Faults(new { smsLostAfter = 1, dropWebhooks = 100 });
        var (person, number) = (await Somebody(), Handset.NewNumber());
        await Send(person, number);
        await Comes(person, "unknown NO_ANSWER");
        await world.Clock.Passes(1.Hours());
        await world.JobsAreDone();
        (await world.TextsTo(number)).Count.ShouldBe(1);
        (await Log(person)).ShouldBe(["unknown NO_ANSWER"]);
    }

    [Fact]
    [Covers("marketplace-31")]
    public async Task A_lost_answer_is_found_again_when_the_provider_tells_what_became_of_it()
    {
        await world.Gateway.Faults(new { smsLostAfter = 1, delayWebhooksMs = 2500 });
        var (person, number) = (await Somebody(), Handset.NewNumber());
        await Send(person, number);
        await Comes(person, "unknown NO_ANSWER", "sent ");
        (await world.TextsTo(number)).Count.ShouldBe(1);
        (await DeliveryLog.Newest(world.Data(), person, 1, default)).Single().Delivered.ShouldBeTrue();
    }

    [Fact]
    public async Task A_connection_that_ends_without_an_answer_may_have_been_a_message_and_is_not_tried_again()
    {
        await world.Gateway.Faults(new { smsLostBefore = 1 });
        var (person, number) = (await Somebody(), Handset.NewNumber());
        await Send(person, number);
        await Comes(person, "unknown NO_ANSWER");
        await world.JobsAreDone();
        (await world.TextsTo(number)).ShouldBeEmpty();

        await world.Gateway.Faults(new { smsBroken = 1 });
        var (other, theirs) = (await Somebody(), Handset.NewNumber());
        await Send(other, theirs);
        await Comes(other, "unknown NO_ANSWER");
        (await world.TextsTo(theirs)).ShouldBeEmpty();
    }

    [Fact]
    [Covers("marketplace-31")]
    public async Task A_worker_that_stopped_after_the_call_leaves_it_unknown_and_nobody_sends_it_again()
    {
        var (person, number) = (await Somebody(), Handset.NewNumber());
        var delivery = await Send(person, number);
        await Comes(person, "sent ");
        // As if its record had been lost; a late status of the provider must not find it.
        await world.Database.Execute("update messaging.deliveries set state = 'sending', sent_at = null, delivered_at = null, provider_ref = 'lost' where id = $1", delivery.Value);
        await world.Data().InTransaction(tx => tx.Enqueue(new SendText(delivery)));
        await Comes(person, "sent ", "unknown WORKER_STOPPED");
        (await world.TextsTo(number)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Too_many_at_once_are_tried_again_and_arrive_once()
    {
        await world.Gateway.Faults(new { smsTooMany = 1 });
        var (person, number) = (await Somebody(), Handset.NewNumber());
        await Send(person, number);
        await Comes(person, "queued SERVER_UNAVAILABLE", "sent ");
        (await world.TextsTo(number)).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("+15005550001", "NUMBER_INVALID")]
    [InlineData("+15005550002", "NUMBER_UNREACHABLE")]
    [InlineData("+15005550004", "RECIPIENT_OPTED_OUT")]
    [InlineData("+15005550009", "NUMBER_NOT_MOBILE")]
    public async Task What_the_provider_refuses_has_its_reason_and_is_not_tried_again(string number, string reason)
    {
        var person = await Somebody();
        await Send(person, number);
        await Comes(person, "failed " + reason);
        await world.JobsAreDone();
        (await Log(person)).Count.ShouldBe(1);
        (await Everything()).ShouldNotContain(number[1..]);
    }

    [Fact]
    public async Task One_that_does_not_reach_the_phone_is_failed_after_all()
    {
        await world.Gateway.Faults(new { smsUndelivered = 1 });
        var (person, number) = (await Somebody(), Handset.NewNumber());
        await Send(person, number);
        await Comes(person, "sent ", "failed NUMBER_UNREACHABLE");
        (await DeliveryLog.Newest(world.Data(), person, 1, default)).Single().Delivered.ShouldBeFalse();
    }

    [Fact]
    public async Task A_code_that_has_run_out_is_not_sent()
    {
        var (person, number) = (await Somebody(), Handset.NewNumber());
        await world.Data().InTransaction(tx => Texts.Send(tx, person, number, "phone_code", Facts, tx.Now.AddMinutes(-1)));
        await Comes(person, "failed TOO_LATE");
        (await world.TextsTo(number)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_status_that_is_not_signed_by_the_provider_changes_nothing()
    {
        var (person, number) = (await Somebody(), Handset.NewNumber());
        var delivery = await Send(person, number);
        await Comes(person, "sent ");
        var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["AccountSid"] = World.TwilioSid, ["MessageSid"] = "SM1", ["MessageStatus"] = "failed" });
        (await world.Visitor().Send(HttpMethod.Post, $"webhooks/twilio?delivery={delivery}", form, ("X-Twilio-Signature", "5UlOQ/CoAHK30lYTlS/PtRRUF+E="))).MustRefuse(MessagingRefusals.StatusNotTrusted);
        (await world.Visitor().Send(HttpMethod.Post, $"webhooks/twilio?delivery={delivery}", new FormUrlEncodedContent([]))).MustRefuse(MessagingRefusals.StatusNotTrusted);
        (await Log(person)).ShouldBe(["sent "]);
    }

    private async Task<Guid> Somebody(string language = "en")
    {
        var person = Guid.CreateVersion7();
        await world.Data().InTransaction(tx => Recipients.Put(tx, person, $"{person:n}@mail.test", "Somebody", language, "UTC"));
        return person;
    }

    private Task<DeliveryId> Send(Guid person, string number) => world.Data().InTransaction(async tx =>
    {
        await Texts.Send(tx, person, number, "phone_code", Facts);
        return await tx.Get<DeliveryId>("select id from messaging.deliveries where person_id = @person", new { person });
    });

    private async Task Comes(Guid person, params string[] log) =>
        await Eventually.True(async () => (await Log(person)).SequenceEqual(log, StringComparer.Ordinal), async () => $"The log is {string.Join(", ", await Log(person))}");

    private async Task<IReadOnlyList<string>> Log(Guid person) => await world.Database.Column<string>("""
        select l.state || ' ' || coalesce(l.reason, '') from messaging.delivery_log l join messaging.deliveries d on d.id = l.delivery_id where d.person_id = $1 order by l.id
        """, person);

    // Every row of the module but the sealed parts.
    private async Task<string> Everything() => string.Join('\n', await world.Database.Column<string>("""
        select to_jsonb(d)::text from messaging.deliveries d union all select to_jsonb(l)::text from messaging.delivery_log l union all select payload::text || coalesce(last_error, '') from foundation.jobs
        """));
}

[Covers("N-6")]
public sealed class NoTextsTests(NoTextsWorld world) : IClassFixture<NoTextsWorld>
{
    [Fact]
    public async Task Without_a_provider_the_delivery_says_so_and_so_does_the_product()
    {
        var person = await world.Person();
        await world.Data().InTransaction(tx => Texts.Send(tx, person.Id, Handset.NewNumber(), "phone_put_on", new Dictionary<string, string>(StringComparer.Ordinal)));
        await world.EventuallyOr("Nothing was recorded.", async () => (await DeliveryLog.Newest(world.Data(), person.Id, 1, default)) is [{ State: DeliveryState.Failed }]);
        var entry = (await DeliveryLog.Newest(world.Data(), person.Id, 1, default)).Single();
        (entry.Delivered, entry.Reason).ShouldBe((false, "SMS_NOT_CONFIGURED"));

        var asked = (await person.Post("me/phone", new { phone = Handset.NewNumber() })).MustRefuse(IdentityRefusals.SmsNotConfigured);
        (asked.At("delivered").GetBoolean(), asked.Word("reason")).ShouldBe((false, "SMS_NOT_CONFIGURED"));
        (await world.Visitor().Post("auth/phone-sign-in", new { phone = Handset.NewNumber() })).MustRefuse(IdentityRefusals.SmsNotConfigured);
        (await person.Get("me/phone")).Must().At("available").GetBoolean().ShouldBeFalse();
        var status = (await world.Visitor().Get("integrations/status")).Must().Json.EnumerateArray().Single(i => i.GetProperty("name").GetString() == "twilio");
        status.GetProperty("state").GetString().ShouldBe("not_configured");
        (await world.Visitor().Send(HttpMethod.Post, "webhooks/twilio", new FormUrlEncodedContent([]))).Status.ShouldBe(404);
    }
}

public sealed class NoTextsWorld : NodesOnly
{
    internal override HostSettings Configure(HostSettings settings, int node) => settings with { Twilio = TwilioOptions.None };
}

[Covers("N-6")]
public sealed class WrongTokenTests(WrongTokenWorld world) : IClassFixture<WrongTokenWorld>
{
    [Fact]
    public async Task A_key_the_provider_does_not_take_is_our_fault_and_staff_see_it()
    {
        var person = Guid.CreateVersion7();
        await world.Data().InTransaction(tx => Texts.Send(tx, person, Handset.NewNumber(), "phone_put_on", new Dictionary<string, string>(StringComparer.Ordinal)));
        await world.EventuallyOr("It was not tried.", async () => await world.Database.Count("messaging.delivery_log where reason = 'NOT_LET_IN'") > 0);
        var staff = await world.Person("admin");
        await world.Database.Execute("update identity.accounts set second_factor = true where id = $1", staff.Id);
        var status = (await staff.Get("integrations/status")).Must().Json.EnumerateArray().Single(i => i.GetProperty("name").GetString() == "twilio");
        status.GetProperty("state").GetString().ShouldBe("degraded");
        status.GetProperty("lastError").GetString().ShouldBe("401 20003 Authenticate");
    }
}

public sealed class WrongTokenWorld : World
{
    internal override HostSettings Configure(HostSettings settings, int node) => settings with { Twilio = settings.Twilio with { Token = "another" } };
}
