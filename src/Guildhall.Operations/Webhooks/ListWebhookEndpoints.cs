using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Operations.Webhooks;

/// <summary>The endpoints with their health, one of them, and what they may listen to.</summary>
public static class ListWebhookEndpoints
{
    internal static void Map(IEndpointRouteBuilder admin, IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/", async (Database database, CancellationToken stop) => TypedResults.Json(await Run(database, stop), JsonRules.Options))
            .WithName(nameof(ListWebhookEndpoints)).Requires(OperationsPermissions.WebhookManage).Produces<IReadOnlyList<WebhookEndpointView>>();
        endpoints.MapGet("/{id}", async (WebhookEndpointId id, Database database, CancellationToken stop) => (await One(database, id, stop)).ToHttp())
            .WithName("ReadWebhookEndpoint").Requires(OperationsPermissions.WebhookManage).Produces<WebhookEndpointView>();
        admin.MapGet("/webhook-event-types", () => TypedResults.Json(WebhookCatalogue.All, JsonRules.Options))
            .WithName("ListWebhookEventTypes").Requires(OperationsPermissions.WebhookManage).Produces<IReadOnlyList<WebhookEventType>>();
    }

    public static Task<IReadOnlyList<WebhookEndpointView>> Run(Database database, CancellationToken stop) => WebhookEndpoints.All(database, stop);

    public static async Task<Result<WebhookEndpointView>> One(Database database, WebhookEndpointId id, CancellationToken stop) =>
        await WebhookEndpoints.Find(database, id, stop) is { } endpoint ? endpoint : OperationsRefusals.WebhookEndpointNotFound;
}
