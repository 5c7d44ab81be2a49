using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Moderation;

namespace Guildhall.Marketplace.Chat;

/// <summary>Topic <c>chat-presence:cht_…</c>: which of the two sides has an open chat before them, on any node. Whoever follows it is seen by the other side of that chat and by nobody else;
/// in a chat that is closed or paused nobody is seen. Nothing is stored.</summary>
internal static class ChatPresence
{
    /// <summary>Accounts that are there.</summary>
    public sealed record Here(IReadOnlyList<Guid> People);

    public static StreamTopic Topic(StreamPresence presence) => new("chat-presence", MayFollow, (database, argument, after, stop) => Fetch(database, presence, argument, after, stop)) { ShowsFollowers = true };

    private static async Task<bool> MayFollow(Database database, Caller caller, string argument, CancellationToken stop) =>
        Id.TryParse<ChatId>(argument, out var id) && await ChatRows.Find(database, id, stop) is { State: ChatState.Open } chat && chat.Has(caller);

    // A number that is not the one seen last means a change, also where it was given by another node.
    private static async Task<IReadOnlyList<StreamEvent>> Fetch(Database database, StreamPresence presence, string argument, long after, CancellationToken stop)
    {
        var (version, people) = presence.Of($"chat-presence:{argument}");
        if (version == after || !Id.TryParse<ChatId>(argument, out var id)) return [];
        var isShown = await ChatRows.Find(database, id, stop) is { State: ChatState.Open } chat && !await PersonBlocks.Between(database, chat.CustomerId, chat.ProviderAccountId, stop);
        return [new StreamEvent(version, "chat-presence", new Here(isShown ? people : []))];
    }
}
