using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace Guildhall.Messaging.Email.Ses;

/// <summary>A message of Amazon SNS as it comes by HTTP. Nothing in it is believed before <see cref="Holds"/>.</summary>
internal sealed record SnsMessage(string Type, string MessageId, string TopicArn, string Message, string Timestamp, string Version, string Signature, string CertificateUrl)
{
    private const int MostSignature = 1024;

    public const string Notification = "Notification", SubscriptionConfirmation = "SubscriptionConfirmation", UnsubscribeConfirmation = "UnsubscribeConfirmation";

    public string? Subject { get; init; }
    public string? Token { get; init; }
    public string? SubscribeUrl { get; init; }

    public DateTimeOffset? At => DateTimeOffset.TryParse(Timestamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;

    /// <summary>Null: not a message of SNS.</summary>
    public static SnsMessage? Read(ReadOnlySpan<byte> body)
    {
        JsonElement json;
        try { json = JsonSerializer.Deserialize<JsonElement>(body); }
        catch (JsonException) { return null; }
        if (json.ValueKind is not JsonValueKind.Object) return null;
        return (Text("Type"), Text("MessageId"), Text("TopicArn"), Text("Message"), Text("Timestamp"), Text("SignatureVersion"), Text("Signature"), Text("SigningCertURL") ?? Text("SigningCertUrl")) is
            ({ } type, { } id, { } topic, { } message, { } timestamp, { } version, { } signature, { } certificate)
            ? new(type, id, topic, message, timestamp, version, signature, certificate) { Subject = Text("Subject"), Token = Text("Token"), SubscribeUrl = Text("SubscribeURL") ?? Text("SubscribeUrl") }
            : null;

        string? Text(string name) => json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
    }

    /// <summary>RSA PKCS#1 v1.5 over some of its fields, each as name, line end, value, line end, in the order of their names: version 2, with SHA-256. Version 1
    /// is of SHA-1 and not taken: a topic is told to sign by version 2.</summary>
    public bool Holds(X509Certificate2 certificate)
    {
        var signature = new byte[MostSignature];
        if (Version is not "2" || !Convert.TryFromBase64String(Signature, signature, out var length) || Signed() is not { } signed) return false;
        using var key = certificate.GetRSAPublicKey();
        return key is not null && key.VerifyData(Encoding.UTF8.GetBytes(signed), signature.AsSpan(0, length), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    /// <summary>What is signed; null when a field of its type is missing.</summary>
    internal string? Signed() => Type switch
    {
        Notification => Lines(("Message", Message), ("MessageId", MessageId), ("Subject", Subject), ("Timestamp", Timestamp), ("TopicArn", TopicArn), ("Type", Type)),
        SubscriptionConfirmation or UnsubscribeConfirmation when Token is not null && SubscribeUrl is not null =>
            Lines(("Message", Message), ("MessageId", MessageId), ("SubscribeURL", SubscribeUrl), ("Timestamp", Timestamp), ("Token", Token), ("TopicArn", TopicArn), ("Type", Type)),
        _ => null,
    };

    private static string Lines(params ReadOnlySpan<(string Name, string? Value)> fields)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in fields)
            if (value is not null) text.Append(name).Append('\n').Append(value).Append('\n');
        return text.ToString();
    }
}
