using Guildhall.Messaging.Email.SendGrid;
using Guildhall.Messaging.Sms;
using Guildhall.Tests.Messaging.Email;
using Guildhall.Tests.Money;
using Guildhall.Web.Host;
using Guildhall.Web.Host.Gateways;

namespace Guildhall.Tests.Messaging;

[Covers("N-6")]
public sealed class StrictMockTests(StrictMockTests.Setup world) : IClassFixture<StrictMockTests.Setup>
{
    public sealed class Setup : World
    {
        internal Wire Line { get; private set; } = null!;

        internal override HostSettings Configure(HostSettings settings, int node)
        {
            var line = (Line ??= new Wire(settings.SandboxUrl!)).Address;
            return settings with
            {
                Twilio = settings.Twilio! with { Api = line }, Smtp = null, MailSenders = ["sendgrid"],
                SendGrid = new SendGridOptions(line, "SG.guildhall_sandbox", [MailSettings.SandboxWebhookKey]),
            };
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await Line.DisposeAsync();
        }
    }

    [Fact]
    public async Task Mails_and_texts_are_taken_by_mocks_made_from_twilios_own_descriptions_which_refuse_spoilt_ones()
    {
        await using var mock = await StrictMock.Of("twilio", "sendgrid");
        world.Line.Before = mock.Sees;
        var letter = await world.Writes("ar");
        await letter.Comes("sent sendgrid");
        var number = Handset.NewNumber();
        await world.Data().InTransaction(tx => Texts.Send(tx, letter.Person, number, "sign_in_code", new Dictionary<string, string>(StringComparer.Ordinal) { ["code"] = "123456" }));
        (await world.Text(number)).ShouldContain("123456");

        (await mock.Refused()).ShouldBeEmpty();
        (await mock.NeededBy("POST /v3/mail/send")).ShouldBe(["personalizations", "from"], ignoreOrder: true);
        (await mock.NeededBy($"POST /2010-04-01/Accounts/{World.TwilioSid}/Messages.json")).ShouldBe(["To"]);
    }
}
