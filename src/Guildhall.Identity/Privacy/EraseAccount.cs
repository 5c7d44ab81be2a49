using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Sessions;
using Guildhall.Messaging;

namespace Guildhall.Identity.Privacy;

/// <summary>waiting → erased, in one transaction: every module takes the person out of what it holds, then their key is destroyed, and with it every sealed
/// part of the audit and of invoices. Rows that orders, books and the audit name stay, without a person; ledger and chain verify as before.</summary>
internal sealed record EraseAccount(Guid Erasure) : IJob
{
    public static string Kind => "erase_account";

    private static readonly TimeSpan TryAgain = TimeSpan.FromDays(1);

    private sealed record Waiting(AccountId AccountId, DateTimeOffset DueAt);

    public static async Task Run(Transaction tx, IEnumerable<PersonalData> parts, EraseAccount job)
    {
        var waiting = await tx.Find<Waiting>("select account_id, due_at from identity.erasures where id = @Erasure and state = 'waiting' for update", new { job.Erasure });
        if (waiting is null || waiting.DueAt > tx.Now) return;
        var account = waiting.AccountId;
        await tx.Get<AccountId>("select id from identity.accounts where id = @account for update", new { account });
        if (await StandsAgainst(tx, parts, account) is { Count: > 0 } reasons)
        {
            await PutOff(tx, job, account, string.Join(' ', reasons));
            return;
        }
        foreach (var part in parts) await part.Erase(tx, account.Value);
        await tx.ChangeOne("update identity.erasures set state = 'erased', ended_at = @now where id = @Erasure and state = 'waiting'", new { job.Erasure, now = tx.Now });
        await PersonKeys.Destroy(tx, account.Value);
        await tx.Audit(Caller.System("erasure"), "account.erased", "account", account.ToString());
        await tx.Publish(new AccountChanged(account.Value));
    }

    /// <summary>What has to be settled first, one sentence for each; empty when nothing has.</summary>
    internal static async Task<IReadOnlyList<string>> StandsAgainst(Transaction tx, IEnumerable<PersonalData> parts, AccountId account)
    {
        var reasons = new List<string>();
        foreach (var part in parts)
            if (await part.Objection(tx, account.Value) is { } reason) reasons.Add(reason);
        return reasons;
    }

    private static async Task PutOff(Transaction tx, EraseAccount job, AccountId account, string reasons)
    {
        await tx.ChangeOne("update identity.erasures set stands_against = left(@reasons, 1000) where id = @Erasure and state = 'waiting'", new { job.Erasure, reasons });
        await tx.Enqueue(job, runAt: tx.Now + TryAgain, uniqueKey: job.Erasure.ToString("n"));
        await Notify.Person(tx, account.Value, "erasure_waits", new Dictionary<string, string>(StringComparer.Ordinal) { ["reason"] = reasons, ["link"] = "/account/data" }, uniqueKey: job.Erasure.ToString("n"));
    }
}
