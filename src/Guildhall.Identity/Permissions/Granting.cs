using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;

namespace Guildhall.Identity.Permissions;

/// <summary>Nobody gives what they do not hold. Asked of the database under <see cref="Administrators.Lock"/>, never of what a session remembers.</summary>
internal static class Granting
{
    /// <summary>The first permission that these roles carry and the giver does not hold now; null when they hold all of it.</summary>
    public static async Task<string?> NotHeld(Transaction tx, Caller giver, string[] roles) =>
        giver.Kind is CallerKind.System ? null : await tx.Find<string>(OfRoles, new { giver = giver.AccountId, roles });

    /// <inheritdoc cref="NotHeld(Transaction, Caller, string[])"/>
    public static Task<string?> NotHeld(Transaction tx, Guid giver, string[] roles) => tx.Find<string>(OfRoles, new { giver, roles });

    /// <summary>The first of these permissions that the giver does not hold now.</summary>
    public static Task<string?> NotHeldOf(Transaction tx, Guid? giver, string[] permissions) => tx.Find<string>(OfPermissions, new { giver, permissions });

    private const string Held = """
        not exists (select 1 from identity.accounts a join identity.account_roles r on r.account_id = a.id join identity.role_permissions h on h.role = r.role
            where a.id = @giver and a.state = 'active' and h.permission in (p.permission, '*'))
        """;

    private const string OfRoles = $"select p.permission from identity.role_permissions p where p.role = any (@roles) and {Held} order by p.permission limit 1";
    private const string OfPermissions = $"select p.permission from unnest(@permissions) as p(permission) where {Held} order by p.permission limit 1";
}
