namespace Guildhall.Marketplace.Chat;

/// <summary>One entry of a chat. <c>Seq</c> is its place, without gaps from 1. A closing entry has no author; its text is the reason,
/// <c>completed</c>, <c>cancelled</c> or <c>moderated</c>. Entries that pause and resume have none either.</summary>
public sealed record MessageView(MessageId Id, long Seq, MessageKind Kind, Guid? AuthorId, string? ClientId, string Text, DateTimeOffset SentAt);

internal static class MessageRows
{
    public const string Select = "select m.id, m.seq, m.kind, m.author_id, m.client_id, m.text, m.sent_at from marketplace.messages m";

    public const string After = Select + " where m.chat_id = @chat and m.seq > @after order by m.seq limit @limit";
}
