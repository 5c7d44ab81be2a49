using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Identity.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Accounts;

/// <summary>One account with its living sessions, for staff.</summary>
public static class ReadAccount
{
    public sealed record Answer(AccountId Id, string Email, string DisplayName, string Language, string Zone, AccountState State, IReadOnlyList<string> Roles,
        DateTimeOffset CreatedAt, DateTimeOffset? EmailVerifiedAt, IReadOnlyList<SessionView> Sessions);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/admin/accounts/{id}", async (AccountId id, Database database, CancellationToken stop) => (await Run(database, id, stop)).ToHttp())
        .WithName(nameof(ReadAccount)).Requires(IdentityPermissions.AccountView).Produces<Answer>();

    private sealed record Row(AccountId Id, string Email, string DisplayName, string Language, string Zone, AccountState State, string Roles,
        DateTimeOffset CreatedAt, DateTimeOffset? EmailVerifiedAt);

    public static async Task<Result<Answer>> Run(Database database, AccountId id, CancellationToken stop)
    {
        if (await database.Find<Row>(Read, new { id }, stop) is not { } a) return FoundationRefusals.NotFound;
        return new Answer(a.Id, a.Email, a.DisplayName, a.Language, a.Zone, a.State, a.Roles.Split(' ', StringSplitOptions.RemoveEmptyEntries), a.CreatedAt, a.EmailVerifiedAt,
            await ListSessions.Run(database, id.Value, null, stop));
    }

    private const string Read = """
        select a.id, a.email, a.display_name, a.language, a.zone, a.state,
            (select coalesce(string_agg(r.role, ' ' order by r.role), '') from identity.account_roles r where r.account_id = a.id) as roles, a.created_at, a.email_verified_at
        from identity.accounts a where a.id = @id
        """;
}
