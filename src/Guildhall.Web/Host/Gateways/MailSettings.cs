using Guildhall.Messaging;
using Guildhall.Messaging.Email.SendGrid;
using Guildhall.Messaging.Email.Ses;

namespace Guildhall.Web.Host.Gateways;

/// <summary>What the operator says about who carries mail: <c>GUILDHALL_SENDGRID_…</c>, <c>GUILDHALL_SES_…</c> and the order in <c>GUILDHALL_MAIL_SENDERS</c>.</summary>
internal static class MailSettings
{
    /// <summary>The public half of the key that the sandbox signs with: everybody has the other half.</summary>
    internal const string SandboxWebhookKey = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE4clmowimPTLzjrjZvLTgCI3wtrWH3tuu4KW2veRt8AIdiS/Wt0Tv1s/9efhX/kh3TnDZehc0Tl7FcTHFInFCyQ==";

    public static SendGridOptions? SendGrid(IConfiguration config, bool sandbox, List<string> wrong)
    {
        var set = new GatewayVariables(config, "SENDGRID", wrong);
        var (key, webhooks, before) = (set.Secret("KEY"), set.Text("WEBHOOK_KEY"), wrong.Count);
        if (key is null && webhooks is null && set.Text("API") is null && set.Text("KEY_FILE") is null) return null;
        string[] keys = (webhooks ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (key is null || keys.Length == 0) set.Wrong("GUILDHALL_SENDGRID_KEY and GUILDHALL_SENDGRID_WEBHOOK_KEY belong together: set both or none. The second is the verification key of the signed event webhook.");
        else if (keys.Any(k => !SendGridOptions.IsWebhookKey(k))) set.Wrong("GUILDHALL_SENDGRID_WEBHOOK_KEY is no public key on P-256 in base 64: copy the verification key of the signed event webhook.");
        if (!sandbox && (key is "SG.guildhall_sandbox" || keys.Contains(SandboxWebhookKey, StringComparer.Ordinal)))
            set.Wrong("GUILDHALL_SENDGRID_KEY or GUILDHALL_SENDGRID_WEBHOOK_KEY is the sandbox's. Put your own.");
        var tolerance = Minutes(set, "TOLERANCE_MINUTES", 10);
        var api = set.Address("API", "https://api.sendgrid.com", sandbox);
        return wrong.Count == before ? new SendGridOptions(api!, key!, keys) { Tolerance = tolerance } : null;
    }

    public static SesOptions? Ses(IConfiguration config, bool sandbox, List<string> wrong)
    {
        var set = new GatewayVariables(config, "SES", wrong);
        var (region, key, secret, topic, before) = (set.Text("REGION"), set.Text("KEY_ID"), set.Secret("SECRET"), set.Text("TOPIC"), wrong.Count);
        if (((string[])["REGION", "KEY_ID", "SECRET", "SECRET_FILE", "TOPIC", "CONFIGURATION_SET", "API"]).All(name => set.Text(name) is null)) return null;
        if (region is null || key is null || secret is null || topic is null)
            set.Wrong("GUILDHALL_SES_REGION, GUILDHALL_SES_KEY_ID, GUILDHALL_SES_SECRET and GUILDHALL_SES_TOPIC belong together: set all four or none.");
        else if (topic.Split(':') is not ["arn", _, "sns", { Length: > 0 }, { Length: 12 }, { Length: > 0 }])
            set.Wrong("GUILDHALL_SES_TOPIC is the whole name of the topic that SES tells: arn:aws:sns:me-south-1:123456789012:guildhall-mail.");
        if (!sandbox && (key is "AKIAGUILDHALLSANDBOX" || secret is "guildhall_sandbox_ses_secret")) set.Wrong("GUILDHALL_SES_KEY_ID or GUILDHALL_SES_SECRET is the sandbox's. Put your own.");
        if (region is not null && !region.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-')) set.Wrong("GUILDHALL_SES_REGION is like me-south-1.");
        var tolerance = Minutes(set, "TOLERANCE_MINUTES", 90);
        if (wrong.Count > before || set.Address("API", $"https://email.{region}.amazonaws.com", sandbox) is not { } api) return null;
        return new SesOptions(api, region!, key!, secret!, topic!) { ConfigurationSet = set.Text("CONFIGURATION_SET"), Tolerance = tolerance };
    }

    /// <summary>The named order; null when there is none.</summary>
    /// <param name="setUp">The senders that are set up.</param>
    public static IReadOnlyList<string>? Order(IConfiguration config, Func<string, bool> setUp, List<string> wrong)
    {
        var set = new GatewayVariables(config, "MAIL", wrong);
        if (set.Text("SENDERS") is not { } text) return null;
        string[] names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var known = string.Join(", ", MessagingOptions.AllSenders);
        foreach (var name in names)
        {
            if (!MessagingOptions.AllSenders.Contains(name, StringComparer.Ordinal)) set.Wrong($"GUILDHALL_MAIL_SENDERS has {name}; the senders there are: {known}.");
            else if (!setUp(name)) set.Wrong($"GUILDHALL_MAIL_SENDERS has {name}, which is not set up: set its variables or leave it out. docs/operations.md says which.");
        }
        if (names.Distinct(StringComparer.Ordinal).Count() != names.Length || names.Length == 0) set.Wrong($"GUILDHALL_MAIL_SENDERS names each sender once, in the order in which they are tried, with a comma between: {known}.");
        return names;
    }

    private static TimeSpan Minutes(GatewayVariables set, string variable, int otherwise)
    {
        if (set.Text(variable) is not { } text) return TimeSpan.FromMinutes(otherwise);
        if (int.TryParse(text, out var minutes) && minutes is >= 1 and <= 10_080) return TimeSpan.FromMinutes(minutes);
        set.Wrong($"{set.Full(variable)} is a number of minutes from 1 to 10080.");
        return default;
    }
}
