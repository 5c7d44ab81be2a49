using System.Text.Json;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Operations.Webhooks;

public enum DeliveryState { Waiting, Sending, Delivered, Failed }

/// <summary>What was sent to an endpoint, newest first; one message with its body and every attempt; every event, also of one object, in order, for a consumer
/// that found a number missing.</summary>
public static class ListWebhookDeliveries
{
    private const int PageSize = 50, MostAttempts = 200;

    /// <param name="Attempts">Of this round; a replay begins another.</param>
    public sealed record Delivery(WebhookMessageId Message, string Type, string ObjectId, long Sequence, DateTimeOffset OccurredAt, DeliveryState State, int Round, int Attempts,
        DateTimeOffset? NextAt, int? LastStatus, string? LastError, DateTimeOffset? DeliveredAt, long No);

    /// <param name="Next">Give it as <c>before</c> for older ones.</param>
    public sealed record Page(IReadOnlyList<Delivery> Items, long? Next);

    public sealed record Attempt(int Round, int No, DateTimeOffset At, AttemptOutcome Outcome, int? Status, int LatencyMs, string? Response);

    public sealed record Detail(Delivery Delivery, JsonElement Body, IReadOnlyList<Attempt> Attempts);

    public sealed record Event(WebhookMessageId Message, string Type, string ObjectId, long Sequence, DateTimeOffset OccurredAt, long No);

    public sealed record Events(IReadOnlyList<Event> Items, long? Next);

    internal static void Map(IEndpointRouteBuilder admin, IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/{id}/deliveries", async (WebhookEndpointId id, Database database, CancellationToken stop, string? state = null, long? before = null) =>
                (await Run(database, id, state, before, stop)).ToHttp())
            .WithName(nameof(ListWebhookDeliveries)).Requires(OperationsPermissions.WebhookManage).Produces<Page>();
        endpoints.MapGet("/{id}/deliveries/{message}", async (WebhookEndpointId id, WebhookMessageId message, Database database, CancellationToken stop) =>
                (await One(database, id, message, stop)).ToHttp())
            .WithName("ReadWebhookDelivery").Requires(OperationsPermissions.WebhookManage).Produces<Detail>();
        admin.MapGet("/webhook-events", async (Database database, CancellationToken stop, string? @object = null, long? after = null) =>
                TypedResults.Json(await OfObject(database, @object, after, stop), JsonRules.Options))
            .WithName("ListWebhookEvents").Requires(OperationsPermissions.WebhookManage).Produces<Events>();
    }

    public static async Task<Result<Page>> Run(Database database, WebhookEndpointId id, string? state, long? before, CancellationToken stop)
    {
        if (await WebhookEndpoints.Find(database, id, stop) is null) return OperationsRefusals.WebhookEndpointNotFound;
        var rows = await database.List<Delivery>($"""
            {Select} where d.endpoint_id = @id and (@state is null or d.state = @state) and (@before::bigint is null or d.event_no < @before) order by d.event_no desc limit @limit
            """, new { id, state, before, limit = PageSize + 1 }, stop);
        return new Page([.. rows.Take(PageSize)], rows.Count > PageSize ? rows[PageSize - 1].No : null);
    }

    public static async Task<Result<Detail>> One(Database database, WebhookEndpointId id, WebhookMessageId message, CancellationToken stop)
    {
        if (await database.Find<Delivery>($"{Select} where d.endpoint_id = @id and d.event_id = @message", new { id, message }, stop) is not { } delivery)
            return OperationsRefusals.WebhookMessageNotFound;
        var sent = (await database.Find<WebhookMessage>(ReadMessage, new { message }, stop))!;
        var attempts = await database.List<Attempt>(ReadAttempts, new { id, message, limit = MostAttempts }, stop);
        return new Detail(delivery, JsonSerializer.Deserialize<JsonElement>(sent.Body()), attempts);
    }

    public static async Task<Events> OfObject(Database database, string? objectId, long? after, CancellationToken stop)
    {
        var rows = await database.List<Event>(objectId is null ? ReadEvents : ReadEventsOf, new { objectId, after = after ?? 0, limit = PageSize + 1 }, stop);
        return new Events([.. rows.Take(PageSize)], rows.Count > PageSize ? rows[PageSize - 1].No : null);
    }

    private const string Select = """
        select v.id as message, v.type, v.object_id, v.sequence, v.occurred_at, d.state, d.round, d.attempts, case when d.state = 'waiting' then d.next_at end as next_at,
            d.last_status, d.last_error, d.delivered_at, d.event_no as no
        from operations.webhook_deliveries d join operations.webhook_events v on v.id = d.event_id
        """;

    private const string ReadMessage = "select id, type, version, object_id, sequence, facts, occurred_at from operations.webhook_events where id = @message";

    private const string ReadAttempts = """
        select round, no, at, outcome, status, latency_ms, response from operations.webhook_attempts
        where endpoint_id = @id and event_id = @message order by round desc, no desc limit @limit
        """;

    private const string ReadEvents = """
        select id as message, type, object_id, sequence, occurred_at, no from operations.webhook_events where no > @after order by no limit @limit
        """;

    private const string ReadEventsOf = """
        select id as message, type, object_id, sequence, occurred_at, no from operations.webhook_events where object_id = @objectId and no > @after order by sequence limit @limit
        """;
}
