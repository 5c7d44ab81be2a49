namespace Guildhall.Sandbox.Mail;

internal sealed record StoredMail(
    string Id,
    string From,
    string[] Recipients,
    string Subject,
    string Text,
    string? Html,
    DateTimeOffset At,
    string Via = "smtp",
    IReadOnlyDictionary<string, string>? Headers = null)
{
    public string To => string.Join(", ", Recipients);

    public static string KeyOf(string recipient) => "to:" + recipient.Trim().ToLowerInvariant();
}
