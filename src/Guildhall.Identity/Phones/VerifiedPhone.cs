using Guildhall.Foundation.Data;

namespace Guildhall.Identity.Phones;

/// <summary>The number that codes of an account may go to.</summary>
internal static class VerifiedPhone
{
    /// <summary>Null when there is none, and for staff: what they may do is worth the taking over of a number.</summary>
    public static Task<string?> Of(Transaction tx, AccountId account) => tx.Find<string?>($"select a.phone from identity.accounts a where a.id = @account and {Serves}", new { account });

    /// <summary>The account that signs in with a number.</summary>
    public static Task<AccountId?> Owner(Transaction tx, string phone) => tx.Find<AccountId?>($"select a.id from identity.accounts a where a.phone = @phone and {Serves}", new { phone });

    private const string Serves = """
        a.phone_verified_at is not null and not exists (
            select 1 from identity.account_roles r join identity.role_permissions p on p.role = r.role where r.account_id = a.id)
        """;
}
