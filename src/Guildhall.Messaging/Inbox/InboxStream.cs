using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;

namespace Guildhall.Messaging.Inbox;

/// <summary>The live badge: how many notices are unread, and the newest one. One event is the whole state.</summary>
internal static class InboxStream
{
    public const string Name = "inbox";

    /// <summary>What a browser gets.</summary>
    public sealed record State(long Unread, ReadInbox.Entry? Newest);

    public static StreamTopic Topic { get; } = new(Name, (_, caller, _, _) => Task.FromResult(caller.IsSignedIn), Fetch) { IsPersonal = true };

    public static void HintInbox(this Transaction tx, Guid person) => tx.Hint(StreamTopic.Of(Name, person));

    private static async Task<IReadOnlyList<StreamEvent>> Fetch(Database database, string argument, long after, CancellationToken stop)
    {
        var person = Guid.ParseExact(argument, "n");
        var seq = await database.Find<long>(Changes, new { person }, stop);
        if (seq <= after) return [];
        var page = await ReadInbox.Run(database, person, after: null, limit: 1, stop);
        return [new StreamEvent(seq, Name, new State(page.Unread, page.Items.Count > 0 ? page.Items[0] : null))];
    }

    // Notices that came plus notices that were read: rises with every change, whatever the order of commits.
    private const string Changes = "select count(*) + count(read_at) from messaging.notices where person_id = @person";
}
