using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Messaging.Email;
using Guildhall.Messaging.Push;
using Guildhall.Messaging.Suppressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Messaging.Delivery;

/// <summary>failed or suppressed → queued. Only what surely nobody took: no server, not let in, not set up, or an address that was on the list. It goes the way of every other message: wishes,
/// quiet hours and the list are asked again. A text message cannot: its number was forgotten when it failed.</summary>
public static class RetryDelivery
{
    private static readonly HashSet<string> NotTaken = new(StringComparer.Ordinal)
    {
        DeliveryReasons.ServerUnavailable, DeliveryReasons.NotLetIn, DeliveryReasons.EmailNotConfigured, DeliveryReasons.PushNotConfigured, DeliveryReasons.RecipientUnknown, DeliveryReasons.TemplateBroken,
    };

    private static readonly HashSet<string> OfTheList = [.. Enum.GetValues<SuppressionReason>().Select(r => r.InLog())];

    private sealed record Row(string Channel, string Template, DeliveryState State, string? Reason, bool HasFacts, string? Doubt, DateTimeOffset? UsefulUntil, int Attempts);

    internal static void Map(IEndpointRouteBuilder messaging) => messaging
        .MapPost("/deliveries/{id}/actions/retry", async (DeliveryId id, Caller caller, Database database, CancellationToken stop) => (await database.InTransaction(tx => Run(tx, caller, id), stop)).ToHttp())
        .WithName(nameof(RetryDelivery)).Requires(MessagingPermissions.DeliveryRetry).Produces(204);

    public static async Task<Result<Done>> Run(Transaction tx, Caller caller, DeliveryId id)
    {
        if (await tx.Find<Row>(Read, new { id }) is not { } row) return MessagingRefusals.DeliveryNotFound;
        if (!IsPossible(row.Channel, row.State, row.Reason, row.HasFacts, row.Doubt, row.UsefulUntil, tx.Now)) return MessagingRefusals.DeliveryNotRetryable;
        await tx.ChangeOne(Requeue, new { id, was = row.State, now = tx.Now });
        await DeliveryLog.Add(tx, id, row.Attempts, DeliveryState.Queued, DeliveryReasons.TriedAgain, null);
        await (row.Channel is "push" ? tx.Enqueue(new SendPush(id)) : tx.Enqueue(new SendMail(id)));
        await tx.Audit(caller, "delivery.retried", "delivery", id.ToString(), before: new { row.Template, row.Channel, row.State, row.Reason });
        return new Done();
    }

    internal static bool IsPossible(string channel, DeliveryState state, string? reason, bool hasFacts, string? doubt, DateTimeOffset? usefulUntil, DateTimeOffset now) =>
        channel is not "sms" && hasFacts && doubt is null && reason is not null && !(usefulUntil <= now)
        && ((state is DeliveryState.Failed && NotTaken.Contains(reason)) || (state is DeliveryState.Suppressed && OfTheList.Contains(reason)));

    private const string Read = """
        select channel, template, state, reason, notice_id is not null or secrets is not null as has_facts, doubt, useful_until, attempts
        from messaging.deliveries where id = @id for update
        """;

    private const string Requeue = "update messaging.deliveries set state = 'queued', reason = null, changed_at = @now where id = @id and state = @was";
}
