using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Firebase;

/// <summary>The only service account that the simulated Google knows. Its key file, private half and all, is made once per folder for the product to use, as Google's console gives
/// one to be downloaded; the access tokens it has are remembered until the sandbox stops.</summary>
internal sealed class FirebaseAccount(SandboxOptions options) : IDisposable
{
    public const string Project = "guildhall-sandbox", Email = "push@guildhall-sandbox.iam.gserviceaccount.com", KeyId = "guildhall-sandbox-key";
    public const string Scope = "https://www.googleapis.com/auth/firebase.messaging";
    public const int Lives = 3599;

    private readonly ConcurrentDictionary<string, long> given = new(StringComparer.Ordinal);
    private readonly Lazy<(string File, RSA Key)> made = new(() => Make(Path.Combine(options.Data, "firebase-account.json"), options.Listen + "/google/token"));

    /// <summary>The key file as it is downloaded.</summary>
    public string KeyFile => made.Value.File;

    public void Dispose()
    {
        if (made.IsValueCreated) made.Value.Key.Dispose();
    }

    /// <summary>An access token for a good assertion; otherwise what is wrong with it.</summary>
    public (string? Token, string Wrong) Exchange(string assertion, long now)
    {
        if (assertion.Split('.') is not [var header, var claims, var signature] || Part(header) is not { } head || Part(claims) is not { } claim || !Base64Url.IsValid(signature)) return (null, "Invalid JWT: not three parts.");
        if (Text(head, "alg") != "RS256" || Text(head, "kid") != KeyId) return (null, "Invalid JWT: no key fits its header.");
        if (!made.Value.Key.VerifyData(Encoding.ASCII.GetBytes($"{header}.{claims}"), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)) return (null, "Invalid JWT Signature.");
        if (Text(claim, "iss") != Email) return (null, "Invalid grant: account not found");
        if (Text(claim, "aud") != options.Listen + "/google/token") return (null, "Invalid JWT: wrong audience.");
        if (Text(claim, "scope") != Scope) return (null, "Invalid JWT: no such scope.");
        if (Number(claim, "iat") is not { } from || Number(claim, "exp") is not { } until || until - from > 3600 || from > now + 60 || until <= now)
            return (null, "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.");
        var token = "ya29." + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        given[token] = now + Lives;
        return (token, "");
    }

    public bool Knows(string token, long now) => given.TryGetValue(token, out var until) && now < until;

    /// <summary>Every access token ends now.</summary>
    public void EndAll() => given.Clear();

    private static (string, RSA) Make(string path, string tokens)
    {
        var key = RSA.Create(2048);
        if (File.Exists(path) && File.ReadAllText(path) is var kept && kept.Contains($"\"{tokens}\"", StringComparison.Ordinal))
        {
            key.ImportFromPem(JsonSerializer.Deserialize<JsonElement>(kept).GetProperty("private_key").GetString());
            return (kept, key);
        }
        var file = JsonSerializer.Serialize(new
        {
            type = "service_account", project_id = Project, private_key_id = KeyId, private_key = key.ExportPkcs8PrivateKeyPem() + "\n", client_email = Email, token_uri = tokens,
        }, SandboxJson.Wire);
        File.WriteAllText(path, file);
        return (file, key);
    }

    private static JsonElement? Part(string part)
    {
        try { return JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(part)) is { ValueKind: JsonValueKind.Object } json ? json : null; }
        catch (Exception wrong) when (wrong is JsonException or FormatException) { return null; }
    }

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static long? Number(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;
}
