using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Proofs;
using Guildhall.Identity.Sessions;
using Guildhall.Messaging;

namespace Guildhall.Identity.Factors;

/// <summary>What every change of a person's factors leads to: the mark on the account, no device is trusted any more, other sessions end, the person is told, the audit knows.
/// The caller of the use case then calls <c>ReachEveryNode</c>.</summary>
internal static class FactorChange
{
    /// <param name="what">The template of the message, and after <c>factor.</c> the act in the audit: <c>totp_added</c>, <c>backup_codes_issued</c>, …</param>
    public static async Task Finish(Transaction tx, IdentityParts identity, Caller caller, AccountId account, string what, object? before = null, object? after = null, string? why = null)
    {
        await Settle(tx, caller, account);
        await Notify.Person(tx, account.Value, what, new Dictionary<string, string>(StringComparer.Ordinal) { ["when"] = SafetyNotices.When(tx), ["link"] = $"{identity.Options.Issuer}/account/security" });
        await tx.Audit(caller, "factor." + what, "account", account.ToString(), before: before, after: after, why: why);
    }

    /// <summary>The same for a use case that tells and audits in its own words.</summary>
    public static async Task Settle(Transaction tx, Caller caller, AccountId account)
    {
        await Proof.Mark(tx, account);
        await tx.Change(ForgetUselessCodes, new { account });
        await KnownDevices.TrustNone(tx, account);
        var keep = caller.Is(account.Value) ? caller.SessionId : null;
        await tx.Change(EndOthers, new { account, keep, why = keep is null ? "ended_by_staff" : "ended_by_owner", now = tx.Now });
        await tx.Publish(new AccountChanged(account.Value));
    }

    // Backup codes stand in for a factor; without any they would open nothing.
    private const string ForgetUselessCodes = """
        delete from identity.backup_codes where account_id = @account and not exists (select 1 from identity.accounts where id = @account and second_factor)
        """;

    private const string EndOthers = """
        update identity.sessions set ended_at = @now, ended_why = @why where account_id = @account and id is distinct from @keep and ended_at is null
        """;
}
