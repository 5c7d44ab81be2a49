using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Sessions;

namespace Guildhall.Identity.Permissions;

/// <summary>The roles of the product and how other modules give one in their own transaction.</summary>
public static class Roles
{
    public const string Customer = "customer";
    public const string Provider = "provider";
    public const string Finance = "finance";
    public const string Admin = "admin";

    /// <summary>Gives the role; nothing happens when the account has it. It holds from the account's next request on.</summary>
    public static async Task Give(Transaction tx, Caller caller, Guid account, string role)
    {
        var id = new AccountId(account);
        if (await tx.ChangeNow(ChangeRoles.Give, new { id, roles = (string[])[role], now = tx.Now }) == 0) return;
        await tx.Audit(caller, "account.role_given", "account", id.ToString(), after: new { role });
        await tx.Publish(new AccountChanged(account));
    }
}
