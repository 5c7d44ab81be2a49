using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;

namespace Guildhall.Identity.Phones;

/// <summary>Deletes what ran out: numbers that were never confirmed, attempts to sign in (also with numbers of people who have no account here), and old counts.</summary>
internal sealed record ForgetPhoneCodes : IJob
{
    private const int BatchSize = 2000;
    private static readonly TimeSpan TrafficKept = TimeSpan.FromDays(7);

    public static string Kind => "forget_phone_codes";

    public static async Task Run(Transaction tx, ForgetPhoneCodes _)
    {
        await tx.Change("""
            delete from identity.phone_verifications where account_id in (select account_id from identity.phone_verifications where expires_at < @now limit @limit for update skip locked)
            """, new { now = tx.Now, limit = BatchSize });
        await tx.Change("""
            delete from identity.phone_sign_ins where id in (select id from identity.phone_sign_ins where expires_at < @now limit @limit for update skip locked)
            """, new { now = tx.Now, limit = BatchSize });
        await tx.Change("""
            delete from identity.sms_traffic where ctid = any (array(select ctid from identity.sms_traffic where hour < @before limit @limit))
            """, new { before = tx.Now - TrafficKept, limit = BatchSize });
    }
}
