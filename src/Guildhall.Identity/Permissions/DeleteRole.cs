using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Permissions;

/// <summary>Removes a role that nobody holds and nobody is invited to; built-in ones stay.</summary>
public static class DeleteRole
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapDelete("/admin/roles/{name}", async (string name, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, name, stop)).ToHttp())
        .WithName(nameof(DeleteRole)).Requires(IdentityPermissions.RoleEdit).RequiresStepUp();

    public static Task<Result<Done>> Run(Database database, Caller caller, string name, CancellationToken stop) => database.InTransaction<Result<Done>>(async tx =>
    {
        await Administrators.Lock(tx);
        if (await tx.Find<string>("select name from identity.roles where name = @name for update", new { name }) is null) return FoundationRefusals.NotFound;
        var role = await ListRoles.One(tx, name);
        if (role.BuiltIn) return IdentityRefusals.RoleFixed;
        if (role.Holders > 0 || await tx.Get<bool>("select exists (select 1 from identity.invitations where state = 'sent' and @name = any (roles))", new { name })) return IdentityRefusals.RoleHeld;
        await tx.Change("delete from identity.role_permissions where role = @name", new { name });
        await tx.ChangeOne("delete from identity.roles where name = @name and not built_in", new { name });
        await tx.Audit(caller, "role.deleted", "role", name, before: new { role.Says, role.Permissions });
        return new Done();
    }, stop);
}
