using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Chat;

/// <summary>The caller's 100 chats with the newest messages, with what is unread in each.</summary>
public static class ListChats
{
    public sealed record Page(IReadOnlyList<ChatView> Items);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/chats", async (Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, stop)).ToHttp())
        .WithName(nameof(ListChats)).RequiresSignIn().Produces<Page>();

    public static async Task<Result<Page>> Run(Database database, Caller caller, CancellationToken stop) => new Page(await ReadChat.Show(database, caller, null, stop));
}
