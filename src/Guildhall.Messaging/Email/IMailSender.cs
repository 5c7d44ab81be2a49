using Guildhall.Messaging.Templates;

namespace Guildhall.Messaging.Email;

/// <summary>Somebody who carries mail: a mail server, or a company with an API.</summary>
internal interface IMailSender
{
    /// <summary>Stable; stands in the log, in the settings and in the status.</summary>
    string Name { get; }

    /// <summary>Whether a message whose answer was lost may be handed over again: our Message-ID goes with it, so the recipient's side can tell a repeat. Where it does not,
    /// such a message stays <c>unknown</c> until the sender tells what became of it.</summary>
    bool KeepsMessageId { get; }

    /// <summary>How long nothing is handed over yet, since it has not answered lately; null when it may be.</summary>
    TimeSpan? RestsFor { get; }

    /// <summary>Hands one message over, at most once. Never throws but for cancellation before that.</summary>
    Task<MailAnswer> Send(OutgoingMail mail, CancellationToken stop);
}

/// <summary>One message on its way. The addresses have been checked: see <see cref="MailText.Address"/>.</summary>
/// <param name="Unsubscribe">Where its kind is switched off by one click; null where it cannot be.</param>
internal sealed record OutgoingMail(DeliveryId Delivery, string From, string To, string ToName, DateTimeOffset At, Rendered Message, Uri? Unsubscribe);

/// <summary>What came of handing a message over.</summary>
/// <param name="Ref">The sender's own id of the message.</param>
/// <param name="Rests">Nothing was tried: when to come again.</param>
/// <param name="AddressRefused">A refusal for good that blames the recipient's address, not the message.</param>
internal readonly record struct MailAnswer(MailOutcome Outcome, string Reply, string? Ref = null, bool AddressRefused = false, TimeSpan? Rests = null);

/// <summary>What became of a message at the sender.</summary>
internal enum MailOutcome
{
    /// <summary>It was taken.</summary>
    Accepted,

    /// <summary>Not now, and surely not taken: no connection, or an answer that says so.</summary>
    Deferred,

    /// <summary>Surely not taken, since our key or password is not.</summary>
    NotLetIn,

    /// <summary>Never: the answer blames the message or its recipient.</summary>
    Refused,

    /// <summary>The message was handed over and no answer came that can be relied on: it may have been taken.</summary>
    Unknown,
}

/// <summary>The senders in use, in the order in which they are tried.</summary>
internal sealed class MailSenders(IReadOnlyList<IMailSender> inUse)
{
    public IReadOnlyList<IMailSender> InUse => inUse;

    /// <summary>Whoever may hand over a message that one of them may have: nobody else, and that one only where a repeat can be told.</summary>
    public IEnumerable<IMailSender> Allowed(string? doubt) => doubt is null ? inUse : inUse.Where(s => s.KeepsMessageId && string.Equals(s.Name, doubt, StringComparison.Ordinal));
}
