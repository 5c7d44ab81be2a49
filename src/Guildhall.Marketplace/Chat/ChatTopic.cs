using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;

namespace Guildhall.Marketplace.Chat;

/// <summary>Topics that a browser follows: <c>chat:cht_…</c> for the entries, <c>chat-state:cht_…</c> for who has read how far and who is typing.</summary>
internal static class ChatTopic
{
    public static StreamTopic Entries { get; } = new("chat", MayFollow, FetchEntries);
    public static StreamTopic States { get; } = new("chat-state", MayFollow, FetchStates);

    public static string Of(ChatId chat) => $"{Entries.Name}:{chat}";
    public static string StateOf(ChatId chat) => $"{States.Name}:{chat}";

    /// <summary>How a person stands in the chat. Times are business time.</summary>
    public sealed record Standing(Guid PersonId, long ReadSeq, DateTimeOffset? TypingUntil);

    private sealed record Row(Guid PersonId, long Seq, DateTimeOffset? TypingUntil, long Revision);

    private static async Task<bool> MayFollow(Database database, Caller caller, string argument, CancellationToken stop) =>
        Id.TryParse<ChatId>(argument, out var id) && await ChatRows.Find(database, id, stop) is { } chat && chat.Has(caller);

    // Sequences are given out under the chat row's lock, so they become visible in rising order.
    private static async Task<IReadOnlyList<StreamEvent>> FetchEntries(Database database, string argument, long after, CancellationToken stop)
    {
        var rows = await database.List<MessageView>(MessageRows.After, new { chat = IdOf(argument), after, limit = StreamTopic.MaxBatch }, stop);
        return [.. rows.Select(m => new StreamEvent(m.Seq, NameOf(m.Kind), m))];
    }

    private static string NameOf(MessageKind kind) => kind switch
    {
        MessageKind.Text => "chat-message",
        MessageKind.Closed => "chat-closed",
        MessageKind.Paused => "chat-paused",
        MessageKind.Resumed => "chat-resumed",
    };

    // The sum of both revisions rises with every change, whatever the order of commits.
    private static async Task<IReadOnlyList<StreamEvent>> FetchStates(Database database, string argument, long after, CancellationToken stop)
    {
        var rows = await database.List<Row>("select person_id, seq, typing_until, revision from marketplace.chat_reads where chat_id = @chat order by person_id limit 2",
            new { chat = IdOf(argument) }, stop);
        var seq = rows.Sum(r => r.Revision);
        return seq > after ? [new StreamEvent(seq, "chat-state", rows.Select(r => new Standing(r.PersonId, r.Seq, r.TypingUntil)))] : [];
    }

    private static ChatId IdOf(string argument) => Id.TryParse<ChatId>(argument, out var id) ? id : throw new FormatException("Not a chat's id.");
}
