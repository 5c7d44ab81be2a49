using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Moderation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Chat;

/// <summary>The caller is typing: shown to the other side for a few seconds. Nothing is kept of it but the moment.</summary>
public static class ShowTyping
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/chats/{id}/actions/typing", async (ChatId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp())
        .WithName(nameof(ShowTyping)).RequiresSignIn().Produces(204);

    public static async Task<Result<Done>> Run(Database database, Caller caller, ChatId id, CancellationToken stop)
    {
        if (await ChatRows.Find(database, id, stop) is not { } chat || !chat.Has(caller)) return MarketplaceRefusals.ChatNotFound;
        if (chat.State == ChatState.Closed) return MarketplaceRefusals.ChatClosed.With(("reason", chat.CloseReason));
        if (await PersonBlocks.Between(database, chat.CustomerId, chat.ProviderAccountId, stop)) return MarketplaceRefusals.PeopleBlocked;
        return await ChatReads.Set(database, caller, id, seq: 0, typing: true, stop);
    }
}
