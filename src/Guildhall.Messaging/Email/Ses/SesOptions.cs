namespace Guildhall.Messaging.Email.Ses;

/// <summary>Where and as whom to call Amazon SES, and whose messages about mails are believed.</summary>
/// <param name="Api"><c>https://email.REGION.amazonaws.com</c>.</param>
/// <param name="Topic">The SNS topic that SES tells: <c>arn:aws:sns:REGION:ACCOUNT:NAME</c>. Anybody with an account there can sign messages of a topic of their own.</param>
public sealed record SesOptions(Uri Api, string Region, string KeyId, string Secret, string Topic)
{
    /// <summary>With a configuration set that publishes its events to the topic, events name our delivery, and a mail whose answer was lost is found again.</summary>
    public string? ConfigurationSet { get; init; }

    /// <summary>How old a signed message may be.</summary>
    public TimeSpan Tolerance { get; init; } = TimeSpan.FromMinutes(90);

    /// <summary>How long an answer is waited for.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);
}
