using System.Security.Cryptography;
using Guildhall.Web.Host;
using Guildhall.Web.Host.Gateways;
using Microsoft.Extensions.Configuration;

namespace Guildhall.Tests.Messaging.Email;

[Covers("N-6", "O-1")]
public sealed class MailSettingsTests
{
    private static readonly string Key = MakeKey();

    private static readonly Dictionary<string, string?> Good = new(StringComparer.Ordinal)
    {
        ["GUILDHALL_DATABASE"] = "Host=db.test;Username=guildhall_app;Database=guildhall;Ssl Mode=VerifyFull", ["GUILDHALL_URL"] = "https://guildhall.test", ["GUILDHALL_LISTEN"] = "http://10.0.0.5:8080",
        ["GUILDHALL_MASTER_KEY"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), ["GUILDHALL_STRIPE_KEY"] = "sk_live_51Nothing0fRealValue", ["GUILDHALL_TRUSTED_PROXIES"] = "10.0.0.0/24",
        ["GUILDHALL_STRIPE_WEBHOOK_SECRET"] = "whsec_51Nothing0fRealValue", ["GUILDHALL_MAIL_FROM"] = "hello@guildhall.test", ["GUILDHALL_SMTP"] = "smtps://user:word@mail.test",
        ["GUILDHALL_SENDGRID_KEY"] = "SG.s0me.Key", ["GUILDHALL_SENDGRID_WEBHOOK_KEY"] = $"{Key}, {MakeKey()}",
    };

    private static (HostSettings? Settings, string[] Wrong) Read(params (string Name, string? Value)[] other)
    {
        var values = new Dictionary<string, string?>(Good, StringComparer.Ordinal);
        foreach (var (name, value) in other) values["GUILDHALL_" + name] = value;
        var (settings, wrong) = HostSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build(), development: false);
        return (settings, [.. wrong.Where(w => w.Contains("SENDGRID", StringComparison.Ordinal) || w.Contains("SES", StringComparison.Ordinal) || w.Contains("MAIL", StringComparison.Ordinal))]);
    }

    private static (HostSettings Settings, string[] Senders) InSandbox(params (string Name, string? Value)[] other)
    {
        var (settings, wrong) = Read([("MODE", "sandbox"), ("URL", "http://localhost:5080"), .. other]);
        wrong.ShouldBeEmpty();
        return (settings!, [.. new Guildhall.Messaging.MessagingOptions(settings!.Smtp, settings.MailFrom, settings.Url) { SendGrid = settings.SendGrid, Ses = settings.Ses, NamedSenders = settings.MailSenders }.Senders]);
    }

    [Fact]
    public void Set_up_whole_they_are_tried_in_their_order_the_mail_server_first()
    {
        var (settings, senders) = InSandbox();
        (settings.SendGrid!.Api.Host, settings.SendGrid.WebhookKeys.Count, settings.SendGrid.Tolerance).ShouldBe(("api.sendgrid.com", 2, TimeSpan.FromMinutes(10)));
        senders.ShouldBe(["smtp", "sendgrid"]);
        InSandbox(("MAIL_SENDERS", "sendgrid, smtp")).Senders.ShouldBe(["sendgrid", "smtp"]);
        InSandbox(("MAIL_SENDERS", "smtp")).Senders.ShouldBe(["smtp"]);
        InSandbox(("SMTP", null)).Senders.ShouldBe(["sendgrid"]);
        Read().Wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Without_any_of_it_there_is_only_the_mail_server()
    {
        var (settings, senders) = InSandbox(("SENDGRID_KEY", null), ("SENDGRID_WEBHOOK_KEY", null));
        settings.SendGrid.ShouldBeNull();
        senders.ShouldBe(["smtp"]);
        InSandbox(("SENDGRID_KEY", null), ("SENDGRID_WEBHOOK_KEY", null), ("SMTP", null)).Senders.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("SENDGRID_KEY", null, "belong together")]
    [InlineData("SENDGRID_WEBHOOK_KEY", null, "belong together")]
    [InlineData("SENDGRID_WEBHOOK_KEY", "nonsense", "no public key")]
    [InlineData("SENDGRID_KEY", "SG.guildhall_sandbox", "is the sandbox's")]
    [InlineData("SENDGRID_WEBHOOK_KEY", MailSettings.SandboxWebhookKey, "is the sandbox's")]
    [InlineData("SENDGRID_API", "http://api.sendgrid.com", "must be https")]
    [InlineData("SENDGRID_API", "http://127.0.0.1:5090", "must be https")]
    [InlineData("SENDGRID_TOLERANCE_MINUTES", "0", "from 1 to 10080")]
    [InlineData("MAIL_SENDERS", "pigeon", "the senders there are")]
    [InlineData("MAIL_SENDERS", "smtp,smtp", "once")]
    [InlineData("MAIL_SENDERS", " , ", "once")]
    [InlineData("MAIL_FROM", null, "GUILDHALL_MAIL_FROM is not set")]
    public void Set_up_in_part_or_with_what_everybody_knows_it_stops_a_production_start(string name, string? value, string sentence) => Read((name, value)).Wrong.ShouldHaveSingleItem().ShouldContain(sentence);

    private static readonly (string, string?)[] Ses =
        [("SES_REGION", "me-south-1"), ("SES_KEY_ID", "AKIAS0METHING"), ("SES_SECRET", "s0me secret"), ("SES_TOPIC", "arn:aws:sns:me-south-1:123456789012:mail")];

    [Fact]
    public void Amazon_is_asked_in_its_region_after_the_others()
    {
        var (settings, senders) = InSandbox([.. Ses, ("SES_CONFIGURATION_SET", "events")]);
        (settings.Ses!.Api.AbsoluteUri, settings.Ses.ConfigurationSet).ShouldBe(("https://email.me-south-1.amazonaws.com/", "events"));
        senders.ShouldBe(["smtp", "sendgrid", "ses"]);
        Read(Ses).Wrong.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("SES_REGION", null, "belong together")]
    [InlineData("SES_KEY_ID", null, "belong together")]
    [InlineData("SES_SECRET", null, "belong together")]
    [InlineData("SES_TOPIC", null, "belong together")]
    [InlineData("SES_TOPIC", "mail", "whole name of the topic")]
    [InlineData("SES_TOPIC", "arn:aws:sqs:me-south-1:123456789012:mail", "whole name of the topic")]
    [InlineData("SES_KEY_ID", "AKIAGUILDHALLSANDBOX", "is the sandbox's")]
    [InlineData("SES_SECRET", "guildhall_sandbox_ses_secret", "is the sandbox's")]
    [InlineData("SES_API", "http://email.me-south-1.amazonaws.com", "must be https")]
    [InlineData("SES_REGION", "evil.test/", "is like me-south-1")]
    public void Amazon_set_up_in_part_stops_the_start_too(string name, string? value, string sentence) => Read([.. Ses, (name, value)]).Wrong.ShouldHaveSingleItem().ShouldContain(sentence);

    [Fact]
    public void A_sender_that_is_named_and_not_set_up_stops_the_start() =>
        Read(("SENDGRID_KEY", null), ("SENDGRID_WEBHOOK_KEY", null), ("MAIL_SENDERS", "smtp,sendgrid")).Wrong.ShouldHaveSingleItem().ShouldContain("which is not set up");

    private static string MakeKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
    }
}
