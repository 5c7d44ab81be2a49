using Guildhall.Foundation.Data;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Chat;

namespace Guildhall.Marketplace.Moderation;

/// <summary>Somebody whom the caller has blocked. <c>Chat</c>: the one from which.</summary>
public sealed record BlockView(BlockId Id, ChatId Chat, string Name, DateTimeOffset BlockedAt);

/// <summary>Blocks between two people. They begin and end under the advisory locks of both and with their open chats locked, so that whatever holds a slot or writes a message comes wholly
/// before or after.</summary>
internal static class PersonBlocks
{
    /// <summary>What whoever books locks as well, see <see cref="HoldSlot"/>.</summary>
    public static string Holder(Guid person) => $"holder:{person:n}";

    /// <summary>Whether one of the two has blocked the other. Ask it with the lock held that the act needs: the holder's, or the chat's.</summary>
    public static Task<bool> Between(Transaction tx, Guid one, Guid other) => tx.Get<bool>(BetweenSql, new { one, other });

    /// <summary>The same for who only reads.</summary>
    public static async Task<bool> Between(Database database, Guid one, Guid other, CancellationToken stop) => (await database.List<bool>(BetweenSql, new { one, other }, stop))[0];

    /// <summary>Whether the first has blocked the second, by their own wish.</summary>
    public static Task<bool> Stands(Transaction tx, Guid blocker, Guid blocked) =>
        tx.Get<bool>("select exists (select 1 from marketplace.person_blocks where lifted_at is null and blocker_id = @blocker and blocked_id = @blocked)", new { blocker, blocked });

    /// <summary>Locks both people, then their open chats by id, and answers these.</summary>
    public static async Task<IReadOnlyList<ChatId>> Lock(Transaction tx, Guid one, Guid other)
    {
        await Claims.Lock(tx, [], Holder(one), Holder(other));
        return await tx.List<ChatId>(LockChats, new { one, other });
    }

    /// <summary>Adds the entry that says so to each chat: everybody who follows one learns of it in its place.</summary>
    public static async Task Note(Transaction tx, IReadOnlyList<ChatId> chats, MessageKind kind)
    {
        foreach (var chat in chats)
        {
            var seq = await tx.Get<long>("update marketplace.chats set last_seq = last_seq + 1 where id = @chat returning last_seq", new { chat });
            await tx.ChangeOne(InsertNote, new { id = tx.NewId<MessageId>(), chat, seq, kind, now = tx.Now });
            tx.Hint(ChatTopic.Of(chat));
            tx.Hint(ChatTopic.StateOf(chat));
        }
    }

    private const string BetweenSql = """
        select exists (select 1 from marketplace.person_blocks where lifted_at is null and (blocker_id = @one and blocked_id = @other or blocker_id = @other and blocked_id = @one))
        """;

    private const string LockChats = """
        select c.id from marketplace.chats c
        where c.state = 'open' and (c.provider_account_id = @one and c.customer_id = @other or c.provider_account_id = @other and c.customer_id = @one) order by c.id for update of c
        """;

    private const string InsertNote = """
        insert into marketplace.messages (id, chat_id, seq, kind, text, sent_at) values (@id, @chat, @seq, @kind, '-', @now)
        """;
}
