using System.Security.Cryptography;
using System.Text.Json;
using Guildhall.Messaging.Push.Firebase;
using Guildhall.Web.Host.Gateways;
using Microsoft.Extensions.Configuration;

namespace Guildhall.Tests.Messaging.Push;

[Covers("N-6", "O-1")]
public sealed class FirebaseSettingsTests
{
    [Fact]
    public void The_key_file_says_everything_and_without_it_nothing_is_pushed()
    {
        Read(null).Options.ShouldBeNull();
        Read(null).Wrong.ShouldBeEmpty();
        var (options, wrong) = Read(Account());
        wrong.ShouldBeEmpty();
        (options!.Api.AbsoluteUri, options.Project, options.Email, options.KeyId, options.Tokens.Host).ShouldBe(("https://fcm.googleapis.com/", "shop", "push@shop.test", "k1", "oauth2.googleapis.com"));
    }

    [Fact]
    public void What_is_wrong_with_it_is_said_without_the_key()
    {
        foreach (var bad in new[] { "nonsense", "7", "{}", Account(type: "authorized_user"), Account(key: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----") })
        {
            var sentence = Read(bad).Wrong.ShouldHaveSingleItem();
            sentence.ShouldContain("not the key file of a service account");
            sentence.ShouldNotContain("BEGIN");
        }
        Read(Account(tokens: "http://127.0.0.1:1/token")).Wrong.ShouldHaveSingleItem().ShouldContain("token_uri");
        Read(Account(tokens: "http://127.0.0.1:1/token"), sandbox: true).Wrong.ShouldBeEmpty();
        Read(Account(project: "guildhall-sandbox")).Wrong.ShouldHaveSingleItem().ShouldContain("the sandbox's");
        Read(null, api: "https://fcm.test").Wrong.ShouldHaveSingleItem().ShouldContain("GUILDHALL_FIREBASE_ACCOUNT_FILE");
        Read(Account(), api: "http://fcm.test").Wrong.ShouldHaveSingleItem().ShouldContain("must be https");
    }

    private static (FirebaseOptions? Options, List<string> Wrong) Read(string? account, bool sandbox = false, string? api = null)
    {
        var wrong = new List<string>();
        var config = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["GUILDHALL_FIREBASE_ACCOUNT"] = account, ["GUILDHALL_FIREBASE_API"] = api }).Build();
        return (FirebaseSettings.Read(config, sandbox, wrong), wrong);
    }

    private static string Account(string type = "service_account", string project = "shop", string? key = null, string tokens = "https://oauth2.googleapis.com/token")
    {
        using var rsa = RSA.Create(2048);
        return JsonSerializer.Serialize(new { type, project_id = project, private_key_id = "k1", private_key = key ?? rsa.ExportPkcs8PrivateKeyPem(), client_email = "push@shop.test", token_uri = tokens });
    }
}
