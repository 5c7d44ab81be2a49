using System.Text.Json;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;

namespace Guildhall.Messaging;

/// <summary>What this module holds about a person: where they are written to, what they were told, and what became of each message.</summary>
internal static class MessagingPersonalData
{
    public static PersonalData Part { get; } = new("messages", Read, PersonalData.NoObjection, Erase);

    private sealed record Recipient(string Email, string DisplayName, string Language, string Zone);
    private sealed record Notice(string Template, JsonElement Facts, DateTimeOffset CreatedAt, DateTimeOffset? ReadAt);
    private sealed record Sent(string Channel, string Template, string State, DateTimeOffset CreatedAt, DateTimeOffset? SentAt);

    private static async Task<object> Read(Database database, Guid person, CancellationToken stop)
    {
        var args = new { person, most = PersonalData.Most };
        return new
        {
            recipient = await database.Find<Recipient>("select email, display_name, language, zone from messaging.recipients where person_id = @person", new { person }, stop),
            notices = await database.List<Notice>("select template, facts::text as facts, created_at, read_at from messaging.notices where person_id = @person order by id desc limit @most", args, stop),
            deliveries = await database.List<Sent>("select channel, template, state, created_at, sent_at from messaging.deliveries where person_id = @person order by id desc limit @most", args, stop),
        };
    }

    // That something was sent, and when, stays; to whom and what it said does not. A server's answer may repeat the address.
    private static async Task Erase(Transaction tx, Guid person)
    {
        await Recipients.Forget(tx, person);
        await tx.Change("update messaging.notices set facts = '{}' where person_id = @person", new { person });
        await tx.Change("update messaging.deliveries set secrets = null where person_id = @person and secrets is not null", new { person });
        await tx.Change("update messaging.delivery_log set reply = null where reply is not null and delivery_id in (select id from messaging.deliveries where person_id = @person)", new { person });
    }
}
