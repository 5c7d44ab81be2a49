using System.Security.Cryptography;
using System.Text;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Messaging.Sms;

namespace Guildhall.Messaging.Suppressions;

/// <summary>What a provider says about the address of a message.</summary>
/// <param name="Address">Null: it did not say which.</param>
internal sealed record Blame(SuppressionReason Reason, string? Address);

/// <summary>The list itself. An address is found by its keyed hash; a word about another address than the one we wrote to is not taken.</summary>
internal static class SuppressionList
{
    public const string Email = "email", Sms = "sms";
    private const string Purpose = "messaging-address";

    private sealed record Sent(Guid PersonId, byte[]? AddressKey, string? Email);

    private sealed record Found(SuppressionReason? Reason);

    /// <summary>The same for every way of writing an address.</summary>
    public static byte[] Key(string channel, string address) => PersonKeys.Blind(Purpose, $"{channel} {address.Trim().ToLowerInvariant()}");

    /// <summary>Notes where this attempt goes, before anybody is called. The reason when nothing may be sent there.</summary>
    /// <param name="askedFor">The person waits for this very message.</param>
    public static async Task<SuppressionReason?> Check(Database database, DeliveryId delivery, int attempt, string channel, string address, bool askedFor, CancellationToken stop)
    {
        var found = await database.Find<Found>(CheckSql, new { delivery, attempt, channel, key = Key(channel, address) }, stop);
        return found?.Reason is { } reason && !(askedFor && reason.IsWish()) ? reason : null;
    }

    /// <summary>Puts the address of a delivery on the list. What came back for good outweighs a wish.</summary>
    /// <param name="source">Who said so: a sender's name.</param>
    public static async Task Put(Transaction tx, DeliveryId delivery, string channel, string source, Blame blame)
    {
        if (await tx.Find<Sent>(SentSql, new { delivery }) is not { AddressKey: { } key } sent) return;
        if ((blame.Address ?? sent.Email) is not { Length: > 1 } address || !CryptographicOperations.FixedTimeEquals(Key(channel, address), key)) return;
        await tx.Change(PutSql, new
        {
            id = tx.NewId<SuppressionId>(), sent.PersonId, channel, key, address = await PersonKeys.Seal(tx, sent.PersonId, address), hint = channel is Sms ? Texts.Hint(address) : MailHint(address),
            blame.Reason, source, delivery, now = tx.Now, wishes = Enum.GetValues<SuppressionReason>().Where(r => r.IsWish()).Select(Names.Of).ToArray(), lasting = !blame.Reason.IsWish(),
        });
    }

    /// <summary>The person who has this number, or whom a message went to it last, answered that they want no more. Nobody: there is nothing to stop.</summary>
    public static async Task PutAnswered(Transaction tx, string channel, string address, string source)
    {
        var key = Key(channel, address);
        if (await tx.Find<Answered>(AnsweredSql, new { channel, key, address }) is not { } to) return;
        await tx.Change(PutSql, new
        {
            id = tx.NewId<SuppressionId>(), to.PersonId, channel, key, address = await PersonKeys.Seal(tx, to.PersonId, address), hint = Texts.Hint(address), Reason = SuppressionReason.Unsubscribed, source,
            delivery = to.Delivery, now = tx.Now, wishes = Array.Empty<string>(), lasting = false,
        });
    }

    /// <summary>The person takes back what they wished.</summary>
    public static Task Take(Transaction tx, string channel, string address, SuppressionReason reason) =>
        tx.Change("delete from messaging.suppressions where channel = @channel and address_key = @key and reason = @reason", new { channel, key = Key(channel, address), reason });

    private sealed record Answered(Guid PersonId, DeliveryId? Delivery);

    /// <summary>Enough to recognise one's own address.</summary>
    private static string MailHint(string address) => new StringBuilder().Append(address[0]).Append('…').Append(address.AsSpan(Math.Max(address.LastIndexOf('@'), 1))).ToString();

    private const string CheckSql = """
        with noted as (update messaging.deliveries set address_key = @key where id = @delivery and state = 'sending' and attempts = @attempt)
        select (select reason from messaging.suppressions where channel = @channel and address_key = @key) as reason
        """;

    private const string SentSql = """
        select d.person_id, d.address_key, r.email from messaging.deliveries d left join messaging.recipients r on r.person_id = d.person_id where d.id = @delivery
        """;

    private const string AnsweredSql = """
        select person_id, delivery from (
            (select person_id, id as delivery, 0 as rank from messaging.deliveries where channel = @channel and address_key = @key order by id desc limit 1)
            union all (select person_id, null::uuid, 1 from messaging.recipients where phone = @address limit 1)) found order by rank limit 1
        """;

    private const string PutSql = """
        insert into messaging.suppressions as s (id, person_id, channel, address_key, address, hint, reason, source, delivery_id, suppressed_at)
        values (@id, @PersonId, @channel, @key, @address, @hint, @Reason, @source, @delivery, @now)
        on conflict (channel, address_key) do update set reason = excluded.reason, source = excluded.source, delivery_id = excluded.delivery_id, suppressed_at = excluded.suppressed_at,
            person_id = excluded.person_id, address = excluded.address
        where @lasting and s.reason = any (@wishes)
        """;
}
