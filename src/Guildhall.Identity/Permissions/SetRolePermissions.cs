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

/// <summary>What a role may do, exactly. It holds for every holder from their next request on, on every node. Nobody gives or takes what they do not
/// hold; nobody changes a role of their own; a change of a role that somebody else changed meanwhile is refused and told what differs.</summary>
public static class SetRolePermissions
{
    private const int MaxPermissions = 200;

    /// <param name="Version">The version that was seen.</param>
    public sealed record Body(IReadOnlyList<string> Permissions, bool NeedsSecondFactor, string Why, int Version);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/admin/roles/{name}/permissions", async (string name, Body body, Caller caller, IdentityParts identity, PermissionBook book, CancellationToken stop) =>
            (await Run(identity, book, caller, name, body, stop)).ToHttp())
        .WithName(nameof(SetRolePermissions)).Requires(IdentityPermissions.RoleEdit).RequiresStepUp().Produces<RoleView>();

    public static async Task<Result<RoleView>> Run(IdentityParts identity, PermissionBook book, Caller caller, string name, Body body, CancellationToken stop)
    {
        string[] wanted = [.. body.Permissions.Take(MaxPermissions + 1).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var unknown = wanted.FirstOrDefault(p => !book.Knows(p) && !(p is Permission.All && name is Roles.Admin));
        if (ProfileRules.Refuse(("permissions", unknown is null ? wanted.Length <= MaxPermissions ? null : $"At most {MaxPermissions} permissions." : "One of the permissions does not exist."),
            ("why", StaffReason.Objection(body.Why))) is { } refusal) return refusal;
        var result = await identity.Database.InTransaction(tx => Write(tx, caller, name, wanted, body), stop);
        if (result.Granted) await identity.ReachEveryNode(Revocation.Everybody);
        return result;
    }

    private static async Task<Result<RoleView>> Write(Transaction tx, Caller caller, string name, string[] wanted, Body body)
    {
        await Administrators.Lock(tx);
        if (await tx.Find<string>("select name from identity.roles where name = @name for update", new { name }) is null) return FoundationRefusals.NotFound;
        var before = await ListRoles.One(tx, name);
        string[] added = [.. wanted.Except(before.Permissions, StringComparer.Ordinal)], taken = [.. before.Permissions.Except(wanted, StringComparer.Ordinal)];
        if (before.Version != body.Version)
            return IdentityRefusals.RoleChangedMeanwhile.With(("version", before.Version), ("onlyYours", added), ("onlyTheirs", taken), ("needsSecondFactor", before.NeedsSecondFactor));
        var factorChanges = before.NeedsSecondFactor != body.NeedsSecondFactor;
        // Administrators stay all-powerful, so that nobody is shut out; every customer with a permission of staff would be staff.
        if (name is Roles.Admin or Roles.Customer or Roles.Provider && added.Length + taken.Length > 0) return IdentityRefusals.RoleFixed;
        if (!caller.Permissions.Contains(Permission.All) && await tx.Get<bool>("select exists (select 1 from identity.account_roles where account_id = @me and role = @name)", new { me = caller.AccountId, name }))
            return IdentityRefusals.NotYourself;
        if (await Granting.NotHeldOf(tx, caller.AccountId, [.. added, .. taken, .. factorChanges ? Weight(name, before.Permissions) : []]) is { } missing) return IdentityRefusals.PermissionNotHeld.With(("permission", missing));

        await tx.Change("delete from identity.role_permissions where role = @name and permission = any (@taken)", new { name, taken });
        await tx.Change("insert into identity.role_permissions (role, permission) select @name, p from unnest(@added) as p", new { name, added });
        await tx.ChangeOne("update identity.roles set needs_second_factor = @NeedsSecondFactor, version = version + 1 where name = @name and version = @Version", new { name, body.NeedsSecondFactor, body.Version });
        await tx.Audit(caller, "role.changed", "role", name, before: new { before.Permissions, before.NeedsSecondFactor }, after: new { permissions = wanted, body.NeedsSecondFactor }, why: body.Why);
        await tx.Publish(new AccountChanged(Revocation.Everybody));
        return await ListRoles.One(tx, name);
    }

    // How a role is proven is changed by who holds all that it carries; of those that everybody has, by who holds everything.
    private static IEnumerable<string> Weight(string name, IReadOnlyList<string> permissions) => name is Roles.Admin or Roles.Customer or Roles.Provider ? [Permission.All] : permissions;
}
