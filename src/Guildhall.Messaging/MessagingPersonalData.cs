using System.Text.Json;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;

namespace Guildhall.Messaging;

/// <summary>What this module holds about a person: where they are written to, what they were told, and what became of each message.</summary>
internal static class MessagingPersonalData
{
    public static PersonalData Part { get; } = new("messages", Read, PersonalData.NoObjection, Erase);

    private sealed record Recipient(string Email, string? Phone, string DisplayName, string Language, string Zone);
    private sealed record Notice(string Template, JsonElement Facts, DateTimeOffset CreatedAt, DateTimeOffset? ReadAt);
    private sealed record Suppressed(string Channel, byte[] Address, string Reason, string Source, DateTimeOffset SuppressedAt);
    private sealed record Device(string Platform, DateTimeOffset RegisteredAt);
    private sealed record Wish(string Category, string Channel, bool Wanted, DateTimeOffset ChangedAt);
    private sealed record Quiet(int FromMinute, int UntilMinute, DateTimeOffset ChangedAt);
    private sealed record Spoken(int Bytes, DateTimeOffset MadeAt);
    private sealed record Sent(string Channel, string Template, string State, DateTimeOffset CreatedAt, DateTimeOffset? SentAt);

    private static async Task<object> Read(Database database, Guid person, CancellationToken stop)
    {
        var args = new { person, most = PersonalData.Most };
        var suppressed = await database.List<Suppressed>("select channel, address, reason, source, suppressed_at from messaging.suppressions where person_id = @person order by id desc limit @most", args, stop);
        var open = await PersonKeys.Opener(database, suppressed.Count == 0 ? [] : [person], stop);
        return new
        {
            recipient = await database.Find<Recipient>("select email, phone, display_name, language, zone from messaging.recipients where person_id = @person", new { person }, stop),
            notices = await database.List<Notice>("select template, facts::text as facts, created_at, read_at from messaging.notices where person_id = @person order by id desc limit @most", args, stop),
            deliveries = await database.List<Sent>("select channel, template, state, created_at, sent_at from messaging.deliveries where person_id = @person order by id desc limit @most", args, stop),
            pushDevices = await database.List<Device>("select platform, registered_at from messaging.push_devices where person_id = @person order by registered_at desc limit @most", args, stop),
            preferences = await database.List<Wish>("select category, channel, wanted, changed_at from messaging.preferences where person_id = @person order by category, channel limit @most", args, stop),
            quietHours = await database.Find<Quiet>("select starts as from_minute, ends as until_minute, changed_at from messaging.quiet_hours where person_id = @person", new { person }, stop),
            readOut = await database.List<Spoken>("select length(audio) as bytes, made_at from messaging.voices where person_id = @person order by made_at desc limit @most", args, stop),
            suppressedAddresses = suppressed.Select(s => new { s.Channel, Address = open(person, s.Address), s.Reason, s.Source, s.SuppressedAt }).ToArray(),
        };
    }

    // That something was sent, and when, stays; to whom and what it said does not. A server's answer may repeat the address.
    private static async Task Erase(Transaction tx, Guid person)
    {
        await Recipients.Forget(tx, person);
        await tx.Change("update messaging.notices set facts = '{}' where person_id = @person", new { person });
        await tx.Change("delete from messaging.push_devices where person_id = @person", new { person });
        await tx.Change("delete from messaging.preferences where person_id = @person", new { person });
        await tx.Change("delete from messaging.voices where person_id = @person", new { person });
        await tx.Change("delete from messaging.bursts where person_id = @person", new { person });
        await tx.Change("delete from messaging.quiet_hours where person_id = @person", new { person });
        await tx.Change("delete from messaging.suppressions where person_id = @person", new { person });
        await tx.Change("update messaging.deliveries set secrets = null, address_key = null where person_id = @person and (secrets is not null or address_key is not null)", new { person });
        await tx.Change("update messaging.delivery_log set reply = null where reply is not null and delivery_id in (select id from messaging.deliveries where person_id = @person)", new { person });
    }
}
