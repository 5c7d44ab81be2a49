using System.Text;
using Guildhall.Messaging;
using Guildhall.Messaging.Email;
using Guildhall.Messaging.Email.SendGrid;
using Guildhall.Sandbox.SendGrid;
using Guildhall.Web.Host;
using Guildhall.Web.Host.Gateways;

namespace Guildhall.Tests.Messaging.Email.SendGrid;

[Covers("N-3", "N-6")]
public sealed class SendGridTests(SendGridWorld world) : ApiSenderTests, IClassFixture<SendGridWorld>
{
    protected override World Place => world;

    protected override string Sender => "sendgrid";

    [Fact]
    public async Task A_mail_arrives_in_the_persons_language_and_its_delivery_is_told()
    {
        var letter = await world.Writes("ar");
        await letter.Comes("sent sendgrid");
        var mail = (await letter.Mailbox()).Single();
        (mail.GetProperty("via").GetString(), mail.GetProperty("from").GetString()).ShouldBe(("sendgrid", "hello@guildhall.test"));
        mail.GetProperty("subject").GetString().ShouldBe("لديك رسالة جديدة");
        mail.GetProperty("html").GetString()!.ShouldContain("dir=\"rtl\"");
        await letter.IsDelivered();
    }

    [Fact]
    public async Task One_that_comes_back_has_failed_after_all()
    {
        await world.Gateway.Faults(new { mailBounces = 1 });
        var letter = await world.Writes();
        await letter.Ends("failed sendgrid BOUNCED");
        (await letter.Entry()).Delivered.ShouldBeFalse();
    }

    [Fact]
    public async Task One_whose_address_came_back_before_is_not_even_tried_there()
    {
        var letter = await world.Writes(domain: "dropped.test");
        await letter.Ends("failed sendgrid DROPPED");
    }

    [Fact]
    public async Task A_worker_that_stopped_after_the_call_leaves_it_unknown_and_nobody_sends_it_again()
    {
        var letter = await world.Writes();
        await letter.IsDelivered();
        // As if its record had been lost.
        await world.Database.Execute("update messaging.deliveries set state = 'sending', sent_at = null, delivered_at = null where id = $1", letter.Id.Value);
        await world.Data().InTransaction(tx => tx.Enqueue(new SendMail(letter.Id)));
        await letter.Ends("unknown sendgrid WORKER_STOPPED");
        await world.JobsAreDone();
        (await letter.Mailbox()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Events_in_any_order_and_twice_end_alike_and_a_bounce_outweighs_everything()
    {
        var letter = await world.Writes();
        await letter.IsDelivered();
        var before = await letter.Log();
        (await Tell(Event(letter.Id, "delivered"), Event(letter.Id, "processed"), Event(letter.Id, "open"))).Must();
        (await letter.Log()).ShouldBe(before);

        (await Tell(Event(letter.Id, "spamreport"), Event(letter.Id, "spamreport"))).Must();
        (await letter.Log()).ShouldBe([.. before, "sent sendgrid COMPLAINED"]);
        for (var i = 0; i < 2; i++) (await Tell(Event(letter.Id, "bounce"), Event(letter.Id, "delivered"))).Must();
        (await letter.Log()).ShouldBe([.. before, "sent sendgrid COMPLAINED", "failed sendgrid BOUNCED"]);
    }

    [Fact]
    public async Task An_event_that_names_their_id_only_is_found_too()
    {
        var letter = await world.Writes();
        await letter.IsDelivered();
        var reference = await world.Database.Value<string>("select provider_ref from messaging.deliveries where id = $1", letter.Id.Value);
        (await Tell($$"""{"event":"bounce","sg_message_id":"{{reference}}.filter0001.16648.5515E0B88.0"}""")).Must();
        await letter.Ends("failed sendgrid BOUNCED");
    }

    [Theory]
    [InlineData("""{"event":"bounce"}""")]
    [InlineData("""{"event":7,"delivery":[]}""")]
    [InlineData("7")]
    [InlineData("nonsense")]
    public async Task Events_that_mean_nothing_to_us_are_taken_and_change_nothing(string told) => (await Tell(told)).Must();

    [Fact]
    public async Task Events_that_are_not_signed_by_the_service_or_too_old_change_nothing()
    {
        var letter = await world.Writes();
        await letter.IsDelivered();
        var before = await letter.Log();
        var body = Encoding.UTF8.GetBytes($"[{Event(letter.Id, "bounce")}]\r\n");
        using var signer = new SendGridSigner();
        var now = world.Clock.Now.ToUnixTimeSeconds();
        (await Post(body)).MustRefuse(MessagingRefusals.EventsNotTrusted);
        (await Post([.. body, (byte)'\n'], [.. signer.Headers(body, now)])).MustRefuse(MessagingRefusals.EventsNotTrusted);
        (await Post(body[..^2], [.. signer.Headers(body, now)])).MustRefuse(MessagingRefusals.EventsNotTrusted);
        (await Post(body, [.. signer.Headers(body, now - 3600)])).MustRefuse(MessagingRefusals.EventsNotTrusted);
        (await Post(body, [.. signer.Headers(body, now + 3600)])).MustRefuse(MessagingRefusals.EventsNotTrusted);
        (await letter.Log()).ShouldBe(before);
        (await Post(body, [.. signer.Headers(body, now - 300)])).Must();
        await letter.Ends("failed sendgrid BOUNCED");
    }

    [Fact]
    public async Task The_status_names_it_and_the_mail_server_that_nobody_misses()
    {
        var letter = await world.Writes();
        await letter.Comes("sent sendgrid");
        var all = (await world.Visitor().Get("integrations/status")).Must().Json.EnumerateArray().ToDictionary(i => i.GetProperty("name").GetString()!, i => i);
        all["sendgrid"].GetProperty("state").GetString().ShouldBeOneOf("sandbox", "degraded");
        (all["smtp"].GetProperty("state").GetString(), all["smtp"].GetProperty("usersLose").GetString()).ShouldBe(("not_configured", null));
    }

    private static string Event(DeliveryId delivery, string what) => $$"""{"event":"{{what}}","delivery":"{{delivery}}","sg_event_id":"{{Guid.NewGuid():n}}","sg_message_id":"x.y"}""";

    private Task<Answer> Tell(params string[] events)
    {
        using var signer = new SendGridSigner();
        var body = Encoding.UTF8.GetBytes($"[{string.Join(',', events)}]\r\n");
        return Post(body, [.. signer.Headers(body, world.Clock.Now.ToUnixTimeSeconds())]);
    }

    private Task<Answer> Post(byte[] body, params (string Name, string Value)[] headers) => world.Visitor().Send(HttpMethod.Post, "webhooks/sendgrid", new ByteArrayContent(body), headers);
}

[Covers("N-6")]
public sealed class WrongSendGridKeyTests(WrongSendGridKeyWorld world) : IClassFixture<WrongSendGridKeyWorld>
{
    [Fact]
    public async Task A_key_they_do_not_take_is_our_fault_and_staff_see_it()
    {
        var letter = await world.Writes();
        await world.EventuallyOr("It was not tried.", async () => (await letter.Log()).Contains("queued sendgrid NOT_LET_IN"));
        var staff = await world.Person("admin");
        await world.Database.Execute("update identity.accounts set second_factor = true where id = $1", staff.Id);
        var status = (await staff.Get("integrations/status")).Must().Json.EnumerateArray().Single(i => i.GetProperty("name").GetString() == "sendgrid");
        status.GetProperty("state").GetString().ShouldBeOneOf("degraded", "down");
        status.GetProperty("lastError").GetString()!.ShouldStartWith("401 ");
    }
}

public class SendGridWorld : World
{
    internal override HostSettings Configure(HostSettings settings, int node) => settings with
    {
        Smtp = null, MailSenders = ["sendgrid"],
        SendGrid = new SendGridOptions(settings.SandboxUrl!, "SG.guildhall_sandbox", [MailSettings.SandboxWebhookKey]) { Timeout = TimeSpan.FromSeconds(3) },
    };
}

public sealed class WrongSendGridKeyWorld : SendGridWorld
{
    internal override HostSettings Configure(HostSettings settings, int node)
    {
        var right = base.Configure(settings, node);
        return right with { SendGrid = right.SendGrid! with { Key = "SG.another" } };
    }
}
