namespace Guildhall.Messaging.Email;

/// <summary>A mail server of ours.</summary>
internal sealed class SmtpSender(Uri server) : IMailSender
{
    public const string Called = "smtp";

    public string Name => Called;
    public bool KeepsMessageId => true;
    public TimeSpan? RestsFor => null;

    public Task<MailAnswer> Send(OutgoingMail mail, CancellationToken stop) => SmtpSession.Send(server, mail.From, mail.To, MailText.Compose(mail), stop);
}
