using System.Text.Json;
using Guildhall.Messaging;
using Guildhall.Messaging.Delivery;

namespace Guildhall.Tests.Messaging.Email;

/// <summary>One mail to somebody new, and what became of it.</summary>
internal sealed record Letter(World World, Guid Person, string Address, DeliveryId Id)
{
    /// <summary>Every attempt and every word about it: <c>state sender REASON</c>.</summary>
    public async Task<IReadOnlyList<string>> Log() => await World.Database.Column<string>("""
        select concat_ws(' ', state, sender, reason) from messaging.delivery_log where delivery_id = $1 order by id
        """, Id.Value);

    public async Task Comes(params string[] log) =>
        await Eventually.True(async () => (await Log()).SequenceEqual(log, StringComparer.Ordinal), async () => $"The log is {string.Join(", ", await Log())}");

    /// <summary>The newest line comes to be this.</summary>
    public async Task Ends(string line) =>
        await Eventually.True(async () => (await Log()) is [.., var last] && last == line, async () => $"The log is {string.Join(", ", await Log())}");

    public async Task IsDelivered() => await World.EventuallyOr("Nobody told that it was delivered.",
        async () => await World.Database.Value<bool>("select delivered_at is not null from messaging.deliveries where id = $1", Id.Value));

    public async Task<DeliveryLog.Entry> Entry() => (await DeliveryLog.Newest(World.Data(), Person, 1, default)).Single();

    public Task<IReadOnlyList<JsonElement>> Mailbox() => World.Gateway.MailTo(Address);
}

internal static class Letters
{
    public static async Task<Letter> Writes(this World world, string language = "en", string domain = "mail.test")
    {
        var person = Guid.CreateVersion7();
        var address = $"{person:n}@{domain}";
        var id = await world.Data().InTransaction(async tx =>
        {
            await Recipients.Put(tx, person, address, "Sömebody", language, "UTC");
            await Notify.Person(tx, person, "new_message", new Dictionary<string, string>(StringComparer.Ordinal) { ["link"] = "/" });
            return await tx.Get<DeliveryId>("select id from messaging.deliveries where person_id = @person", new { person });
        });
        return new Letter(world, person, address, id);
    }
}
