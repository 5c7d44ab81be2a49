using Guildhall.Foundation.Data;

namespace Guildhall.Operations.Webhooks;

public enum WebhookEndpointState { Enabled, Disabled, Removed }

/// <summary>By staff; because it answered 410; because it took nothing for a whole schedule.</summary>
public enum DisabledWhy { Staff, Gone, Failing }

/// <summary>An endpoint as the API shows it; its secret is never shown again.</summary>
/// <param name="Events">What it listens to; everything when empty.</param>
/// <param name="Failures">Attempts that failed since the last that did not.</param>
/// <param name="Waiting">Messages to be sent, counted to 10,000.</param>
/// <param name="OldSecretUntil">Until then messages carry a second signature, by the secret before.</param>
public sealed record WebhookEndpointView(WebhookEndpointId Id, string Url, string Description, string[] Events, Guid OwnerId, WebhookEndpointState State, DisabledWhy? DisabledWhy,
    DateTimeOffset? DisabledAt, int Failures, DateTimeOffset? FailingSince, DateTimeOffset? LastSuccessAt, DateTimeOffset? LastFailureAt, string? LastError, long Waiting,
    DateTimeOffset? OldSecretUntil, int Revision, DateTimeOffset CreatedAt);

internal static class WebhookEndpoints
{
    private const string Columns = """
        e.id, e.url, e.description, e.events, e.owner_id, e.state, e.disabled_why, e.disabled_at, e.failures, e.failing_since, e.last_success_at, e.last_failure_at, e.last_error,
        (select count(*) from (select 1 from operations.webhook_deliveries d where d.endpoint_id = e.id and d.state = 'waiting' limit 10000) w) as waiting,
        e.old_secret_until, e.revision, e.created_at
        """;

    public static Task<WebhookEndpointView?> Lock(Transaction tx, WebhookEndpointId id) =>
        tx.Find<WebhookEndpointView>($"select {Columns} from operations.webhook_endpoints e where e.id = @id and e.state <> 'removed' for update", new { id });

    public static Task<WebhookEndpointView?> Find(Database database, WebhookEndpointId id, CancellationToken stop) =>
        database.Find<WebhookEndpointView>($"select {Columns} from operations.webhook_endpoints e where e.id = @id and e.state <> 'removed'", new { id }, stop);

    public static Task<IReadOnlyList<WebhookEndpointView>> All(Database database, CancellationToken stop) =>
        database.List<WebhookEndpointView>($"select {Columns} from operations.webhook_endpoints e where e.state <> 'removed' order by e.id limit 200", stop: stop);
}
