using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Operations.Webhooks;

/// <summary>enabled or disabled → removed. Nothing is sent to it any more; what was sent stays in the log.</summary>
public static class RemoveWebhookEndpoint
{
    internal static void Map(IEndpointRouteBuilder endpoints) => endpoints
        .MapDelete("/{id}", async (WebhookEndpointId id, Caller caller, Database database, CancellationToken stop) => (await database.InTransaction(tx => Run(tx, caller, id), stop)).ToHttp())
        .WithName(nameof(RemoveWebhookEndpoint)).Requires(OperationsPermissions.WebhookManage).Produces(204);

    public static async Task<Result<Done>> Run(Transaction tx, Caller caller, WebhookEndpointId id)
    {
        if (await WebhookEndpoints.Lock(tx, id) is not { } endpoint) return OperationsRefusals.WebhookEndpointNotFound;
        await tx.ChangeOne(Remove, new { id, now = tx.Now });
        await tx.Audit(caller, "webhook_endpoint.removed", "webhook_endpoint", id.ToString(), before: new { endpoint.Url });
        return default(Done);
    }

    private const string Remove = """
        update operations.webhook_endpoints set state = 'removed', disabled_why = null, disabled_at = null, revision = revision + 1, changed_at = @now where id = @id and state <> 'removed'
        """;
}
