using System.Text.RegularExpressions;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Permissions;

/// <summary>A new role, which may do nothing yet.</summary>
public static partial class CreateRole
{
    /// <param name="Name">3 to 30 small letters, digits and underscores, a letter first.</param>
    /// <param name="Says">What the role is for, at most 200 characters.</param>
    public sealed record Body(string Name, string Says);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/admin/roles", async (Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, body, stop)).ToHttp(success: 201))
        .WithName(nameof(CreateRole)).Requires(IdentityPermissions.RoleEdit).RequiresStepUp().Produces<RoleView>(201);

    public static async Task<Result<RoleView>> Run(Database database, Caller caller, Body body, CancellationToken stop)
    {
        if (ProfileRules.Refuse(
            ("name", Name().IsMatch(body.Name) ? null : "A name has 3 to 30 small letters, digits and underscores, a letter first."),
            ("says", body.Says.Trim().Length is >= 1 and <= 200 && !body.Says.Any(char.IsControl) ? null : "Say what the role is for, in 1 to 200 characters.")) is { } refusal) return refusal;
        return await database.InTransaction<Result<RoleView>>(async tx =>
        {
            await Administrators.Lock(tx);
            if (await tx.Get<long>("select count(*) from identity.roles") >= ListRoles.MaxRoles) return ProfileRules.Refuse(("name", $"There are {ListRoles.MaxRoles} roles already. Remove one first."))!;
            if (await tx.ChangeNow("insert into identity.roles (name, says) values (@Name, @says) on conflict (name) do nothing", new { body.Name, says = body.Says.Trim() }) == 0) return IdentityRefusals.RoleExists;
            await tx.Audit(caller, "role.created", "role", body.Name, after: new { says = body.Says.Trim() });
            return await ListRoles.One(tx, body.Name);
        }, stop);
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{2,29}$", RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
