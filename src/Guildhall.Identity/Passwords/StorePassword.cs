using Guildhall.Foundation.Data;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Sessions;
using Guildhall.Messaging;

namespace Guildhall.Identity.Passwords;

/// <summary>What every new password of an account brings with it, in one transaction: the old one becomes history, all sessions end, no device is trusted, links to
/// reset it and addresses that wait for confirmation are void, and the owner is told.</summary>
internal static class StorePassword
{
    /// <summary>The caller holds the account's row (<see cref="CompleteSignIn.Lock"/>) and publishes nothing itself; it calls <c>ReachEveryNode</c> after the commit.</summary>
    public static async Task Run(Transaction tx, AccountId account, string? replaced, string hash)
    {
        await PasswordHistory.Add(tx, account, replaced);
        await tx.ChangeOne(Store, new { account, hash, now = tx.Now });
        await EndSessions(tx, account);
        await KnownDevices.TrustNone(tx, account);
        await tx.Change("update identity.password_resets set used_at = @now where account_id = @account and used_at is null", new { account, now = tx.Now });
        await Notify.Person(tx, account.Value, "password_changed", new Dictionary<string, string>(StringComparer.Ordinal) { ["link"] = "/forgot-password" });
    }

    /// <summary>All of them, by one step of the epoch that they carry; the rows say why.</summary>
    public static async Task EndSessions(Transaction tx, AccountId account)
    {
        await EndAllSessions.Bump(tx, account);
        await tx.Change("update identity.sessions set ended_at = @now, ended_why = 'password_changed' where account_id = @account and ended_at is null", new { account, now = tx.Now });
    }

    private const string Store = """
        update identity.accounts set password_hash = @hash, password_changed_at = @now, must_change_password = false, changed_at = @now where id = @account
        """;
}
