using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Operations.Webhooks;

/// <summary>(none) → enabled. The secret is made here and shown in this answer only; it is kept sealed.</summary>
public static class CreateWebhookEndpoint
{
    private const int MostEndpoints = 50;

    /// <param name="Events">Names of events; everything when empty or absent.</param>
    public sealed record Body(string Url, string? Description = null, string[]? Events = null);

    /// <param name="Secret">Shown once.</param>
    public sealed record Created(WebhookEndpointView Endpoint, string Secret);

    internal static void Map(IEndpointRouteBuilder endpoints) => endpoints
        .MapPost("/", async (Body body, Caller caller, Database database, PublicConnect connect, MasterKey key, CancellationToken stop) =>
            (await database.InTransaction(tx => Run(tx, connect, key, caller, body), stop)).ToHttp(success: 201))
        .WithName(nameof(CreateWebhookEndpoint)).Requires(OperationsPermissions.WebhookManage).Produces<Created>(201);

    public static async Task<Result<Created>> Run(Transaction tx, PublicConnect connect, MasterKey key, Caller caller, Body body)
    {
        var (url, description, events) = (body.Url.Trim(), body.Description?.Trim() ?? "", body.Events ?? []);
        if (Objection(connect, url, description, events) is { } objection) return objection;
        await tx.Change("select pg_advisory_xact_lock(hashtextextended('webhook_endpoints', 0))");
        if (await tx.Get<long>("select count(*) from operations.webhook_endpoints where state <> 'removed'") >= MostEndpoints) return OperationsRefusals.WebhookEndpointsFull;

        var (id, secret) = (tx.NewId<WebhookEndpointId>(), WebhookSecret.New());
        await tx.ChangeOne(Insert, new { id, url, description, events, owner = caller.AccountId ?? Guid.Empty, secret = WebhookSecret.Seal(key, id, secret), now = tx.Now });
        await tx.Audit(caller, "webhook_endpoint.created", "webhook_endpoint", id.ToString(), after: new { url, description, events });
        return new Created((await WebhookEndpoints.Lock(tx, id))!, secret);
    }

    internal static Refusal? Objection(PublicConnect connect, string url, string description, string[] events)
    {
        if (connect.Objection(url) is { } wrong) return OperationsRefusals.WebhookUrlNotAllowed.Saying(wrong);
        if (description.Length > 200) return OperationsRefusals.WebhookDescriptionTooLong;
        return events.FirstOrDefault(e => !WebhookCatalogue.CanBeHeard(e)) is { } unknown ? OperationsRefusals.WebhookEventUnknown.With(("event", unknown)) : null;
    }

    private const string Insert = """
        insert into operations.webhook_endpoints (id, url, description, events, owner_id, secret, created_at, changed_at)
        values (@id, @url, @description, @events, @owner, @secret, @now, @now)
        """;
}
