using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Operations.Webhooks;

/// <summary>Sends messages again, with the ids and bytes they had: one by its id, or those of a range of time that the endpoint listens to. Of a range only what
/// has not been delivered is sent unless all of it is asked for. A message on its way is left alone.</summary>
public static class ReplayWebhooks
{
    private const int AtMost = 5000;

    /// <param name="From">First moment of the range.</param>
    /// <param name="Until">The moment after it; now when absent.</param>
    /// <param name="All">Also what was delivered.</param>
    public sealed record Range(DateTimeOffset From, DateTimeOffset? Until = null, bool All = false);

    /// <param name="Messages">How many are sent again.</param>
    /// <param name="Next">When not null the range held more: ask again from here.</param>
    public sealed record Replayed(int Messages, DateTimeOffset? Next);

    private sealed record Found(WebhookMessageId Id, long No, DateTimeOffset OccurredAt);

    internal static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/{id}/actions/replay", async (WebhookEndpointId id, Range range, Caller caller, Database database, CancellationToken stop) =>
                (await database.InTransaction(tx => Run(tx, caller, id, range), stop)).ToHttp(success: 202))
            .WithName(nameof(ReplayWebhooks)).Requires(OperationsPermissions.WebhookManage).Limited(RateClass.Code).Produces<Replayed>(202);
        endpoints.MapPost("/{id}/deliveries/{message}/actions/replay", async (WebhookEndpointId id, WebhookMessageId message, Caller caller, Database database, CancellationToken stop) =>
                (await database.InTransaction(tx => One(tx, caller, id, message), stop)).ToHttp(success: 202))
            .WithName("ReplayWebhookMessage").Requires(OperationsPermissions.WebhookManage).Produces<Replayed>(202);
    }

    public static async Task<Result<Replayed>> Run(Transaction tx, Caller caller, WebhookEndpointId id, Range range)
    {
        var until = range.Until ?? tx.Now;
        if (range.From >= until) return OperationsRefusals.WebhookRangeInvalid;
        if (await WebhookEndpoints.Lock(tx, id) is not { } endpoint) return OperationsRefusals.WebhookEndpointNotFound;
        if (endpoint.State != WebhookEndpointState.Enabled) return OperationsRefusals.WebhookEndpointDisabled;

        var found = await tx.List<Found>(InRange, new { id, range.From, until, endpoint.Events, range.All, limit = AtMost + 1 });
        var now = found.Take(AtMost).ToArray();
        if (now.Length > 0) await Again(tx, id, now);
        await tx.Audit(caller, "webhook_endpoint.replayed", "webhook_endpoint", id.ToString(), after: new { range.From, until, range.All, messages = now.Length });
        return new Replayed(now.Length, found.Count > AtMost ? found[AtMost].OccurredAt : null);
    }

    public static async Task<Result<Replayed>> One(Transaction tx, Caller caller, WebhookEndpointId id, WebhookMessageId message)
    {
        if (await WebhookEndpoints.Lock(tx, id) is not { } endpoint) return OperationsRefusals.WebhookEndpointNotFound;
        if (endpoint.State != WebhookEndpointState.Enabled) return OperationsRefusals.WebhookEndpointDisabled;
        if (await tx.Find<Found>(ById, new { id, message }) is not { } found) return OperationsRefusals.WebhookMessageNotFound;
        await Again(tx, id, [found]);
        await tx.Audit(caller, "webhook_message.replayed", "webhook_endpoint", id.ToString(), after: new { message });
        return new Replayed(1, null);
    }

    private static Task Again(Transaction tx, WebhookEndpointId id, Found[] found) =>
        tx.Change(Replay, new { id, events = found.Select(f => f.Id.Value).ToArray(), numbers = found.Select(f => f.No).ToArray(), now = tx.Now });

    private const string InRange = """
        select v.id, v.no, v.occurred_at from operations.webhook_events v
        left join operations.webhook_deliveries d on d.endpoint_id = @id and d.event_id = v.id
        where v.occurred_at >= @From and v.occurred_at < @until and v.type <> 'webhook.test' and (cardinality(@Events) = 0 or v.type = any (@Events))
          and (d.state is null or d.state = 'failed' or (@All and d.state = 'delivered'))
        order by v.occurred_at, v.no limit @limit for key share of v
        """;

    // A test belongs to the endpoint it was sent to.
    private const string ById = """
        select v.id, v.no, v.occurred_at from operations.webhook_events v
        where v.id = @message and (v.type <> 'webhook.test' or exists (select 1 from operations.webhook_deliveries d where d.endpoint_id = @id and d.event_id = v.id)) for key share
        """;

    private const string Replay = """
        insert into operations.webhook_deliveries as d (endpoint_id, event_id, event_no, next_at, changed_at)
        select @id, x.event_id, x.no, @now, @now from unnest(@events, @numbers) as x(event_id, no) order by x.no
        on conflict (endpoint_id, event_id) do update set state = 'waiting', round = d.round + 1, attempts = 0, next_at = excluded.next_at, first_failure_at = null, changed_at = excluded.changed_at
        where d.state in ('delivered', 'failed')
        """;
}
