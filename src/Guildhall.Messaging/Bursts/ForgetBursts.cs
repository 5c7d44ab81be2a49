using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;

namespace Guildhall.Messaging.Bursts;

/// <summary>A storm that is over counts for nothing.</summary>
internal sealed record ForgetBursts : IJob
{
    public static string Kind => "forget_bursts";

    public static Task Run(Transaction tx, ForgetBursts _) => tx.Change("delete from messaging.bursts where began_at < @over", new { over = tx.Now - TimeSpan.FromHours(1) });
}
