using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;

namespace Guildhall.Marketplace.Chat;

public enum ChatState { Open, Closed }

/// <summary><c>Moderated</c>: staff closed it after a report.</summary>
public enum ChatCloseReason { Completed, Cancelled, Moderated }

/// <summary>What an entry is. <c>Paused</c>: one side blocked the other; <c>Resumed</c>: nobody blocks any more.</summary>
public enum MessageKind { Text, Closed, Paused, Resumed }

/// <summary>The conversation of one paid booking. <c>LastSeq</c> counts its entries without gaps; its row's lock puts them in order.</summary>
internal sealed record Chat(ChatId Id, BookingId BookingId, Guid CustomerId, Guid ProviderAccountId, string ProviderName, string ServiceName, ChatState State,
    ChatCloseReason? CloseReason, long LastSeq, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt)
{
    public bool Has(Caller caller) => caller.Is(CustomerId) || caller.Is(ProviderAccountId);

    public Guid Other(Guid person) => person == CustomerId ? ProviderAccountId : CustomerId;
}

internal static class ChatRows
{
    public const string Select = """
        select c.id, c.booking_id, c.customer_id, c.provider_account_id, p.display_name as provider_name, b.service_name, c.state, c.close_reason, c.last_seq, c.opened_at, c.closed_at
        from marketplace.chats c join marketplace.bookings b on b.id = c.booking_id join marketplace.providers p on p.id = b.provider_id
        """;

    public static Task<Chat?> Find(Database database, ChatId id, CancellationToken stop) => database.Find<Chat>(Select + " where c.id = @id", new { id }, stop);

    public static Task<Chat?> Lock(Transaction tx, ChatId id) => tx.Find<Chat>(Select + " where c.id = @id for update of c", new { id });

    /// <summary>Opens the chat of a booking whose money was captured.</summary>
    public static Task Open(Transaction tx, Booking booking) => tx.ChangeOne(Insert, new
    {
        id = tx.NewId<ChatId>(), booking = booking.Id, booking.CustomerId, booking.ProviderAccountId, now = tx.Now,
    });

    /// <summary>Closes it for writing; the closing is its last entry, so everybody who follows it sees it in its place.</summary>
    public static async Task Close(Transaction tx, BookingId booking, ChatCloseReason reason)
    {
        if (await tx.Find<Closed>(MarkClosed, new { booking, reason, now = tx.Now }) is { } chat) await AddClosing(tx, chat, reason);
    }

    /// <summary>Staff close it; its booking goes on.</summary>
    public static async Task Close(Transaction tx, ChatId id)
    {
        if (await tx.Find<Closed>(MarkModerated, new { id, now = tx.Now }) is { } chat) await AddClosing(tx, chat, ChatCloseReason.Moderated);
    }

    private static async Task AddClosing(Transaction tx, Closed chat, ChatCloseReason reason)
    {
        await tx.ChangeOne(InsertClosing, new { id = tx.NewId<MessageId>(), chat = chat.Id, chat.LastSeq, text = Names.Of(reason), now = tx.Now });
        tx.Hint(ChatTopic.Of(chat.Id));
    }

    private sealed record Closed(ChatId Id, long LastSeq);

    private const string Insert = """
        insert into marketplace.chats (id, booking_id, customer_id, provider_account_id, opened_at) values (@id, @booking, @CustomerId, @ProviderAccountId, @now)
        """;

    private const string MarkClosed = """
        update marketplace.chats set state = 'closed', close_reason = @reason, closed_at = @now, last_seq = last_seq + 1
        where booking_id = @booking and state = 'open' returning id, last_seq
        """;

    private const string MarkModerated = """
        update marketplace.chats set state = 'closed', close_reason = 'moderated', closed_at = @now, last_seq = last_seq + 1 where id = @id and state = 'open' returning id, last_seq
        """;

    private const string InsertClosing = """
        insert into marketplace.messages (id, chat_id, seq, kind, text, sent_at) values (@id, @chat, @LastSeq, 'closed', @text, @now)
        """;
}
