using Guildhall.Foundation.Data;

namespace Guildhall.Marketplace.Chat;

/// <summary>A chat of a customer with messages that they have not read.</summary>
public sealed record UnreadChat(ChatId Id, BookingId BookingId, string ServiceName, string ProviderName, long Unread, DateTimeOffset LastMessageAt);

internal static class UnreadChats
{
    /// <summary>Those of the customer, the newest message first, at most 50.</summary>
    public static Task<IReadOnlyList<UnreadChat>> Of(Database database, Guid customer, CancellationToken stop) => database.List<UnreadChat>(Select, new { customer }, stop);

    private const string Select = """
        select t.id, t.booking_id, t.service_name, t.provider_name, t.unread, t.last_message_at from (
            select c.id, c.booking_id, b.service_name, p.display_name as provider_name, c.last_message_at,
                (select count(*) from marketplace.messages m where m.chat_id = c.id and m.seq > coalesce(r.seq, 0) and m.author_id <> @customer) as unread
            from marketplace.chats c join marketplace.bookings b on b.id = c.booking_id join marketplace.providers p on p.id = b.provider_id
                left join marketplace.chat_reads r on r.chat_id = c.id and r.person_id = @customer
            where c.customer_id = @customer and c.last_seq > coalesce(r.seq, 0) and c.last_message_at is not null) t
        where t.unread > 0 order by t.last_message_at desc, t.id limit 50
        """;
}
