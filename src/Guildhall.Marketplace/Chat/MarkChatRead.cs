using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Chat;

/// <summary>The caller has read up to a sequence. It only moves forward and never beyond what was said.</summary>
public static class MarkChatRead
{
    public sealed record Body(long Seq);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/chats/{id}/actions/read", async (ChatId id, Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, body.Seq, stop)).ToHttp())
        .WithName(nameof(MarkChatRead)).RequiresSignIn().Produces(204);

    public static async Task<Result<Done>> Run(Database database, Caller caller, ChatId id, long seq, CancellationToken stop)
    {
        if (await ChatRows.Find(database, id, stop) is not { } chat || !chat.Has(caller)) return MarketplaceRefusals.ChatNotFound;
        return await ChatReads.Set(database, caller, id, Math.Clamp(seq, 0, chat.LastSeq), typing: false, stop);
    }
}
