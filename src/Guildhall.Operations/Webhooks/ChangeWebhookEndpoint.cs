using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Operations.Webhooks;

/// <summary>Changes address, description or events of an endpoint if it still has the revision the person saw.</summary>
public static class ChangeWebhookEndpoint
{
    /// <summary>What is absent stays.</summary>
    public sealed record Body(int SeenRevision, string? Url = null, string? Description = null, string[]? Events = null);

    internal static void Map(IEndpointRouteBuilder endpoints) => endpoints
        .MapPatch("/{id}", async (WebhookEndpointId id, Body body, Caller caller, Database database, PublicConnect connect, CancellationToken stop) =>
            (await database.InTransaction(tx => Run(tx, connect, caller, id, body), stop)).ToHttp())
        .WithName(nameof(ChangeWebhookEndpoint)).Requires(OperationsPermissions.WebhookManage).Produces<WebhookEndpointView>();

    public static async Task<Result<WebhookEndpointView>> Run(Transaction tx, PublicConnect connect, Caller caller, WebhookEndpointId id, Body body)
    {
        if (await WebhookEndpoints.Lock(tx, id) is not { } endpoint) return OperationsRefusals.WebhookEndpointNotFound;
        if (endpoint.Revision != body.SeenRevision) return OperationsRefusals.WebhookEndpointChanged;
        var (url, description, events) = (body.Url?.Trim() ?? endpoint.Url, body.Description?.Trim() ?? endpoint.Description, body.Events ?? endpoint.Events);
        if (CreateWebhookEndpoint.Objection(connect, url, description, events) is { } objection) return objection;
        await tx.ChangeOne(Change, new { id, url, description, events, now = tx.Now });
        await tx.Audit(caller, "webhook_endpoint.changed", "webhook_endpoint", id.ToString(),
            before: new { endpoint.Url, endpoint.Description, endpoint.Events }, after: new { url, description, events });
        return (await WebhookEndpoints.Lock(tx, id))!;
    }

    private const string Change = """
        update operations.webhook_endpoints set url = @url, description = @description, events = @events, revision = revision + 1, changed_at = @now where id = @id
        """;
}
