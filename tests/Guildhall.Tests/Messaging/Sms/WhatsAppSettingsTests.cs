using Guildhall.Messaging;
using Guildhall.Web.Host.Gateways;
using Microsoft.Extensions.Configuration;

namespace Guildhall.Tests.Messaging.Sms;

[Covers("N-6", "O-1")]
public sealed class WhatsAppSettingsTests
{
    private const string Content = "HX0123456789abcdef0123456789abcdef";
    private static readonly TwilioOptions Twilio = TwilioOptions.None with { Sid = "AC1", Token = "token", From = "+15005550006" };

    [Fact]
    public void Set_up_whole_it_knows_its_templates()
    {
        var (whatsApp, wrong) = Read(Twilio, "+14155238886", $"phone_code.en={Content}, phone_code.ar={Content},");
        wrong.ShouldBeEmpty();
        (whatsApp!.From, whatsApp.Contents.Count).ShouldBe(("+14155238886", 2));
        (whatsApp.Content("phone_code", "ar-KW"), whatsApp.Content("phone_code", null), whatsApp.Content("sign_in_code", "en")).ShouldBe((Content, Content, null));
        var (none, fine) = Read(Twilio, null, null);
        (none, fine.Count).ShouldBe((null, 0));
    }

    [Theory]
    [InlineData("+14155238886", null, "belong together")]
    [InlineData(null, "phone_code.en=" + Content, "belong together")]
    [InlineData("whatsapp:+14155238886", "phone_code.en=" + Content, "international form")]
    [InlineData("+14155238886", "phone_code=" + Content, "an entry is like")]
    [InlineData("+14155238886", "phone_code.fr=" + Content, "an entry is like")]
    [InlineData("+14155238886", "no_such_text.en=" + Content, "an entry is like")]
    [InlineData("+14155238886", "phone_code.en=HX12", "an entry is like")]
    [InlineData("+14155238886", "phone_code.en=" + Content + ",phone_code.en=" + Content, "an entry is like")]
    public void Set_up_in_part_it_stops_the_start(string? from, string? contents, string sentence) => Read(Twilio, from, contents).Wrong.ShouldHaveSingleItem().ShouldContain(sentence);

    [Fact]
    public void Without_twilio_there_is_none() => Read(TwilioOptions.None, "+14155238886", "phone_code.en=" + Content).Wrong.ShouldHaveSingleItem().ShouldContain("without Twilio");

    private static (Guildhall.Messaging.Sms.WhatsApp.WhatsAppOptions? WhatsApp, List<string> Wrong) Read(TwilioOptions twilio, string? from, string? contents)
    {
        var wrong = new List<string>();
        var config = new ConfigurationBuilder().AddInMemoryCollection([new("GUILDHALL_WHATSAPP_FROM", from), new("GUILDHALL_WHATSAPP_CONTENTS", contents)]).Build();
        return (WhatsAppSettings.Read(config, twilio, wrong), wrong);
    }
}
