using Guildhall.Foundation.Data;
using Guildhall.Messaging.Push.Firebase;
using Guildhall.Messaging.Sms.WhatsApp;

namespace Guildhall.Messaging.Delivery;

/// <summary>How one channel has gone lately, over all nodes, from the deliveries themselves.</summary>
/// <param name="Configured">False: nothing is sent and every delivery says so.</param>
/// <param name="FailuresInARow">Of the newest attempts, how many ended without the server's yes.</param>
/// <param name="Waiting">Messages not yet sent.</param>
/// <param name="FailingSince">The first of those; null when there are none.</param>
public sealed record ChannelStatus(bool Configured, int FailuresInARow, DateTimeOffset? FailingSince, DateTimeOffset? LastSuccess, DateTimeOffset? LastFailure, string? LastError, long Waiting)
{
    private sealed record Attempt(string State, string? Reason, string? Reply, DateTimeOffset At);

    /// <summary>E-mail by one sender: <c>smtp</c>, <c>sendgrid</c>. What waits is the same for all of them.</summary>
    public static Task<ChannelStatus> OfMail(Database database, MessagingOptions options, string sender, CancellationToken stop) =>
        Read(database, "email", NewestOfSender, sender, options.From.Length > 0 && options.SetUp.Contains(sender, StringComparer.Ordinal), stop);

    /// <summary>Text messages.</summary>
    public static Task<ChannelStatus> OfSms(Database database, TwilioOptions options, CancellationToken stop) => Read(database, "sms", NewestOfChannel, "", options.CanText, stop);

    /// <summary>Texts by WhatsApp. What waits is the same as for text messages.</summary>
    public static Task<ChannelStatus> OfWhatsApp(Database database, TwilioOptions options, CancellationToken stop) =>
        Read(database, "sms", NewestOfSender, ChooseWhatsApp.Called, options is { CanText: true, WhatsApp: not null }, stop);

    /// <summary>Push messages.</summary>
    public static Task<ChannelStatus> OfPush(Database database, FirebaseApi firebase, CancellationToken stop) => Read(database, "push", NewestOfSender, FirebaseApi.Called, firebase.IsConfigured, stop);

    private static async Task<ChannelStatus> Read(Database database, string channel, string sql, string sender, bool configured, CancellationToken stop)
    {
        var newest = await database.List<Attempt>(sql, new { channel, sender }, stop);
        var waiting = await database.Find<long>("select count(*) from messaging.deliveries where channel = @channel and state in ('queued', 'sending', 'unknown')", new { channel }, stop);
        var failure = newest.FirstOrDefault(Failed);
        var failures = newest.TakeWhile(Failed).ToArray();
        return new ChannelStatus(configured, failures.Length, failures.LastOrDefault()?.At, newest.FirstOrDefault(a => a.State is "sent")?.At, failure?.At,
            failure is null ? null : failure.Reply ?? failure.Reason, waiting);
    }

    // The server's fault, not the recipient's.
    private static bool Failed(Attempt attempt) => attempt.Reason is DeliveryReasons.ServerUnavailable or DeliveryReasons.NoAnswer or DeliveryReasons.NotLetIn;

    private const string NewestOfSender = "select state, reason, reply, at from messaging.delivery_log where sender = @sender order by id desc limit 100";

    private const string NewestOfChannel = """
        select l.state, l.reason, l.reply, l.at from messaging.delivery_log l join messaging.deliveries d on d.id = l.delivery_id
        where d.channel = @channel and l.sender is distinct from 'whatsapp' order by l.id desc limit 100
        """;
}
