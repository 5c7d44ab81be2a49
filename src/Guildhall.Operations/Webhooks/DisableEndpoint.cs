using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Operations.Webhooks;

/// <summary>enabled → disabled, by staff or by itself. What waits for the endpoint stays and goes out when it is enabled again; events of the time between
/// are not sent to it unless they are replayed.</summary>
public static class DisableEndpoint
{
    private static readonly Caller Sender = Caller.System("webhook_sender");

    internal static void Map(IEndpointRouteBuilder endpoints) => endpoints
        .MapPost("/{id}/actions/disable", async (WebhookEndpointId id, Caller caller, Database database, CancellationToken stop) =>
            (await database.InTransaction(tx => Run(tx, caller, id), stop)).ToHttp())
        .WithName(nameof(DisableEndpoint)).Requires(OperationsPermissions.WebhookManage).Produces<WebhookEndpointView>();

    public static async Task<Result<WebhookEndpointView>> Run(Transaction tx, Caller caller, WebhookEndpointId id)
    {
        if (await WebhookEndpoints.Lock(tx, id) is not { } endpoint) return OperationsRefusals.WebhookEndpointNotFound;
        if (endpoint.State == WebhookEndpointState.Disabled) return endpoint;
        await tx.ChangeOne(Disable, new { id, why = DisabledWhy.Staff, now = tx.Now });
        await tx.Audit(caller, "webhook_endpoint.disabled", "webhook_endpoint", id.ToString());
        return (await WebhookEndpoints.Lock(tx, id))!;
    }

    /// <summary>Disables and tells the owner. With a time, only when the endpoint has taken nothing since.</summary>
    internal static async Task ByItself(Transaction tx, WebhookEndpointId id, DisabledWhy why, string url, DateTimeOffset? failedSince)
    {
        if (await WebhookEndpoints.Lock(tx, id) is not { State: WebhookEndpointState.Enabled } endpoint) return;
        if (failedSince is { } since && !(endpoint.FailingSince <= since)) return;
        await tx.ChangeOne(Disable, new { id, why, now = tx.Now });
        await tx.Audit(Sender, "webhook_endpoint.disabled", "webhook_endpoint", id.ToString(), after: new { why, endpoint.LastError, endpoint.FailingSince });
        await Notify.Person(tx, endpoint.OwnerId, "webhook_endpoint_disabled", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["host"] = new Uri(url).Host, ["reason"] = endpoint.LastError ?? "It answered 410.", ["link"] = $"/console/webhooks/{id}",
        }, uniqueKey: string.Create(CultureInfo.InvariantCulture, $"{id}:{endpoint.Revision}:{tx.Now.ToUnixTimeSeconds()}"));
    }

    private const string Disable = """
        update operations.webhook_endpoints set state = 'disabled', disabled_why = @why, disabled_at = @now, revision = revision + 1, changed_at = @now where id = @id and state = 'enabled'
        """;
}
