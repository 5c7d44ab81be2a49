using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Chat;

/// <summary>What was said, in order, 200 entries at a time; also after the chat was closed.</summary>
public static class ListMessages
{
    private const int PageSize = 200;

    /// <param name="Next">Give it as <c>after</c> for the next page; null when this is the end.</param>
    public sealed record Page(IReadOnlyList<MessageView> Items, long? Next);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/chats/{id}/messages", async (ChatId id, Caller caller, Database database, CancellationToken stop, long after = 0) => (await Run(database, caller, id, after, stop)).ToHttp())
        .WithName(nameof(ListMessages)).RequiresSignIn().Produces<Page>();

    public static async Task<Result<Page>> Run(Database database, Caller caller, ChatId id, long after, CancellationToken stop)
    {
        if (await ChatRows.Find(database, id, stop) is not { } chat || !chat.Has(caller)) return MarketplaceRefusals.ChatNotFound;
        var rows = await database.List<MessageView>(MessageRows.After, new { chat = id, after, limit = PageSize }, stop);
        return new Page(rows, rows.Count > 0 && rows[^1].Seq < chat.LastSeq ? rows[^1].Seq : null);
    }
}
