using System.Text;
using System.Text.Json;
using Guildhall.Messaging.Email.SendGrid;

namespace Guildhall.Tests.Messaging.Email.SendGrid;

[Covers("N-6")]
public sealed class SendGridSignatureTests
{
    private static readonly JsonElement[] Vectors =
        [.. JsonDocument.Parse(Tree.Read("tests/Guildhall.Tests/Messaging/Email/SendGrid/sendgrid-event-webhook.json")).RootElement.GetProperty("vectors").EnumerateArray()];

    public static TheoryData<string> Names => [.. Vectors.Select(v => v.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_services_own_library_signs_the_same(string name)
    {
        var vector = Vectors.Single(v => v.GetProperty("name").GetString() == name);
        string Word(string field) => vector.GetProperty(field).GetString()!;
        var (key, time, body, signature) = (Word("public_key_base64_der"), Word("timestamp"), Encoding.UTF8.GetBytes(Word("payload")), Word("signature_base64_der"));
        SendGridSignature.IsKey(key).ShouldBeTrue();
        SendGridSignature.Holds(key, time, body, signature).ShouldBe(vector.GetProperty("expected_valid").GetBoolean());

        SendGridSignature.Holds(key, time + "0", body, signature).ShouldBeFalse();
        SendGridSignature.Holds(key, time, [.. body, (byte)' '], signature).ShouldBeFalse();
        SendGridSignature.Holds(key, null, body, signature).ShouldBeFalse();
        SendGridSignature.Holds(key, time, body, null).ShouldBeFalse();
        SendGridSignature.Holds(key, time, body, "bm8gc2lnbmF0dXJl").ShouldBeFalse();
        SendGridSignature.Holds(key, time, body, new string('A', 4000)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base 64")]
    [InlineData("bm8ga2V5")]
    [InlineData("MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAEeb5mfvncu6xVoGKVzocLBwKb/NstzijZWfKBWxb4F5hIOtp3JqPEZV2k+/wOEQio/Re0SKaFVBmcR9CP+xDUuA==")]
    public void What_is_no_public_key_on_the_right_curve_is_not_taken_for_one(string key) => SendGridSignature.IsKey(key).ShouldBeFalse();
}
