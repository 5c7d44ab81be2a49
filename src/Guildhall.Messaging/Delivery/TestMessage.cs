using System.Diagnostics;
using Guildhall.Foundation.Data;
using Guildhall.Messaging.Sms;

namespace Guildhall.Messaging.Delivery;

/// <summary>A message that somebody asks for to see whether a channel works. It goes the way of every other message and leaves its delivery.</summary>
public static class TestMessage
{
    private const string Template = "integration_test";
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    /// <summary>A mail to the address that the person has.</summary>
    /// <param name="link">Path of the page they asked on.</param>
    public static async Task<DeliveryId> Mail(Transaction tx, Guid person, string link)
    {
        await Notify.Person(tx, person, Template, new Dictionary<string, string>(StringComparer.Ordinal) { ["link"] = link });
        return await tx.Get<DeliveryId>(NewestSql, new { person, channel = "email", template = Template });
    }

    /// <summary>A text message to a number that is the person's own.</summary>
    public static async Task<DeliveryId> Text(Transaction tx, Guid person, string number)
    {
        await Texts.Send(tx, person, number, Template, new Dictionary<string, string>(StringComparer.Ordinal));
        return await tx.Get<DeliveryId>(NewestSql, new { person, channel = "sms", template = Template });
    }

    /// <summary>The delivery as soon as its first try has ended, or as it is when the time is over.</summary>
    /// <param name="limit">Real time: somebody waits at a screen.</param>
    public static async Task<DeliveryLog.Entry> Outcome(Database database, DeliveryId delivery, TimeSpan limit, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var now = (await DeliveryLog.Find(database, delivery, stop))!;
            if (now.State is DeliveryState.Sent or DeliveryState.Failed or DeliveryState.Unknown || now.Reason is not null || Stopwatch.GetElapsedTime(began) > limit) return now;
            await Task.Delay(Step, stop);
        }
    }

    /// <summary>Who was asked last to carry it; null when nobody was.</summary>
    public static Task<string?> Sender(Database database, DeliveryId delivery, CancellationToken stop) =>
        database.Find<string?>("select sender from messaging.deliveries where id = @delivery", new { delivery }, stop);

    /// <summary>The newest test of each channel that this person asked for, among their newest messages.</summary>
    public static async Task<IReadOnlyDictionary<string, DeliveryLog.Entry>> NewestOf(Database database, Guid person, CancellationToken stop) =>
        (await DeliveryLog.Newest(database, person, 200, stop)).Where(entry => entry.Template is Template)
            .GroupBy(entry => entry.Channel, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.MaxBy(entry => entry.CreatedAt)!, StringComparer.Ordinal);

    private const string NewestSql = """
        select id from messaging.deliveries where person_id = @person and channel = @channel and template = @template order by created_at desc, id desc limit 1
        """;
}
