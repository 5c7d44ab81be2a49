using System.Text.Json.Nodes;
using Guildhall.Messaging;
using Guildhall.Messaging.Email.Ses;
using Guildhall.Sandbox.Ses;
using Guildhall.Web.Host;

namespace Guildhall.Tests.Messaging.Email.Ses;

[Covers("N-3", "N-6")]
public sealed class SesTests(SesWorld world) : ApiSenderTests, IClassFixture<SesWorld>
{
    protected override World Place => world;

    protected override string Sender => "ses";

    public override async ValueTask InitializeAsync()
    {
        if ((await world.Sandbox.Get("/sandbox/ses/subscription")).GetProperty("confirmed").GetBoolean()) return;
        await world.Sandbox.Post("/sandbox/ses/subscribe");
        await world.EventuallyOr("The subscription was not confirmed.", async () => (await world.Sandbox.Get("/sandbox/ses/subscription")).GetProperty("confirmed").GetBoolean());
    }

    [Fact]
    public async Task A_mail_arrives_as_we_wrote_it_and_its_delivery_is_told()
    {
        var letter = await world.Writes("ar");
        await letter.Comes("sent ses");
        var mail = (await letter.Mailbox()).Single();
        (mail.GetProperty("via").GetString(), mail.GetProperty("subject").GetString()).ShouldBe(("ses", "لديك رسالة جديدة"));
        mail.GetProperty("html").GetString()!.ShouldContain("dir=\"rtl\"");
        await letter.IsDelivered();
    }

    [Fact]
    public async Task One_that_comes_back_has_failed_after_all()
    {
        await world.Gateway.Faults(new { mailBounces = 1 });
        await (await world.Writes()).Ends("failed ses BOUNCED");
    }

    [Theory]
    [InlineData("Bounce", """{"bounceType":"Permanent","bounceSubType":"General"}""", "failed ses BOUNCED")]
    [InlineData("Bounce", """{"bounceType":"Transient","bounceSubType":"MailboxFull"}""", "failed ses BOUNCED")]
    [InlineData("Bounce", """{"bounceType":"Permanent","bounceSubType":"OnAccountSuppressionList"}""", "failed ses DROPPED")]
    [InlineData("Bounce", """{"bounceType":"Transient","bounceSubType":"General"}""", null)]
    [InlineData("Reject", """{"reason":"Bad content"}""", "failed ses DROPPED")]
    [InlineData("Complaint", """{}""", "sent ses COMPLAINED")]
    [InlineData("DeliveryDelay", """{}""", null)]
    [InlineData("Open", """{}""", null)]
    public async Task What_they_tell_late_and_twice_counts_once(string what, string more, string? line)
    {
        var letter = await world.Writes();
        await letter.IsDelivered();
        var before = await letter.Log();
        var reference = await world.Database.Value<string>("select provider_ref from messaging.deliveries where id = $1", letter.Id.Value);
        var told = $$"""{"notificationType":"{{what}}","mail":{"messageId":"{{reference}}"},"{{what.ToLowerInvariant()}}":{{more}}}""";
        for (var i = 0; i < 2; i++) (await Post(Signer.Notification(told, world.Clock.Now))).Must();
        (await letter.Log()).ShouldBe(line is null ? before : [.. before, line]);
    }

    [Fact]
    public async Task Messages_of_another_topic_or_key_or_time_or_place_change_nothing()
    {
        var letter = await world.Writes();
        await letter.IsDelivered();
        var before = await letter.Log();
        var told = $$"""{"eventType":"Bounce","mail":{"messageId":"x","tags":{"delivery":["{{letter.Id}}"]} },"bounce":{"bounceType":"Permanent"} }""";
        var good = JsonNode.Parse(Signer.Notification(told, world.Clock.Now))!.AsObject();
        foreach (var (field, value) in ((string, string)[])[("TopicArn", "arn:aws:sns:us-east-1:111111111111:theirs"), ("Message", told + " "), ("Signature", "AAAA"), ("SigningCertURL", "https://evil.test/SimpleNotificationService-1.pem"),
            ("SigningCertURL", $"{world.Sandbox.Http.BaseAddress}SimpleNotificationService-0.pem"), ("SignatureVersion", "1")])
        {
            var forged = good.DeepClone().AsObject();
            forged[field] = value;
            (await Post(forged.ToJsonString())).MustRefuse(MessagingRefusals.EventsNotTrusted);
        }
        (await Post("nonsense")).MustRefuse(MessagingRefusals.EventsNotTrusted);
        (await Post(Signer.Notification(told, world.Clock.Now.AddHours(-2)))).MustRefuse(MessagingRefusals.EventsNotTrusted);
        (await letter.Log()).ShouldBe(before);
        (await Post(Signer.Notification("Successfully validated SNS topic for Amazon SES event publishing.", world.Clock.Now))).Must();
        (await Post(good.ToJsonString())).Must();
        await letter.Ends("failed ses BOUNCED");
    }

    [Fact]
    public async Task A_subscription_that_cannot_be_confirmed_is_said_so_and_asked_for_again() =>
        (await Post(Signer.Confirmation("a token of nobody", world.Clock.Now))).MustRefuse(MessagingRefusals.SubscriptionNotConfirmed);

    [Fact]
    public async Task The_status_names_it()
    {
        await (await world.Writes()).Comes("sent ses");
        var status = (await world.Visitor().Get("integrations/status")).Must().Json.EnumerateArray().Single(i => i.GetProperty("name").GetString() == "ses");
        status.GetProperty("state").GetString().ShouldBeOneOf("sandbox", "degraded");
    }

    private SnsSigner Signer => world.Sandbox.Part<SnsSigner>();

    private Task<Answer> Post(string body) => world.Visitor().Send(HttpMethod.Post, "webhooks/ses", new StringContent(body, System.Text.Encoding.UTF8, "text/plain"));
}

[Covers("N-6")]
public sealed class WrongSesSecretTests(WrongSesSecretWorld world) : IClassFixture<WrongSesSecretWorld>
{
    [Fact]
    public async Task A_secret_they_do_not_take_is_our_fault_and_the_next_sender_has_the_mail()
    {
        var letter = await world.Writes();
        await letter.Comes("queued ses NOT_LET_IN", "sent smtp");
        (await letter.Mailbox()).Single().GetProperty("via").GetString().ShouldBe("smtp");
    }
}

public class SesWorld : World
{
    internal override HostSettings Configure(HostSettings settings, int node) => settings with
    {
        MailSenders = ["ses"],
        Ses = new SesOptions(settings.SandboxUrl!, SesAccount.Region, SesAccount.KeyId, SesAccount.Secret, SesAccount.Topic) { ConfigurationSet = SesAccount.ConfigurationSet, Timeout = TimeSpan.FromSeconds(3) },
    };
}

public sealed class WrongSesSecretWorld : SesWorld
{
    internal override HostSettings Configure(HostSettings settings, int node)
    {
        var right = base.Configure(settings, node);
        return right with { Ses = right.Ses! with { Secret = "another" }, MailSenders = ["ses", "smtp"] };
    }
}
