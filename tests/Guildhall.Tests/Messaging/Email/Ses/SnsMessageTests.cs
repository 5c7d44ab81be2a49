using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Guildhall.Messaging.Email.Ses;

namespace Guildhall.Tests.Messaging.Email.Ses;

[Covers("N-6")]
public sealed class SnsMessageTests : IDisposable
{
    private readonly RSA _key = RSA.Create(2048);
    private static readonly SesOptions Live = new(new Uri("https://email.me-south-1.amazonaws.com"), "me-south-1", "AKIA", "secret", "arn:aws:sns:me-south-1:123456789012:mail");

    public void Dispose() => _key.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_notification_holds_with_a_subject_or_without(bool hasSubject)
    {
        var signed = $"Message\nwords\nMessageId\nid\n{(hasSubject ? "Subject\nabout\n" : "")}Timestamp\n2026-03-01T00:00:00.000Z\nTopicArn\n{Live.Topic}\nType\nNotification\n";
        var json = Fields(signed, ("Type", "Notification"), ("Message", "words"));
        if (hasSubject) json["Subject"] = "about";
        using var certificate = Certificate();
        Read(json).Holds(certificate).ShouldBeTrue();
        Read(json).At.ShouldBe(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
        foreach (var field in (string[])["Message", "MessageId", "Timestamp", "TopicArn", "Signature", "SignatureVersion"])
        {
            var forged = json.DeepClone().AsObject();
            forged[field] = field is "Signature" ? "bm8=" : "1";
            Read(forged).Holds(certificate).ShouldBeFalse(field);
        }
        json["Subject"] = "another";
        Read(json).Holds(certificate).ShouldBeFalse();
    }

    [Fact]
    public void A_confirmation_is_signed_over_its_address_and_token()
    {
        const string url = "https://sns.me-south-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=x&Token=y";
        var signed = $"Message\nwords\nMessageId\nid\nSubscribeURL\n{url}\nTimestamp\n2026-03-01T00:00:00.000Z\nToken\ny\nTopicArn\n{Live.Topic}\nType\nSubscriptionConfirmation\n";
        var json = Fields(signed, ("Type", "SubscriptionConfirmation"), ("Message", "words"), ("SubscribeURL", url), ("Token", "y"));
        using var certificate = Certificate();
        Read(json).Holds(certificate).ShouldBeTrue();
        json["SubscribeURL"] = "https://evil.test/?Action=ConfirmSubscription&";
        Read(json).Holds(certificate).ShouldBeFalse();
        json.Remove("SubscribeURL");
        Read(json).Holds(certificate).ShouldBeFalse();
    }

    [Theory]
    [InlineData("https://sns.me-south-1.amazonaws.com/SimpleNotificationService-01d088a6f77103d0fe307c0069e40ed6.pem", true)]
    [InlineData("https://sns.cn-north-1.amazonaws.com.cn/SimpleNotificationService-1.pem", true)]
    [InlineData("https://sns.us-gov-west-1.amazonaws.com/SimpleNotificationService-1.pem", true)]
    [InlineData("http://sns.me-south-1.amazonaws.com/SimpleNotificationService-1.pem", false)]
    [InlineData("https://sns.me-south-1.amazonaws.com:8443/SimpleNotificationService-1.pem", false)]
    [InlineData("https://sns.me-south-1.amazonaws.com.evil.test/SimpleNotificationService-1.pem", false)]
    [InlineData("https://evil.test/sns.me-south-1.amazonaws.com/SimpleNotificationService-1.pem", false)]
    [InlineData("https://sns.me-south-1.amazonaws.com@evil.test/SimpleNotificationService-1.pem", false)]
    [InlineData("https://user@sns.me-south-1.amazonaws.com/SimpleNotificationService-1.pem", false)]
    [InlineData("https://mybucket.s3.amazonaws.com/SimpleNotificationService-1.pem", false)]
    [InlineData("https://sns.me-south-1.amazonaws.com/SimpleNotificationService-1.pem?x=1", false)]
    [InlineData("https://sns.me-south-1.amazonaws.com/other.pem", false)]
    [InlineData("http://127.0.0.1:5090/SimpleNotificationService-1.pem", false)]
    [InlineData("/SimpleNotificationService-1.pem", false)]
    public void Only_certificates_at_amazons_own_address_are_asked_for(string address, bool isTheirs) => SnsCertificates.IsCertificate(address, Live).ShouldBe(isTheirs);

    [Theory]
    [InlineData("https://sns.me-south-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=x&Token=y", true)]
    [InlineData("https://sns.me-south-1.amazonaws.com/?Action=DeleteTopic&TopicArn=x", false)]
    [InlineData("https://evil.test/?Action=ConfirmSubscription&TopicArn=x", false)]
    [InlineData("http://169.254.169.254/?Action=ConfirmSubscription&TopicArn=x", false)]
    [InlineData(null, false)]
    public void Only_subscriptions_at_amazons_own_address_are_confirmed(string? address, bool isTheirs) => SnsCertificates.IsConfirmation(address, Live).ShouldBe(isTheirs);

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("""{"Type":"Notification"}""")]
    [InlineData("""{"Type":7,"MessageId":null}""")]
    public void What_is_no_message_is_none(string body) => SnsMessage.Read(Encoding.UTF8.GetBytes(body)).ShouldBeNull();

    private JsonObject Fields(string signed, params (string Name, string Value)[] fields)
    {
        var json = new JsonObject
        {
            ["MessageId"] = "id", ["TopicArn"] = Live.Topic, ["Timestamp"] = "2026-03-01T00:00:00.000Z", ["SignatureVersion"] = "2", ["SigningCertURL"] = "https://sns.me-south-1.amazonaws.com/x.pem",
            ["Signature"] = Convert.ToBase64String(_key.SignData(Encoding.UTF8.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)),
        };
        foreach (var (name, value) in fields) json[name] = value;
        return json;
    }

    private static SnsMessage Read(JsonObject json) => SnsMessage.Read(Encoding.UTF8.GetBytes(json.ToJsonString()))!;

    private X509Certificate2 Certificate() => new CertificateRequest("CN=sns.amazonaws.com", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        .CreateSelfSigned(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero));
}
