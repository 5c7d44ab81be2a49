using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Accounts;

/// <summary>An account in the console's list.</summary>
public sealed record AccountRow(AccountId Id, string Email, string DisplayName, AccountState State, IReadOnlyList<string> Roles, DateTimeOffset CreatedAt);

/// <summary>All accounts, newest first, by pages; narrowed by the beginning of the address or name, by state, by role.</summary>
public static class ListAccounts
{
    public const int MaxPage = 100;

    /// <param name="Next">Pass it as <c>after</c> for the next page; null on the last.</param>
    public sealed record Page(IReadOnlyList<AccountRow> Items, AccountId? Next);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/admin/accounts", async (Database database, CancellationToken stop, string? search = null, string? state = null, string? role = null, AccountId? after = null, int limit = 50) =>
            TryState(state, out var wanted)
                ? Results.Json(await Run(database, search, wanted, role, after, limit, stop), JsonRules.Options)
                : ProfileRules.Refuse(("state", "The state is unverified, active, suspended or erased."))!.ToHttp())
        .WithName(nameof(ListAccounts)).Requires(IdentityPermissions.AccountView).Produces<Page>();

    private sealed record Row(AccountId Id, string Email, string DisplayName, AccountState State, string Roles, DateTimeOffset CreatedAt);

    public static async Task<Page> Run(Database database, string? search, AccountState? state, string? role, AccountId? after, int limit, CancellationToken stop)
    {
        var size = Math.Clamp(limit, 1, MaxPage);
        var prefix = string.IsNullOrWhiteSpace(search) ? null : Escaped(search.Trim().ToLowerInvariant()) + "%";
        var rows = await database.List<Row>(Read, new { prefix, state, role, after, limit = size + 1 }, stop);
        var items = rows.Take(size).Select(r => new AccountRow(r.Id, r.Email, r.DisplayName, r.State, r.Roles.Split(' ', StringSplitOptions.RemoveEmptyEntries), r.CreatedAt)).ToArray();
        return new Page(items, rows.Count > size ? items[^1].Id : null);
    }

    private static bool TryState(string? name, out AccountState? state)
    {
        state = name switch { "unverified" => AccountState.Unverified, "active" => AccountState.Active, "suspended" => AccountState.Suspended, "erased" => AccountState.Erased, _ => null };
        return name is null || state is not null;
    }

    private static string Escaped(string text) => (text.Length > 100 ? text[..100] : text)
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);

    private const string Read = """
        select a.id, a.email, a.display_name, a.state,
            (select coalesce(string_agg(r.role, ' ' order by r.role), '') from identity.account_roles r where r.account_id = a.id) as roles, a.created_at
        from identity.accounts a
        where (@prefix is null or a.email_key like @prefix or lower(a.display_name) like @prefix)
            and (@state is null or a.state = @state)
            and (@role is null or exists (select 1 from identity.account_roles r where r.account_id = a.id and r.role = @role))
            and (@after is null or a.id < @after)
        order by a.id desc limit @limit
        """;
}
