using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Chat;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Moderation;

/// <summary>One side of a chat blocks the other: from the commit on no message is taken between them, on any node, and nothing is held or booked; holds that are not paid are let go. What is
/// paid goes on by its booking. The other side reads that it is so, not who wished it. Blocking twice is blocking once.</summary>
public static class BlockPerson
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/chats/{id}/actions/block", async (ChatId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp())
        .WithName(nameof(BlockPerson)).RequiresSignIn().Produces<BlockView>();

    public static async Task<Result<BlockView>> Run(Database database, Caller caller, ChatId id, CancellationToken stop)
    {
        if (await ChatRows.Find(database, id, stop) is not { } chat || !chat.Has(caller)) return MarketplaceRefusals.ChatNotFound;
        var block = await database.InTransaction(tx => Block(tx, caller, chat), stop);
        return (await ListBlocks.Run(database, caller, stop)).OrThrow().Items.FirstOrDefault(b => b.Id == block) is { } view ? view : MarketplaceRefusals.BlockNotFound;
    }

    private static async Task<BlockId> Block(Transaction tx, Caller caller, Chat.Chat chat)
    {
        var (me, them) = (caller.AccountId!.Value, chat.Other(caller.AccountId!.Value));
        var chats = await PersonBlocks.Lock(tx, me, them);
        if (await tx.Find<BlockId?>("select id from marketplace.person_blocks where blocker_id = @me and blocked_id = @them and lifted_at is null", new { me, them }) is { } before) return before;
        var isFirst = !await PersonBlocks.Between(tx, me, them);
        var id = tx.NewId<BlockId>();
        await tx.ChangeOne(Insert, new { id, me, them, chat = chat.Id, now = tx.Now });
        if (isFirst) await PersonBlocks.Note(tx, chats, MessageKind.Paused);
        foreach (var held in await tx.List<BookingId>(Held, new { me, them })) await tx.Enqueue(new LetGoOfHold(held, me), uniqueKey: held.ToString());
        await tx.Audit(caller, "person.blocked", "chat", chat.Id.ToString(), after: new { block = id, chats = chats.Count });
        return id;
    }

    private const string Insert = """
        insert into marketplace.person_blocks (id, blocker_id, blocked_id, chat_id, blocked_at) values (@id, @me, @them, @chat, @now)
        """;

    private const string Held = """
        select id from marketplace.bookings where state = 'held' and (customer_id = @me and provider_account_id = @them or customer_id = @them and provider_account_id = @me) order by id limit 50
        """;
}
