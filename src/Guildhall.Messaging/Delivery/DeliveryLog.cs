using Guildhall.Foundation.Data;
using Guildhall.Messaging.Sms;
using Guildhall.Messaging.Templates;

namespace Guildhall.Messaging.Delivery;

/// <summary>States of a delivery. <c>Unknown</c>: handed over, no answer. <c>Suppressed</c>: not sent, since its person wants none of it or its address is on the list; the reason says which.</summary>
public enum DeliveryState { Queued, Sending, Sent, Failed, Unknown, Suppressed }

/// <summary>Why a message was not sent; stable.</summary>
internal static class DeliveryReasons
{
    public const string EmailNotConfigured = "EMAIL_NOT_CONFIGURED";
    public const string RecipientUnknown = "RECIPIENT_UNKNOWN";
    public const string FactsForgotten = "FACTS_FORGOTTEN";
    public const string AddressMalformed = "ADDRESS_MALFORMED";
    public const string RefusedByServer = "REFUSED_BY_SERVER";
    public const string ServerUnavailable = "SERVER_UNAVAILABLE";
    public const string NoAnswer = "NO_ANSWER";
    public const string WorkerStopped = "WORKER_STOPPED";
    public const string SmsNotConfigured = "SMS_NOT_CONFIGURED";
    public const string NotLetIn = "NOT_LET_IN";
    public const string TooLate = "TOO_LATE";
    public const string NotDelivered = "NOT_DELIVERED";
    public const string NotOnWhatsApp = "NUMBER_NOT_ON_WHATSAPP";
    public const string PushNotConfigured = "PUSH_NOT_CONFIGURED";
    public const string DeviceGone = "DEVICE_GONE";
    public const string Bounced = "BOUNCED";
    public const string Dropped = "DROPPED";
    public const string Complained = "COMPLAINED";
    public const string SwitchedOff = "SWITCHED_OFF";
    public const string QuietHours = "QUIET_HOURS";
    public const string AlreadyRead = "ALREADY_READ";
    public const string InDigest = "IN_DIGEST";
    public const string TriedAgain = "TRIED_AGAIN";
    public const string TemplateBroken = "TEMPLATE_BROKEN";
}

/// <summary>What happened to each message, attempt by attempt.</summary>
public static class DeliveryLog
{
    /// <summary>One message as the log shows it.</summary>
    /// <param name="Delivered">True only when a server has accepted it.</param>
    /// <param name="To">The end of the number, for text messages; the kind of device, for push messages.</param>
    public sealed record Entry(DeliveryId Id, Guid PersonId, string Channel, string Template, DeliveryState State, bool Delivered, string? Reason, int Attempts,
        DateTimeOffset CreatedAt, DateTimeOffset ChangedAt, string? To);

    private sealed record Row(DeliveryId Id, Guid PersonId, string Channel, string Template, DeliveryState State, string? Reason, int Attempts, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt,
        string? ToHint);

    /// <summary>The newest deliveries, of one person or of all; at most 200.</summary>
    public static async Task<IReadOnlyList<Entry>> Newest(Database database, Guid? person, int limit, CancellationToken stop) =>
        [.. (await database.List<Row>(NewestSql, new { person, limit = Math.Clamp(limit, 1, 200) }, stop)).Select(Of)];

    /// <summary>The names of all templates, of mails and of text messages.</summary>
    public static IReadOnlyList<string> Templates { get; } = [.. TemplateBook.All.Select(t => t.Name).Concat(TextBook.All.Select(t => t.Name)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>One delivery.</summary>
    public static async Task<Entry?> Find(Database database, DeliveryId delivery, CancellationToken stop) =>
        await database.Find<Row>($"select {Columns} from messaging.deliveries where id = @delivery", new { delivery }, stop) is { } row ? Of(row) : null;

    private static Entry Of(Row r) => new(r.Id, r.PersonId, r.Channel, r.Template, r.State, r.State == DeliveryState.Sent, r.Reason, r.Attempts, r.CreatedAt, r.ChangedAt, r.ToHint);

    internal static Task Add(Transaction tx, DeliveryId delivery, int attempt, DeliveryState state, string? reason, string? reply, string? sender = null) =>
        tx.Change("""
            insert into messaging.delivery_log (delivery_id, at, attempt, state, reason, reply, sender)
            values (@delivery, @now, @attempt, @state, @reason, left(@reply, 500), coalesce(@sender, (select sender from messaging.deliveries where id = @delivery)))
            """, new { delivery, now = tx.Now, attempt, state, reason, reply, sender });

    private const string Columns = "id, person_id, channel, template, state, reason, attempts, created_at, changed_at, to_hint";

    private const string NewestSql = $"""
        select {Columns} from messaging.deliveries
        where @person::uuid is null or person_id = @person order by changed_at desc, id desc limit @limit
        """;
}
