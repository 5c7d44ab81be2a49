using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Settings;

namespace Guildhall.Operations.Webhooks;

/// <summary>Forgets events, their deliveries and attempts after the time of the setting: never one that is still to be sent, be it to a disabled endpoint, which
/// may be enabled again. The numbers of objects go on where they were.</summary>
internal sealed record ForgetWebhooks : IJob
{
    private const int BatchSize = 2000;

    public static readonly TimeSpan Every = TimeSpan.FromHours(1);

    public static readonly Setting<int> KeptDays = new("operations.webhook_kept_days",
        "Days for which events that were sent to other systems can be looked up and sent again. What is still to be sent is kept longer.", "days", 90,
        value => value is >= 7 and <= 3650 ? null : "Events are kept for 7 to 3650 days.");

    public static string Kind => "forget_webhooks";

    public static async Task Run(Transaction tx, ForgetWebhooks _)
    {
        var forgotten = await tx.Get<int>("select operations.forget_webhooks(@before, @BatchSize)", new { before = tx.Now.AddDays(-await tx.Setting(KeptDays)), BatchSize });
        if (forgotten == BatchSize) await tx.Enqueue(new ForgetWebhooks(), uniqueKey: "next");
    }
}
