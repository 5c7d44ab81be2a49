using System.Security.Cryptography;
using System.Text.Json;

namespace Guildhall.Messaging.Push.Firebase;

/// <summary>Where and as whom to call Firebase Cloud Messaging.</summary>
/// <param name="Api"><c>https://fcm.googleapis.com</c>.</param>
/// <param name="Tokens">Where access tokens are given out: <c>token_uri</c> of the service account.</param>
/// <param name="Project">Id of the project.</param>
/// <param name="Email">The service account.</param>
/// <param name="KeyId">Which of its keys this is.</param>
/// <param name="Key">The private key, PEM.</param>
public sealed record FirebaseOptions(Uri Api, Uri Tokens, string Project, string Email, string KeyId, string Key)
{
    /// <summary>How long an answer is waited for.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The key file of a service account as it is downloaded; null when it is none.</summary>
    public static FirebaseOptions? Read(Uri api, string account)
    {
        try
        {
            var json = JsonSerializer.Deserialize<JsonElement>(account);
            string Text(string name) => json.GetProperty(name).GetString() is { Length: > 0 } text ? text : throw new FormatException(name);
            using var key = RSA.Create();
            key.ImportFromPem(Text("private_key"));
            return Text("type") is not "service_account" || !Uri.TryCreate(Text("token_uri"), UriKind.Absolute, out var tokens) ? null
                : new FirebaseOptions(api, tokens, Text("project_id"), Text("client_email"), Text("private_key_id"), Text("private_key"));
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or CryptographicException) { return null; }
    }
}
