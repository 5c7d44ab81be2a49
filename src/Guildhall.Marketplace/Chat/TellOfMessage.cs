using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Messaging;

namespace Guildhall.Marketplace.Chat;

/// <summary>Tells somebody of a message that is still unread after a while: once for all that came meanwhile.</summary>
internal sealed record TellOfMessage(ChatId Chat, Guid Person, long Seq) : IJob
{
    public static string Kind => "tell_of_message";

    public static async Task Run(Transaction tx, TellOfMessage job)
    {
        if (!await tx.Get<bool>(IsUnread, new { job.Chat, job.Person, job.Seq })) return;
        await Notify.Person(tx, job.Person, "new_message", new Dictionary<string, string>(StringComparer.Ordinal) { ["link"] = $"/chats/{job.Chat}" }, uniqueKey: $"{job.Chat}:{job.Seq}");
    }

    private const string IsUnread = """
        select not exists (select 1 from marketplace.chat_reads where chat_id = @Chat and person_id = @Person and seq >= @Seq)
        """;
}
