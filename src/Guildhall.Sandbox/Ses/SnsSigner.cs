using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Ses;

/// <summary>Makes messages of the topic, signed with a key made at this start, whose certificate stands at the address that each message names.</summary>
internal sealed class SnsSigner(SandboxOptions options) : IDisposable
{
    private readonly Lazy<X509Certificate2> made = new(Make);

    public string Name => made.Value.Thumbprint[..32].ToLowerInvariant();

    public string? Find(string name) => name == Name ? made.Value.ExportCertificatePem() : null;

    public string Notification(string message, DateTimeOffset now) => Message("Notification", now, ("Message", message), ("Subject", "Amazon SES Email Event Notification"));

    public string Confirmation(string token, DateTimeOffset now) => Message("SubscriptionConfirmation", now,
        ("Message", $"You have chosen to subscribe to the topic {SesAccount.Topic}.\nTo confirm the subscription, visit the SubscribeURL included in this message."),
        ("SubscribeURL", $"{options.Listen}/sns/?Action=ConfirmSubscription&TopicArn={SesAccount.Topic}&Token={token}"), ("Token", token));

    public void Dispose()
    {
        if (made.IsValueCreated) made.Value.Dispose();
    }

    private string Message(string type, DateTimeOffset now, params (string Name, string Value)[] fields)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["Type"] = type, ["MessageId"] = Guid.NewGuid().ToString(), ["TopicArn"] = SesAccount.Topic, ["Timestamp"] = now.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        };
        foreach (var (name, value) in fields) all[name] = value;
        var signed = string.Concat(all.Select(field => $"{field.Key}\n{field.Value}\n"));
        using var key = made.Value.GetRSAPrivateKey()!;
        all["SignatureVersion"] = "2";
        all["Signature"] = Convert.ToBase64String(key.SignData(Encoding.UTF8.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        all["SigningCertURL"] = $"{options.Listen}/SimpleNotificationService-{Name}.pem";
        return new JsonObject(all.Select(field => KeyValuePair.Create(field.Key, (JsonNode?)field.Value))).ToJsonString(SandboxJson.Wire);
    }

    private static X509Certificate2 Make()
    {
        using var key = RSA.Create(2048);
        return new CertificateRequest("CN=sns.amazonaws.com", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(20));
    }
}
