using Guildhall.Foundation.Security;

namespace Guildhall.Identity;

/// <summary>What staff may do to accounts and sessions.</summary>
public static class IdentityPermissions
{
    public static readonly Permission AccountView = new("account.view", "See accounts, their roles and sessions");
    public static readonly Permission AccountSuspend = new("account.suspend", "Suspend and reactivate accounts");
    public static readonly Permission AccountReset = new("account.reset", "Have a link to a new password sent to people");
    public static readonly Permission FactorReset = new("account.factor_reset", "Remove the second factors of people who lost them");
    public static readonly Permission RoleChange = new("role.change", "Give and take roles");
    public static readonly Permission SessionEnd = new("session.end", "End sessions of other people");
    public static readonly Permission InvitationManage = new("invitation.manage", "Invite people with roles, send invitations again and revoke them");
    public static readonly Permission RoleEdit = new("role.edit", "Make and remove roles, and decide what each may do");
    public static readonly Permission AccountImpersonate = new("account.impersonate", "Look at the product as a customer or provider, changing nothing");
    public static readonly Permission AccountErase = new("account.erase", "Have an account erased, or keep it after all");
    public static readonly Permission KeyRotate = new("key.rotate", "See signing keys and let the next one sign");

    public static readonly Permission SignInRisk = new("risk.sign_in", "See why sign-ins were asked or held, and keep the list of blocked networks");

    public static IReadOnlyList<Permission> All { get; } =
        [AccountView, AccountSuspend, AccountReset, FactorReset, RoleChange, SessionEnd, InvitationManage, RoleEdit, AccountImpersonate, AccountErase, KeyRotate, SignInRisk];
}
