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

/// <summary>Whoever blocked somebody takes it back. Where the other side has blocked as well, nothing opens until they do the same.</summary>
public static class LiftBlock
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/blocks/{id}/actions/lift", async (BlockId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp())
        .WithName(nameof(LiftBlock)).RequiresSignIn().Produces(204);

    private sealed record Found(Guid BlockedId, ChatId ChatId, DateTimeOffset? LiftedAt);

    public static Task<Result<Done>> Run(Database database, Caller caller, BlockId id, CancellationToken stop) => database.InTransaction<Result<Done>>(async tx =>
    {
        var me = caller.AccountId!.Value;
        if (await tx.Find<Found>("select blocked_id, chat_id, lifted_at from marketplace.person_blocks where id = @id and blocker_id = @me", new { id, me }) is not { } found) return MarketplaceRefusals.BlockNotFound;
        var chats = await PersonBlocks.Lock(tx, me, found.BlockedId);
        if (await tx.ChangeNow("update marketplace.person_blocks set lifted_at = @now where id = @id and lifted_at is null", new { id, now = tx.Now }) == 0) return default(Done);
        if (!await PersonBlocks.Between(tx, me, found.BlockedId)) await PersonBlocks.Note(tx, chats, MessageKind.Resumed);
        await tx.Audit(caller, "person.unblocked", "chat", found.ChatId.ToString(), after: new { block = id });
        return default(Done);
    }, stop);
}
