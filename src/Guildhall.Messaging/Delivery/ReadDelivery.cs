using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Settings;
using Guildhall.Messaging.Preferences;
using Guildhall.Messaging.Sms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Messaging.Delivery;

/// <summary>One message with every line of its log: why it was sent or was not.</summary>
public static class ReadDelivery
{
    private const int MostLines = 200;

    /// <param name="Reply">What the other side said, without numbers.</param>
    /// <param name="Sender">Who was to carry it.</param>
    public sealed record Line(DateTimeOffset At, int Attempt, DeliveryState State, string? Reason, string? Reply, string? Sender);

    /// <param name="Parts">Of a text message, in how many parts it went.</param>
    /// <param name="Cost">What they cost at the price that is set now; null without one.</param>
    /// <param name="DigestId">The digest it went into.</param>
    /// <param name="Gathered">Of a digest: how many messages are in it.</param>
    /// <param name="CanRetry">It surely was not taken, and all that it needs is still there.</param>
    public sealed record View(DeliveryId Id, Guid PersonId, string Channel, string Template, MessageCategory? Category, DeliveryState State, string? Reason, int Attempts, string? To, string? Sender,
        DateTimeOffset CreatedAt, DateTimeOffset ChangedAt, DateTimeOffset? SentAt, DateTimeOffset? DeliveredAt, DateTimeOffset? UsefulUntil, int? TemplateVersion, int? Parts, string? Cost, DeliveryId? DigestId, long Gathered,
        bool CanRetry, IReadOnlyList<Line> Log);

    private sealed record Row(DeliveryId Id, Guid PersonId, string Channel, string Template, MessageCategory? Category, DeliveryState State, string? Reason, int Attempts, string? ToHint, string? Sender,
        DateTimeOffset CreatedAt, DateTimeOffset ChangedAt, DateTimeOffset? SentAt, DateTimeOffset? DeliveredAt, DateTimeOffset? UsefulUntil, int? TemplateVersion, int? Parts, DeliveryId? DigestId, long Gathered,
        bool HasFacts, string? Doubt);

    internal static void Map(IEndpointRouteBuilder messaging) => messaging
        .MapGet("/deliveries/{id}", async (DeliveryId id, Database database, CancellationToken stop) => (await Run(database, id, stop)).ToHttp())
        .WithName(nameof(ReadDelivery)).Requires(MessagingPermissions.DeliveryView).Produces<View>();

    public static async Task<Result<View>> Run(Database database, DeliveryId id, CancellationToken stop)
    {
        if (await database.Find<Row>(Read, new { id }, stop) is not { } r) return MessagingRefusals.DeliveryNotFound;
        var log = await database.List<Line>("select at, attempt, state, reason, reply, sender from messaging.delivery_log where delivery_id = @id order by id limit @most", new { id, most = MostLines }, stop);
        var cost = r.Parts is { } parts ? TextParts.Cost(parts, await database.Setting(TextParts.PartPrice, stop)) : null;
        return new View(r.Id, r.PersonId, r.Channel, r.Template, r.Category, r.State, r.Reason, r.Attempts, r.ToHint, r.Sender, r.CreatedAt, r.ChangedAt, r.SentAt, r.DeliveredAt, r.UsefulUntil, r.TemplateVersion, r.Parts, cost,
            r.DigestId, r.Gathered, RetryDelivery.IsPossible(r.Channel, r.State, r.Reason, r.HasFacts, r.Doubt, r.UsefulUntil, database.Clock.GetUtcNow()), log);
    }

    private const string Read = """
        select d.id, d.person_id, d.channel, d.template, d.category, d.state, d.reason, d.attempts, d.to_hint, d.sender, d.created_at, d.changed_at, d.sent_at, d.delivered_at, d.useful_until, d.template_version, d.parts, d.digest_id,
            (select count(*) from messaging.deliveries g where g.digest_id = d.id) as gathered, d.notice_id is not null or d.secrets is not null as has_facts, d.doubt
        from messaging.deliveries d where d.id = @id
        """;
}
