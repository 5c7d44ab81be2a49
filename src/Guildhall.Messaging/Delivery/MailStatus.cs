using Guildhall.Foundation.Data;

namespace Guildhall.Messaging.Delivery;

/// <summary>How mail has gone lately, over all nodes, from the deliveries themselves.</summary>
/// <param name="Configured">False: nothing is sent and every delivery says so.</param>
/// <param name="FailuresInARow">Of the newest attempts, how many ended without the server's yes.</param>
/// <param name="Waiting">Messages not yet sent.</param>
public sealed record MailStatus(bool Configured, int FailuresInARow, DateTimeOffset? LastSuccess, DateTimeOffset? LastFailure, string? LastError, long Waiting)
{
    private sealed record Attempt(string State, string? Reason, string? Reply, DateTimeOffset At);

    public static async Task<MailStatus> Read(Database database, MessagingOptions options, CancellationToken stop)
    {
        var newest = await database.List<Attempt>("select state, reason, reply, at from messaging.delivery_log order by id desc limit 100", stop: stop);
        var waiting = await database.Find<long>("select count(*) from messaging.deliveries where state in ('queued', 'sending', 'unknown')", stop: stop);
        var failure = newest.FirstOrDefault(Failed);
        return new MailStatus(options.CanMail, newest.TakeWhile(Failed).Count(), newest.FirstOrDefault(a => a.State is "sent")?.At, failure?.At,
            failure is null ? null : failure.Reply ?? failure.Reason, waiting);
    }

    // The server's fault, not the recipient's.
    private static bool Failed(Attempt attempt) => attempt.Reason is DeliveryReasons.ServerUnavailable or DeliveryReasons.NoAnswer;
}
