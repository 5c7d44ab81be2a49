using Guildhall.Foundation.Security;

namespace Guildhall.Identity;

/// <summary>What staff may do to accounts and sessions.</summary>
public static class IdentityPermissions
{
    public static readonly Permission AccountView = new("account.view", "See accounts, their roles and sessions");
    public static readonly Permission AccountSuspend = new("account.suspend", "Suspend and reactivate accounts");
    public static readonly Permission RoleChange = new("role.change", "Give and take roles");
    public static readonly Permission SessionEnd = new("session.end", "End sessions of other people");

    public static readonly Permission SignInRisk = new("risk.sign_in", "See why sign-ins were asked or held, and keep the list of blocked networks");

    public static IReadOnlyList<Permission> All { get; } = [AccountView, AccountSuspend, RoleChange, SessionEnd, SignInRisk];
}
