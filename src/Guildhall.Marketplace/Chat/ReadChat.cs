using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Chat;

/// <summary>A chat as one of its two parties sees it. Sequences read: mine, and how far the other side has come.
/// <c>Paused</c>: one of the two has blocked the other, and nothing is written. <c>MyBlock</c>: the reader's own block, to lift.</summary>
public sealed record ChatView(ChatId Id, BookingId BookingId, string ServiceName, ChatState State, ChatCloseReason? CloseReason, Guid Me, Guid Other, string OtherName,
    long LastSeq, long ReadSeq, long OtherReadSeq, long Unread, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, string? LastText, DateTimeOffset? LastMessageAt, bool Paused, BlockId? MyBlock);

/// <summary>A chat of the caller; a stranger is told that there is none.</summary>
public static class ReadChat
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/chats/{id}", async (ChatId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp())
        .WithName(nameof(ReadChat)).RequiresSignIn().Produces<ChatView>();

    public static async Task<Result<ChatView>> Run(Database database, Caller caller, ChatId id, CancellationToken stop) =>
        (await Show(database, caller, id, stop)) is [var chat] ? chat : MarketplaceRefusals.ChatNotFound;

    private sealed record Row(ChatId Id, BookingId BookingId, Guid CustomerId, Guid ProviderAccountId, string ProviderName, string ServiceName, ChatState State,
        ChatCloseReason? CloseReason, long LastSeq, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, DateTimeOffset? LastMessageAt, string? LastText,
        long ReadSeq, long OtherReadSeq, long Unread, bool Paused, BlockId? MyBlock);

    /// <summary>One chat of the caller, or the newest hundred.</summary>
    internal static async Task<IReadOnlyList<ChatView>> Show(Database database, Caller caller, ChatId? id, CancellationToken stop)
    {
        if (caller.AccountId is not { } me) return [];
        var rows = await database.List<Row>(Select, new { me, id, limit = 100 }, stop);
        var customers = await Accounts.Summaries(database, [.. rows.Where(r => r.CustomerId != me).Select(r => r.CustomerId).Distinct()], stop);
        return [.. rows.Select(r => new ChatView(r.Id, r.BookingId, r.ServiceName, r.State, r.CloseReason, me, r.CustomerId == me ? r.ProviderAccountId : r.CustomerId,
            r.CustomerId == me ? r.ProviderName : customers.TryGetValue(r.CustomerId, out var customer) ? customer.DisplayName : "",
            r.LastSeq, r.ReadSeq, r.OtherReadSeq, r.Unread, r.OpenedAt, r.ClosedAt, r.LastText, r.LastMessageAt, r.Paused, r.MyBlock))];
    }

    private const string Select = """
        select c.id, c.booking_id, c.customer_id, c.provider_account_id, p.display_name as provider_name, b.service_name, c.state, c.close_reason, c.last_seq,
            c.opened_at, c.closed_at, c.last_message_at,
            (select m.text from marketplace.messages m where m.chat_id = c.id and m.kind = 'text' order by m.seq desc limit 1) as last_text,
            coalesce(mine.seq, 0) as read_seq, coalesce(theirs.seq, 0) as other_read_seq,
            (select count(*) from marketplace.messages m where m.chat_id = c.id and m.seq > coalesce(mine.seq, 0) and m.author_id <> @me) as unread,
            exists (select 1 from marketplace.person_blocks k where k.lifted_at is null and (k.blocker_id = c.customer_id and k.blocked_id = c.provider_account_id
                or k.blocker_id = c.provider_account_id and k.blocked_id = c.customer_id)) as paused,
            (select k.id from marketplace.person_blocks k where k.lifted_at is null and k.blocker_id = @me and k.blocked_id in (c.customer_id, c.provider_account_id)) as my_block
        from marketplace.chats c join marketplace.bookings b on b.id = c.booking_id join marketplace.providers p on p.id = b.provider_id
            left join marketplace.chat_reads mine on mine.chat_id = c.id and mine.person_id = @me
            left join marketplace.chat_reads theirs on theirs.chat_id = c.id and theirs.person_id <> @me
        where (c.customer_id = @me or c.provider_account_id = @me) and (@id is null or c.id = @id)
        order by coalesce(c.last_message_at, c.opened_at) desc limit @limit
        """;
}
