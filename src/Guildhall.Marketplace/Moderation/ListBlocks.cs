using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Moderation;

/// <summary>Whom the caller has blocked, newest first, at most 200.</summary>
public static class ListBlocks
{
    public sealed record Page(IReadOnlyList<BlockView> Items);

    private sealed record Row(BlockId Id, ChatId ChatId, Guid BlockedId, string? ProviderName, DateTimeOffset BlockedAt);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/blocks", async (Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, stop)).ToHttp())
        .WithName(nameof(ListBlocks)).RequiresSignIn().Produces<Page>();

    public static async Task<Result<Page>> Run(Database database, Caller caller, CancellationToken stop)
    {
        var rows = await database.List<Row>(Select, new { me = caller.AccountId!.Value, limit = 200 }, stop);
        var people = await Accounts.Summaries(database, [.. rows.Where(r => r.ProviderName is null).Select(r => r.BlockedId).Distinct()], stop);
        return new Page([.. rows.Select(r => new BlockView(r.Id, r.ChatId, r.ProviderName ?? (people.TryGetValue(r.BlockedId, out var person) ? person.DisplayName : ""), r.BlockedAt))]);
    }

    // Whoever sells in that chat goes by the name they sell under.
    private const string Select = """
        select k.id, k.chat_id, k.blocked_id, case when c.provider_account_id = k.blocked_id then p.display_name end as provider_name, k.blocked_at
        from marketplace.person_blocks k join marketplace.chats c on c.id = k.chat_id join marketplace.bookings b on b.id = c.booking_id join marketplace.providers p on p.id = b.provider_id
        where k.blocker_id = @me and k.lifted_at is null order by k.id desc limit @limit
        """;
}
