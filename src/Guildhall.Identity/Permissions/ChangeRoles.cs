using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Permissions;

/// <summary>Gives an account exactly these roles. It holds from the account's next request on, on every node. Nobody gives or takes what they do not hold.</summary>
public static class ChangeRoles
{
    private const int MaxRoles = 20;

    public sealed record Body(IReadOnlyList<string> Roles, string Why);
    public sealed record Answer(IReadOnlyList<string> Roles);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/admin/accounts/{id}/roles", async (AccountId id, Body body, Caller caller, IdentityParts identity, CancellationToken stop) =>
            (await Run(identity, caller, id, body, stop)).ToHttp())
        .WithName(nameof(ChangeRoles)).Requires(IdentityPermissions.RoleChange).RequiresStepUp().Produces<Answer>();

    public static async Task<Result<Answer>> Run(IdentityParts identity, Caller caller, AccountId id, Body body, CancellationToken stop)
    {
        if (caller.Is(id.Value)) return IdentityRefusals.NotYourself;
        if (body.Roles.Count > MaxRoles) return ProfileRules.Refuse(("roles", $"At most {MaxRoles} roles."))!;
        if (ProfileRules.Refuse(("why", StaffReason.Objection(body.Why))) is { } refusal) return refusal;
        var result = await identity.Database.InTransaction(tx => Write(tx, caller, id, [.. body.Roles.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], body.Why), stop);
        if (result.Granted) await identity.ReachEveryNode(id.Value);
        return result;
    }

    private static async Task<Result<Answer>> Write(Transaction tx, Caller caller, AccountId id, string[] roles, string why)
    {
        await Administrators.Lock(tx);
        var state = await tx.Find<AccountState?>("select state from identity.accounts where id = @id for no key update", new { id });
        if (state is null) return FoundationRefusals.NotFound;
        if (state is AccountState.Erased) return IdentityRefusals.WrongAccountState;
        var known = await tx.List<string>("select name from identity.roles where name = any (@roles) limit 100", new { roles });
        if (known.Count < roles.Length) return ProfileRules.Refuse(("roles", "One of the roles does not exist."))!;

        var before = await tx.List<string>("select role from identity.account_roles where account_id = @id order by role limit 100", new { id });
        if (await Granting.NotHeld(tx, caller, [.. before.Except(roles, StringComparer.Ordinal), .. roles.Except(before, StringComparer.Ordinal)]) is { } missing)
            return IdentityRefusals.PermissionNotHeld.With(("permission", missing));
        await tx.Change("delete from identity.account_roles where account_id = @id and role <> all (@roles)", new { id, roles });
        await tx.Change(Give, new { id, roles, now = tx.Now });
        if (!await Administrators.Remain(tx)) return IdentityRefusals.LastAdministrator;
        await tx.Audit(caller, "account.roles_changed", "account", id.ToString(), before: new { roles = before }, after: new { roles }, why: why);
        await tx.Publish(new AccountChanged(id.Value));
        return new Answer(roles);
    }

    internal const string Give = """
        insert into identity.account_roles (account_id, role, granted_at) select @id, r, @now from unnest(@roles) as r on conflict do nothing
        """;
}

/// <summary>Somebody must always be able to let others in again.</summary>
internal static class Administrators
{
    /// <summary>Two changes that might each leave the other's administrator as the last wait for one another.</summary>
    public static Task Lock(Transaction tx) => tx.Change("select pg_advisory_xact_lock(hashtextextended('identity.administrators', 0))");

    public static async Task<bool> Remain(Transaction tx) => await tx.Get<bool>("""
        select exists (select 1 from identity.account_roles r join identity.accounts a on a.id = r.account_id where r.role = 'admin' and a.state = 'active')
        """);
}
