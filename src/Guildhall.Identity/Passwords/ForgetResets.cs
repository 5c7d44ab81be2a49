using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;

namespace Guildhall.Identity.Passwords;

/// <summary>Deletes links and addresses whose time is over. Nothing depends on it: they are judged by their times.</summary>
internal sealed record ForgetResets : IJob
{
    private const int BatchSize = 2000;

    public static string Kind => "forget_resets";

    public static async Task Run(Transaction tx, ForgetResets _)
    {
        await tx.Change("delete from identity.password_resets where account_id in (select account_id from identity.password_resets where expires_at < @now limit @limit)", new { now = tx.Now, limit = BatchSize });
        await tx.Change("delete from identity.email_changes where account_id in (select account_id from identity.email_changes where link_expires_at < @now limit @limit)", new { now = tx.Now, limit = BatchSize });
    }
}
