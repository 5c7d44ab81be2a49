using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Operations.Webhooks;

/// <summary>Makes a new secret. Messages are signed with both for a day, so that a receiver can change over without missing one; the old one is then worth
/// nothing. Rotating again within the day ends the older of the two at once.</summary>
public static class RotateWebhookSecret
{
    private static readonly TimeSpan Both = TimeSpan.FromHours(24);

    /// <param name="Secret">Shown once.</param>
    public sealed record Rotated(string Secret, DateTimeOffset OldSecretUntil);

    internal static void Map(IEndpointRouteBuilder endpoints) => endpoints
        .MapPost("/{id}/actions/rotate-secret", async (WebhookEndpointId id, Caller caller, Database database, MasterKey key, CancellationToken stop) =>
            (await database.InTransaction(tx => Run(tx, key, caller, id), stop)).ToHttp())
        .WithName(nameof(RotateWebhookSecret)).Requires(OperationsPermissions.WebhookManage).Produces<Rotated>();

    public static async Task<Result<Rotated>> Run(Transaction tx, MasterKey key, Caller caller, WebhookEndpointId id)
    {
        if (await WebhookEndpoints.Lock(tx, id) is null) return OperationsRefusals.WebhookEndpointNotFound;
        var (secret, until) = (WebhookSecret.New(), tx.Now + Both);
        await tx.ChangeOne(Rotate, new { id, secret = WebhookSecret.Seal(key, id, secret), until, now = tx.Now });
        await tx.Audit(caller, "webhook_endpoint.secret_rotated", "webhook_endpoint", id.ToString(), after: new { oldSecretUntil = until });
        return new Rotated(secret, until);
    }

    private const string Rotate = """
        update operations.webhook_endpoints set old_secret = secret, old_secret_until = @until, secret = @secret, revision = revision + 1, changed_at = @now where id = @id
        """;
}
