using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Operations.Webhooks;

/// <summary>disabled → enabled, as if it had never failed: what waits for it starts its schedule anew. Events of the time between come by replay.</summary>
public static class EnableWebhookEndpoint
{
    internal static void Map(IEndpointRouteBuilder endpoints) => endpoints
        .MapPost("/{id}/actions/enable", async (WebhookEndpointId id, Caller caller, Database database, CancellationToken stop) =>
            (await database.InTransaction(tx => Run(tx, caller, id), stop)).ToHttp())
        .WithName(nameof(EnableWebhookEndpoint)).Requires(OperationsPermissions.WebhookManage).Produces<WebhookEndpointView>();

    public static async Task<Result<WebhookEndpointView>> Run(Transaction tx, Caller caller, WebhookEndpointId id)
    {
        if (await WebhookEndpoints.Lock(tx, id) is not { } endpoint) return OperationsRefusals.WebhookEndpointNotFound;
        if (endpoint.State == WebhookEndpointState.Enabled) return endpoint;
        await tx.ChangeOne(Enable, new { id, now = tx.Now });
        await tx.Change(Anew, new { id, now = tx.Now });
        await tx.Audit(caller, "webhook_endpoint.enabled", "webhook_endpoint", id.ToString(), before: new { endpoint.DisabledWhy, endpoint.DisabledAt });
        return (await WebhookEndpoints.Lock(tx, id))!;
    }

    private const string Enable = """
        update operations.webhook_endpoints set state = 'enabled', disabled_why = null, disabled_at = null, failures = 0, failing_since = null, revision = revision + 1, changed_at = @now
        where id = @id and state = 'disabled'
        """;

    private const string Anew = """
        update operations.webhook_deliveries w set round = w.round + 1, attempts = 0, next_at = @now, first_failure_at = null, changed_at = @now
        from (select d.event_id from operations.webhook_deliveries d where d.endpoint_id = @id and d.state = 'waiting' and d.attempts > 0 order by d.next_at limit 10000 for update) waiting
        where w.endpoint_id = @id and w.event_id = waiting.event_id
        """;
}
