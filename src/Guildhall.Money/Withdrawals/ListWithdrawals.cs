using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Withdrawals;

/// <summary>Withdrawals, newest first: a provider's own, or for staff all of them, by state. Keyset: pass the last id as <c>after</c>.</summary>
public static class ListWithdrawals
{
    public const int PageSize = 50;

    public sealed record Page(IReadOnlyList<WithdrawalView> Withdrawals, string? Next);

    internal static void Map(IEndpointRouteBuilder withdrawals) => withdrawals
        .MapGet("/", async (WithdrawalId? after, Caller caller, Database database, CancellationToken stop) => (await Own(database, caller, after, stop)).ToHttp())
        .WithName(nameof(ListWithdrawals)).RequiresSignIn().Produces<Page>();

    internal static void MapAdmin(IEndpointRouteBuilder admin) => admin
        .MapGet("/withdrawals", async (string? state, WithdrawalId? after, Database database, CancellationToken stop) => (await All(database, state, after, stop)).ToHttp())
        .WithName("ListAllWithdrawals").Requires(MoneyPermissions.WithdrawalView).Produces<Page>();

    public static Task<Result<Page>> Own(Database database, Caller caller, WithdrawalId? after, CancellationToken stop) => Read(database, caller.AccountId, null, after, stop);

    public static Task<Result<Page>> All(Database database, string? state, WithdrawalId? after, CancellationToken stop) => Read(database, null, state, after, stop);

    /// <summary>One withdrawal for its provider or staff.</summary>
    public static async Task<Result<WithdrawalView>> One(Database database, Caller caller, WithdrawalId id, CancellationToken stop) =>
        await WithdrawalRows.Find(database, id, stop) is { } found && (caller.Is(found.ProviderId) || caller.May(MoneyPermissions.WithdrawalView)) ? found.ToView() : MoneyRefusals.WithdrawalNotFound;

    private static async Task<Result<Page>> Read(Database database, Guid? provider, string? state, WithdrawalId? after, CancellationToken stop)
    {
        var rows = await database.List<Withdrawal>($"""
            {WithdrawalRows.Select} where (@provider is null or w.provider_id = @provider) and (@state is null or w.state = @state) and (@after is null or w.id < @after)
            order by w.id desc limit @limit
            """, new { provider, state, after, limit = PageSize + 1 }, stop);
        return new Page([.. rows.Take(PageSize).Select(r => r.ToView())], rows.Count > PageSize ? rows[PageSize - 1].Id.ToString() : null);
    }
}
