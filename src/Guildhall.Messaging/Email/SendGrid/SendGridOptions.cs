namespace Guildhall.Messaging.Email.SendGrid;

/// <summary>Where and as whom to call SendGrid, and by what its messages are known.</summary>
/// <param name="Api"><c>https://api.sendgrid.com</c>, or its house in the EU.</param>
/// <param name="Key"><c>SG.…</c>, with the right to send mail.</param>
/// <param name="WebhookKeys">Public keys of the signed event webhook, base 64 of the DER form: one, or two while one is being replaced.</param>
public sealed record SendGridOptions(Uri Api, string Key, IReadOnlyList<string> WebhookKeys)
{
    /// <summary>How old a signed message may be.</summary>
    public TimeSpan Tolerance { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether this is a public key that events can be checked with: on P-256, base 64 of the DER form.</summary>
    public static bool IsWebhookKey(string key) => SendGridSignature.IsKey(key);

    /// <summary>How long an answer is waited for.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);
}
