using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Operations.Webhooks;

/// <summary>Sends a message of type <c>webhook.test</c> to one endpoint, the way every other is sent.</summary>
public static class TestWebhookEndpoint
{
    public sealed record Sent(WebhookMessageId Message);

    internal static void Map(IEndpointRouteBuilder endpoints) => endpoints
        .MapPost("/{id}/actions/test", async (WebhookEndpointId id, Caller caller, Database database, CancellationToken stop) =>
            (await database.InTransaction(tx => Run(tx, caller, id), stop)).ToHttp(success: 202))
        .WithName(nameof(TestWebhookEndpoint)).Requires(OperationsPermissions.WebhookManage).Limited(RateClass.Code).Produces<Sent>(202);

    public static async Task<Result<Sent>> Run(Transaction tx, Caller caller, WebhookEndpointId id)
    {
        if (await WebhookEndpoints.Lock(tx, id) is not { } endpoint) return OperationsRefusals.WebhookEndpointNotFound;
        if (endpoint.State != WebhookEndpointState.Enabled) return OperationsRefusals.WebhookEndpointDisabled;
        var message = tx.NewId<WebhookMessageId>();
        await RecordEvent.Write(tx, message, new(WebhookCatalogue.Test.Name, id.ToString(), new { note = "If you read this, your endpoint works." }), fanned: true);
        await tx.ChangeOne(Insert, new { id, message, now = tx.Now });
        await tx.Audit(caller, "webhook_endpoint.tested", "webhook_endpoint", id.ToString(), after: new { message });
        return new Sent(message);
    }

    private const string Insert = """
        insert into operations.webhook_deliveries (endpoint_id, event_id, event_no, next_at, changed_at)
        select @id, v.id, v.no, @now, @now from operations.webhook_events v where v.id = @message
        """;
}
