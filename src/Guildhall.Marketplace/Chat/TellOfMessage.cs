using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Messaging;

namespace Guildhall.Marketplace.Chat;

/// <summary>Tells somebody of messages of the other side that stay unread for a while: once for all that are there by then. What was read meanwhile counts no more, and what came after it has its own while.</summary>
/// <param name="Seq">Of the message that queued it.</param>
internal sealed record TellOfMessage(ChatId Chat, Guid Person, long Seq) : IJob
{
    public static readonly TimeSpan After = TimeSpan.FromMinutes(1);

    public static string Kind => "tell_of_message";

    private sealed record Unread(DateTimeOffset? Oldest, long? Newest);

    public static async Task Run(Transaction tx, TellOfMessage job)
    {
        if (await tx.Get<Unread>(UnreadSql, new { job.Chat, job.Person }) is not { Oldest: { } oldest, Newest: { } newest }) return;
        if (oldest + After > tx.Now) throw new RunAgainException(oldest + After - tx.Now);
        await Notify.Person(tx, job.Person, "new_message", new Dictionary<string, string>(StringComparer.Ordinal) { ["link"] = $"/chats/{job.Chat}" }, uniqueKey: $"{job.Chat}:{newest}");
    }

    private const string UnreadSql = """
        select min(m.sent_at) as oldest, max(m.seq) as newest from marketplace.messages m
        where m.chat_id = @Chat and m.kind = 'text' and m.author_id <> @Person
            and m.seq > coalesce((select r.seq from marketplace.chat_reads r where r.chat_id = @Chat and r.person_id = @Person), 0)
        """;
}
